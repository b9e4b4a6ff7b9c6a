/** The one place where generated messages become the domain's types, and back. */
export { auditEventFromWire, auditEventToWire, auditKeptFromWire, auditKeptToWire } from "./wire/audit.ts";
export {
  holdFromWire,
  holdToWire,
  imageRowFromWire,
  imageRowToWire,
  leaseRowFromWire,
  leaseRowToWire,
  namespaceRowFromWire,
  namespaceRowToWire,
  repositoryRowFromWire,
  repositoryRowToWire,
} from "./wire/catalog.ts";
export {
  fetchProgressFromWire,
  fetchProgressToWire,
  missingFromWire,
  missingToWire,
  troubleFromWire,
  troubleToWire,
} from "./wire/catalog-answers.ts";
export {
  comparedKindFromWire,
  comparedKindToWire,
  comparedPartFromWire,
  comparedPartToWire,
  comparedSideFromWire,
  compareEventFromWire,
  compareEventToWire,
  copyProgressFromWire,
  copyProgressToWire,
  differentBlobFromWire,
  differentBlobToWire,
  otherDigestFromWire,
  otherDigestToWire,
} from "./wire/compare.ts";
export {
  infoFromWire,
  infoToWire,
  optionalDigestFromWire,
  statusFromAnswer,
  statusFromWire,
  statusToWire,
} from "./wire/content.ts";
export { fromConnectError, toConnectError, toContentError } from "./wire/errors.ts";
export { imageDraftFromWire, imageFromWire, imageToWire } from "./wire/images.ts";
export { leaseFromWire, leaseResourceFromWire, leaseToWire } from "./wire/leases.ts";
export { int64FromWire, int64ToWire, timeFromWire, timeToWire, unknownTime } from "./wire/scalars.ts";
export {
  blobFromWire,
  blobToWire,
  endedIngestFromWire,
  endedIngestToWire,
  ingestFromWire,
  ingestToWire,
  selectionFromWire,
  selectionToWire,
} from "./wire/sets.ts";
