/** One call of `ctr`. */
export interface Step {
  readonly args: readonly string[];
  /** What it reads on its standard input, which is a file. */
  readonly input?: string;
  /** The script that `$EDITOR` is. */
  readonly editor?: "append" | "keep" | "fail";
  /** Its rows come in no order. */
  readonly unordered?: true;
  /** What containerd prints, on either output, and what Stowage does, where that is not the same on purpose. */
  readonly differs?: { readonly why: string; readonly containerd: string; readonly stowage: string };
}

/** Calls that build on each other, in one namespace of their own or none. */
export interface Script {
  readonly title: string;
  readonly steps: readonly Step[];
}

const hello = "sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";
const unknown = `sha256:${"a".repeat(64)}`;
const right = "sha256:55c97802b397ef4da0d8e2ecf4a8fa33c1f4755da0eacec54c62cacbbcfd9713";
const long = "v".repeat(5000);

/** Digests that do not parse, each for another reason. */
const malformed = ["bogus", "sha256:abcd", "md5:abcd", "SHA256:abcd", `sha256:${"G".repeat(64)}`];

/** A script of `ctr content`. */
function content(title: string, namespace: string, steps: readonly Step[]): Script {
  const scoped = (step: Step): Step => ({ ...step, args: ["--namespace", namespace, "content", ...step.args] });
  return { title, steps: steps.map(scoped) };
}

/** A script of `ctr namespaces`. */
function namespaces(title: string, steps: readonly Step[]): Script {
  return { title, steps: steps.map((step) => ({ ...step, args: ["namespaces", ...step.args] })) };
}

const ingest = (ref: string, input: string, ...flags: string[]): Step => ({ args: ["ingest", ...flags, ref], input });

export const scripts: readonly Script[] = [
  content("an empty namespace has nothing to list", "parity-empty", [
    { args: ["ls"] },
    { args: ["ls", "-q"] },
    { args: ["active"] },
    { args: ["get", unknown] },
    { args: ["rm", unknown] },
  ]),

  content("blobs are ingested, listed, filtered and read", "parity-read", [
    ingest("hello", "hello\n"),
    ingest("hello", "hello\n"),
    ingest("hello-again", "hello\n"),
    ingest("world", "world\n"),
    ingest("empty", ""),
    { args: ["ls"] },
    { args: ["ls", "-q"] },
    { args: ["ls", "-q", `digest==${hello}`] },
    { args: ["ls", "-q", "digest~=^sha256:[0-5]"] },
    { args: ["ls", "-q", `digest!=${hello}`] },
    { args: ["ls", "-q", "digest~=("] },
    {
      args: ["ls", "-q", "size==6"],
      differs: {
        why: "containerd has no such field yet",
        containerd: "",
        stowage: `${hello}\nsha256:e258d248fda94c63753607f7c4494ee0fcbe92f1a76bfdac795c9d84101eb317\n`,
      },
    },
    { args: ["ls", "-q", "labels.none", `digest==${hello}`] },
    { args: ["ls", '"'] },
    { args: ["ls", 'labels."a'] },
    { args: ["ls", "size>3"] },
    { args: ["ls", "a=b"] },
    { args: ["ls", "digest=="] },
    { args: ["get", hello] },
    { args: ["get", unknown] },
    { args: ["active"] },
    ...malformed.map((digest): Step => ({ args: ["get", digest] })),
  ]),

  content("what an ingest expects is checked", "parity-expect", [
    ingest("right", "right\n", "--expected-digest", right, "--expected-size", "6"),
    ingest("there", "right\n", "--expected-digest", right),
    ingest("there-wrong-size", "right\n", "--expected-digest", right, "--expected-size", "7"),
    ingest("short", "five\n", "--expected-size", "7"),
    ingest("wrong-digest", "other\n", "--expected-digest", unknown),
    ingest("wrong-both", "six!!\n", "--expected-digest", unknown, "--expected-size", "6"),
    ingest("cut", "longer than that\n", "--expected-size", "6"),
    ...malformed.map((digest) => ingest("malformed", "any\n", "--expected-digest", digest)),
    { args: ["active"], unordered: true },
    { args: ["active", "ref==short"] },
    { args: ["active", "ref~=^wrong"], unordered: true },
    { args: ["active", "ref~=("] },
    { args: ["active", "ref~="] },
    { args: ["active", "ref=("] },
    ingest("wrong-digest", "other\n"),
    { args: ["active"], unordered: true },
    { args: ["ls"] },
  ]),

  content("a blob of another namespace is not seen, and offered whole to whom declares it", "parity-shared", [
    { args: ["get", hello] },
    ingest("another-size", "hello\n", "--expected-digest", hello, "--expected-size", "7"),
    { args: ["get", hello] },
    ingest("offered", "hello\n", "--expected-digest", hello, "--expected-size", "6"),
    { args: ["get", hello] },
    { args: ["active"] },
    { args: ["ls"] },
  ]),

  content("labels are set, shown, removed and refused", "parity-label", [
    ingest("hello", "hello\n"),
    { args: ["label", hello] },
    { args: ["label", hello, "a=b", "c=d", "containerd.io/gc.ref.content.l.0=x"] },
    { args: ["label", hello] },
    { args: ["ls"] },
    { args: ["ls", "-q", "labels.a==b"] },
    { args: ["ls", "-q", 'labels."containerd.io/gc.ref.content.l.0"~=x'] },
    { args: ["label", hello, "a="] },
    { args: ["label", hello, "flag"] },
    { args: ["label", hello, "c=", "c2=e"] },
    { args: ["label", hello, `x=${long}`] },
    { args: ["label", hello] },
    { args: ["label", unknown] },
    { args: ["label", unknown, "a=b"] },
    { args: ["label", unknown, `x=${long}`] },
    ...malformed.map((digest): Step => ({ args: ["label", digest, "a=b"] })),
    {
      args: ["label", hello, "=v"],
      differs: {
        why: "containerd lets its database find it",
        containerd: `ctr: writing labels for info ${hello}: failed to set label ""="v": key required: unknown\n`,
        stowage: "ctr: info.Labels: label key must not be empty: invalid argument\n",
      },
    },
  ]),

  content("a blob is edited into another", "parity-edit", [
    ingest("hello", "hello\n"),
    { args: ["edit", hello], editor: "append" },
    { args: ["ls"] },
    { args: ["get", "sha256:396545fdc28e586062cb280d0d66394b80a6a62f49d4183800e6f9e62732fd3d"] },
    { args: ["edit", hello], editor: "append" },
    { args: ["edit", hello], editor: "keep" },
    { args: ["edit", hello], editor: "fail" },
    { args: ["edit", unknown], editor: "append" },
    { args: ["edit", "bogus"], editor: "append" },
    { args: ["active"], unordered: true },
  ]),

  content("blobs are removed", "parity-rm", [
    ingest("hello", "hello\n"),
    ingest("world", "world\n"),
    { args: ["rm"] },
    { args: ["rm", hello] },
    { args: ["rm", hello] },
    { args: ["get", hello] },
    { args: ["ls", "-q"] },
    { args: ["rm", unknown, "bogus", hello] },
    ...malformed.map((digest): Step => ({ args: ["rm", digest] })),
    ingest("hello", "hello\n", "--expected-digest", hello),
    { args: ["ls", "-q"] },
  ]),

  namespaces("namespaces are created, labelled, listed and removed", [
    { args: ["create", "alpha"] },
    { args: ["create", "alpha"] },
    { args: ["create", "beta", "a=b", "c=d"] },
    { args: ["create", "bad name"] },
    { args: ["create", "-bad"] },
    { args: ["create", "x".repeat(77)] },
    { args: ["create"] },
    { args: ["create", "gamma", `k=${long}`] },
    { args: ["ls"] },
    { args: ["ls", "-q"] },
    { args: ["label", "alpha", "x=1", "y=2"] },
    { args: ["label", "alpha", "x="] },
    { args: ["label", "alpha"] },
    { args: ["label"] },
    { args: ["ls"] },
    { args: ["label", "unknown", "x=1"] },
    { args: ["label", "unknown-too", "x="] },
    { args: ["label", "unknown-as-well"] },
    { args: ["ls"] },
    { args: ["rm", "alpha"] },
    { args: ["rm", "alpha"] },
    { args: ["rm", "unknown", "unknown-too", "beta"] },
    { args: ["rm", "parity-empty"] },
    { args: ["rm", "parity-edit"] },
    { args: ["rm", "beta", "parity-edit"] },
    { args: ["rm"] },
    { args: ["ls"] },
  ]),

  namespaces("where bad input is told from the unknown, Stowage names it", [
    {
      args: ["label", "parity-edit", `k=${long}`],
      differs: {
        why: "containerd forgets the code of this one",
        containerd:
          "ctr: namespace.Labels: label key and value greater than maximum size (4096 bytes), key: k: invalid argument: unknown\n",
        stowage:
          "ctr: namespace.Labels: label key and value greater than maximum size (4096 bytes), key: k: invalid argument\n",
      },
    },
    {
      args: ["label", "bad name", "x=1"],
      differs: {
        why: "containerd makes a namespace by that name, which no call can then use",
        containerd: "",
        stowage: 'ctr: identifier "bad name" must match ^[A-Za-z0-9]+(?:[._-](?:[A-Za-z0-9]+))*$: invalid argument\n',
      },
    },
  ]),

  {
    title: "a namespace that cannot be one is refused",
    steps: [
      { args: ["--namespace", "bad name", "content", "ls"] },
      { args: ["--namespace", "", "content", "ls"] },
      { args: ["--namespace", "x".repeat(77), "content", "active"] },
      { args: ["--namespace", "bad name", "content", "get", hello] },
      { args: ["--namespace", "bad name", "content", "ingest", "any"], input: "any" },
    ],
  },
];
