/** Of both: containerd 1.6, which Debian has, and its content service over its local store alone. */
const common = {
  "a ref that is empty, longer than 1 KiB, or holds a NUL is refused": "only the empty one is",
  "a status tells of a write while it runs, without its lock": "it does, less the declared digest",
  "statuses are listed in the order of refs, those that any filter matches": "in no order",
  "a listing tells of 200 open writers": "in no order",
  "going on with another total is refused, and the ingest stays free and as it was": "it is only logged",
  "a total that was unknown can be declared when going on": "the first one stays",
  "opening with a digest that is there says already-exists, and the ingest on that ref is dropped": "it is kept",
  "a blob can be named by sha384, declared at open or at the commit": "by sha256 alone",
  "a blob can be named by sha512, declared at open or at the commit": "by sha256 alone",
  "the same bytes may be there by several algorithms": "by sha256 alone",
  "blobs come in the order of digests, each as its info says": "the test has blobs by sha384 and sha512",
  "an ingest can be aborted under its writer, which is told with its next call": "the writer is not told",
  "a commit after an abort makes no blob": "it may, or fails with another error",
  "an abort frees the ref at once, and its late writer disturbs nobody": "the writer holds it until it is closed",
  "a write that is under way when its ingest is aborted brings nothing back": "the writer goes on",
  "what is no digest is refused, whatever it looks like": "not where a digest is declared",
  "a blob is walked when any of the filters matches it": "no filter knows a size",
};

/**
 * What others do otherwise than the contract of a Store says, by the title of the test that tells. Each is a real difference: its
 * test must fail there, and all other tests must pass.
 */
export const differences: Readonly<Record<"containerd" | "flat", Readonly<Record<string, string>>>> = {
  containerd: {
    ...common,
    "of 4 openers at once exactly one wins, and the others are told since when it is locked":
      "the text names the ref as the store below does, and nothing but the text tells",
    "what was declared at open is checked at the commit, unless the commit says otherwise":
      "what is declared when going on is not",
    "a deleted blob can be written again": "until it is collected, the writer begins at its end",
  },
  flat: {
    ...common,
    "of 4 openers at once exactly one wins, and the others are told since when it is locked":
      "nothing but the text tells",
    "an ingest that is not there cannot be aborted": "that is no error",
    "an ingest that nobody writes is dropped, and the next writer starts at 0 with another start":
      "it is, and aborting it twice is no error",
    "an abort and a commit at once end as one of the two": "an abort of what is not there is no error",
    "a deleted blob is gone: no info, no read, not walked, and not deleted twice":
      "it is, and deleting it twice is no error",
    "a store without labels refuses a commit with some, and keeps the ingest": "it drops the labels",
  },
};
