import { describeStore } from "../../suite/store-suite.ts";
import { openTestMetadata } from "../metadata/support.ts";
import { openTestMirror, quick, sourceOver } from "./support.ts";

/** Every test has a mirror and a source of its own. */
async function open() {
  const { metadata } = await openTestMetadata();
  await metadata.namespaces.create("suite", {});
  const { mirror } = await openTestMirror({ source: sourceOver(metadata), allowChanges: true, timing: quick });
  await mirror.ready();
  return mirror.in({ namespace: "suite" });
}

describeStore("a mirror that may be changed", open, { labels: true });
