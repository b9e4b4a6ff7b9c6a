/** What an image's attestations are, by their predicate types: each kind once. */
export function attestationsOf(predicateTypes: readonly string[]): readonly string[] {
  return [...new Set(predicateTypes.map(kindOf))];
}

function kindOf(type: string): string {
  if (/spdx|cyclonedx/i.test(type)) return "SBOM";
  return /slsa|provenance/i.test(type) ? "provenance" : "other";
}

/** A platform as a column has it: Linux is not said. */
export function shortPlatform(platform: string): string {
  return platform.replace(/^linux\//, "");
}
