import { expect, test } from "vitest";
import {
  ctrContent,
  ctrGet,
  ctrHello,
  curlBlob,
  curlHello,
  downloadPath,
  slowIngest,
} from "../../../app/_ui/commands.ts";
import { run } from "../../support/run.ts";

const digest = `sha256:${"ab".repeat(32)}`;

/** The words that bash makes of a line. */
async function wordsOf(line: string): Promise<readonly string[]> {
  const { stdout } = await run("bash", ["-c", `printf '%s\\n' ${line}`]);
  return stdout.split("\n").slice(0, -1);
}

test("the default namespace of ctr is not named", () => {
  expect(ctrContent({ socket: "/run/stowage.sock", namespace: "default" })).toBe("ctr -a /run/stowage.sock content");
  expect(ctrContent({ socket: "/run/stowage.sock", namespace: "moby" })).toBe(
    "ctr -a /run/stowage.sock -n moby content",
  );
});

test("a socket's path with spaces and quotes is one word of the line", async () => {
  const socket = "/tmp/it's $HOME `x`/stowage.sock";
  const words = await wordsOf(ctrGet({ socket, namespace: "moby" }, digest));
  expect(words).toEqual(["ctr", "-a", socket, "-n", "moby", "content", "get", digest]);
});

test("the curl line carries one header of the namespace and the request as JSON", async () => {
  const words = await wordsOf(curlHello("http://127.0.0.1:3000", "k8s.io"));
  expect(words).toContain("containerd-namespace: k8s.io");
  expect(words.at(-1)).toBe("http://127.0.0.1:3000/stowage.v1.ContentService/Write");
  expect(JSON.parse(words[words.indexOf("--data") + 1] ?? "")).toEqual({
    request: { action: "COMMIT", ref: "hello", data: Buffer.from("hello\n").toString("base64") },
  });
});

test("a download names namespace and digest, whatever they hold", () => {
  expect(downloadPath("a&b", digest)).toBe(`/-/blob?ns=a%26b&d=${encodeURIComponent(digest)}`);
});

test("a downloaded file has no colon in its name", async () => {
  const words = await wordsOf(curlBlob("http://127.0.0.1:3000", "default", digest));
  expect(words.slice(0, 4)).toEqual(["curl", "-sSf", "-o", digest.replace(":", "-")]);
});

test("the lines of the empty pages are pipelines that bash reads", async () => {
  for (const line of [ctrHello({ socket: "/run/a b.sock", namespace: "moby" }), slowIngest("/run/a b.sock")]) {
    expect(await run("bash", ["-n", "-c", line])).toMatchObject({ status: 0, stderr: "" });
  }
});
