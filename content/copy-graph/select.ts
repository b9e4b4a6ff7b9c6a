import type { Reference } from "../references.ts";

/** What is wanted of what a document names. @param platforms absent: all */
export function selectReferences(
  references: readonly Reference[],
  platforms: readonly string[] | undefined,
): readonly Reference[] {
  if (platforms === undefined) return references;
  const wanted = new Set(platforms);
  const isWanted = ({ role, platform, attests }: Reference): boolean =>
    role !== "manifest" || (attests !== true && (platform === undefined || wanted.has(platform)));
  const digests = new Set(references.filter(isWanted).map(({ digest }) => digest));
  return references.filter(
    (each) => isWanted(each) || (each.attests === true && (each.about === undefined || digests.has(each.about))),
  );
}
