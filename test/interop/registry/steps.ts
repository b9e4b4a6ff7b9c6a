import type { PlatformsArchive } from "../../support/archives.ts";

/** Stands in arguments for the address of the server's registry. */
export const registryMark = "REGISTRY";

/** Stands for a folder that only one server's `ctr` writes to, and for the folder of the archives. */
export const ownMark = "OWN";
export const filesMark = "FILES";

/** One call of `ctr`. */
export interface Step {
  readonly args: readonly string[];
  /** A file that it writes, an archive whose bytes count as what it prints. */
  readonly writes?: string;
}

/** What scripts are about. */
export interface Subject {
  /** Of `example.com/many:1`, for amd64 and arm64, in `many.tar`. */
  readonly many: PlatformsArchive;
}

const step = (...args: readonly string[]): Step => ({ args });

const many = `${registryMark}/team/many:1`;
const foreign = `${registryMark}/team/foreign:1`;
const archived = { many: "example.com/many:1", foreign: "example.com/foreign:1" };
const unknown = `sha256:${"a".repeat(64)}`;
const nobody = "127.0.0.1:1/team/many:1";
const manifestType = "application/vnd.oci.image.manifest.v1+json";
const layerType = "application/vnd.oci.image.layer.v1.tar+gzip";
const configType = "application/vnd.oci.image.config.v1+json";

const fetch = (...args: readonly string[]) => step("content", "fetch", "--plain-http", ...args);
const fetchObject = (...args: readonly string[]) => step("content", "fetch-object", "--plain-http", ...args);
const pushObject = (...args: readonly string[]) => step("content", "push-object", "--plain-http", ...args);
const push = (...args: readonly string[]) => step("images", "push", "--plain-http", ...args);
const imported = (...args: readonly string[]) => step("images", "import", "--no-unpack", ...args);
const exported = (file: string, ...args: readonly string[]): Step => {
  const [flags, names] = [args.filter((arg) => arg.startsWith("--")), args.filter((arg) => !arg.startsWith("--"))];
  const writes = `${ownMark}/${file}`;
  return { args: ["images", "export", ...flags, writes, ...names], writes };
};

/** What nothing leads to is gone after this; what is there is shown with its labels. */
const shown: readonly Step[] = [
  step("leases", "create", "--id", "none"),
  step("leases", "rm", "--sync", "none"),
  step("images", "ls"),
  step("content", "ls"),
];

const forgotten = (...names: readonly string[]) => step("images", "rm", "--sync", ...names);

/** Calls that build on each other; each script has a namespace of its own, and all have one registry. */
export const scripts: Readonly<Record<string, (subject: Subject) => readonly Step[]>> = {
  "images are pushed to a registry, whole or for a platform": () => [
    imported("--all-platforms", `${filesMark}/many.tar`),
    step("images", "tag", archived.many, many),
    ...shown,
    push(nobody, many),
    push("nothing"),
    push(`${registryMark}/Bad Name:1`, many),
    push(),
    push(many),
    push(many),
    push("--max-concurrent-uploaded-layers", "1", `${registryMark}/team/copy:1`, many),
    push("--platform", "linux/arm64", `${registryMark}/team/arm:1`, many),
    push("--platform", "linux/s390x", `${registryMark}/team/s390x:1`, many),
    push("--platform", "not/a/plat/form", many),
    push("--manifest", unknown, `${registryMark}/team/none:1`),
    push("--manifest", "bogus", `${registryMark}/team/none:1`),
    push("--user", "a:b", "--skip-verify", `${registryMark}/team/user:1`, many),
    imported("--all-platforms", `${filesMark}/foreign.tar`),
    push("--platform", "linux/amd64", foreign, archived.foreign),
    push("--platform", "linux/amd64", "--allow-non-distributable-blobs", foreign, archived.foreign),
    ...[many, `${registryMark}/team/copy:1`, `${registryMark}/team/arm:1`, foreign].map((name) => fetchObject(name)),
  ],
  "images are fetched from a registry, whole or in part": ({ many: { images } }) => [
    fetch(),
    fetch(`${registryMark}/team/nothing:1`),
    fetch(`${registryMark}/team/many:2`),
    fetch(`${registryMark}/team/many@${unknown}`),
    fetch(nobody),
    fetch("bad name"),
    fetch("many"),
    fetch("--platform", "not/a/plat/form", many),
    fetch("--platform", "linux/s390x", many),
    ...shown,
    fetch("--metadata-only", "--label", "of=metadata", many),
    ...shown,
    fetch("--platform", "linux/arm64", "--label", "a=b", "--label", "c=d", many),
    ...shown,
    exported("arm-only.tar", "--all-platforms", many),
    exported("arm.tar", "--platform", "linux/arm64", many),
    fetch("--all-metadata", "--platform", "linux/amd64", many),
    ...shown,
    fetch("--all-platforms", many),
    fetch("--all-platforms", many),
    fetch(`${registryMark}/team/many@${images["linux/arm64"]?.manifest}`),
    ...shown,
    forgotten(many),
    step("content", "ls", "-q"),
    fetch("--user", "a:b", "--skip-verify", "--refresh", "token", many),
    ...shown,
  ],
  "single objects are pushed and fetched": ({ many: { images } }) => {
    const { manifest = "", config = "", layers = [] } = images["linux/amd64"] ?? {};
    const target = `${registryMark}/team/objects:1`;
    return [
      fetch("--all-platforms", many),
      pushObject(target, manifest, manifestType),
      pushObject(target, config, configType),
      ...layers.map((layer) => pushObject(target, layer, layerType)),
      pushObject(target, config, configType),
      pushObject(target, manifest, manifestType),
      pushObject(target, unknown, layerType),
      pushObject(target, "bogus", layerType),
      pushObject("127.0.0.1:1/team/objects:1", config, configType),
      pushObject("bad name", config, configType),
      pushObject(),
      fetchObject(target),
      fetchObject(`${registryMark}/team/objects@${config}`),
      fetchObject(`${registryMark}/team/objects@${manifest}`),
      fetchObject(`${registryMark}/team/nothing:1`),
      fetchObject("bad name"),
      fetchObject(),
    ];
  },
  "references are pruned at once or soon, or only told": ({ many: { images } }) => [
    step("content", "prune", "references"),
    fetch("--all-platforms", many),
    step("content", "prune", "references", "--dry"),
    ...shown,
    step("content", "label", images["linux/amd64"]?.layers[1] ?? "", "containerd.io/uncompressed=sha256:00"),
    step("content", "prune", "references"),
    step("images", "ls"),
    step("content", "ls"),
    exported("pruned.tar", "--platform", "linux/amd64", many),
    push(`${registryMark}/team/pruned:1`, many),
    step("content", "prune", "references"),
    fetch("--all-platforms", many),
    ...shown,
    step("content", "prune", "references", "--async"),
    ...shown,
  ],
  "archives are imported under names of one's choice, and exported the same": () => [
    imported(`${filesMark}/missing.tar`),
    imported(`${filesMark}/broken.tar`),
    imported(),
    imported("--platform", "linux/s390x", `${filesMark}/many.tar`),
    imported("--platform", "linux/arm64", `${filesMark}/many.tar`),
    ...shown,
    imported("--base-name", "example.com/other", `${filesMark}/many.tar`),
    imported("--base-name", "example.com/based", "--digests", "--all-platforms", `${filesMark}/unnamed.tar`),
    imported("--index-name", "example.com/index:1", "--digests", "--all-platforms", `${filesMark}/many.tar`),
    imported("--digests", "--skip-digest-for-named", `${filesMark}/foreign.tar`),
    imported("--skip-digest-for-named", `${filesMark}/foreign.tar`),
    ...shown,
    imported(`${filesMark}/docker.tar`),
    imported("--compress-blobs", "--digests", `${filesMark}/docker.tar`),
    ...shown,
    exported("all.tar", "--all-platforms", archived.many),
    exported("plain.tar", "--all-platforms", "--skip-manifest-json", archived.many),
    exported("host.tar", "--platform=linux/amd64", archived.many),
    exported("both.tar", "--platform=linux/amd64", archived.many, "example.com/docker:1"),
    exported("foreign.tar", "--platform=linux/amd64", archived.foreign),
    exported("skipped.tar", "--platform=linux/amd64", "--skip-non-distributable", archived.foreign),
    exported("none.tar", "--platform=linux/s390x", archived.many),
    exported("nothing.tar", "nothing"),
    step("images", "export", `${ownMark}/no/such/folder.tar`, archived.many),
    step("images", "export", `${ownMark}/no-image.tar`),
    step("images", "export"),
    forgotten(archived.many, archived.foreign, "example.com/docker:1", "nothing"),
    step("images", "rm"),
    imported("--all-platforms", `${ownMark}/all.tar`),
    imported(`${ownMark}/both.tar`),
    ...shown,
  ],
  "what is left of leases, contents and images": ({ many: { images, index } }) => [
    step("leases", "create"),
    step("leases", "create", "--id", "bad id"),
    step("leases", "create", "--id", "soon", "--expires", "-1h"),
    step("leases", "create", "--id", "l", "-x", "bogus"),
    step("leases", "ls", "-q", "id==l"),
    step("leases", "rm"),
    fetch("--all-platforms", many),
    step("content", "get", images["linux/arm64"]?.manifest ?? ""),
    step("content", "get", index, images["linux/arm64"]?.manifest ?? ""),
    step("content", "get"),
    step("content", "edit"),
    step("content", "edit", "--editor", "true", index),
    step("content", "edit", "--editor", "false", index),
    step("content", "edit", "--validate", "json", "--editor", "true", index),
    step("content", "label"),
    step("content", "ingest"),
    step("content", "active", "--timeout", "1s", "--root", "/nowhere"),
    step("--timeout", "60s", "content", "ls", "-q"),
    step("images", "tag"),
    step("images", "tag", many, "example.com/a:1", "example.com/b:1"),
    step("images", "tag", many, "bad name"),
    step("images", "label"),
    step("images", "label", many),
    step("images", "ls", "-q", "name~=^example"),
    step("images", "ls", `target.digest==${index}`),
    step("images", "ls", "-q", "target.mediatype~=index"),
    step("images", "rm", "--sync", "example.com/a:1", "example.com/b:1"),
    ...shown,
  ],
};
