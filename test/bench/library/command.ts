import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { launchBrowser } from "../../browser/browser.ts";
import { showLibrary } from "../../browser/library/modules.ts";
import { grpcTransport } from "../../support/grpc.ts";
import { run } from "../../support/run.ts";
import { BenchError } from "../bench-error.ts";
import { startServer } from "../lists/server.ts";
import type { Measurement } from "../report.ts";
import { tell } from "../report.ts";
import { timed } from "../timed.ts";
import { writeByCurl } from "../upload/by-curl.ts";
import type { Sample } from "../upload/sample.ts";
import { makeSample } from "../upload/sample.ts";
import { readByNode, waysOf, writeByNode } from "./by-node.ts";
import type { PageTask, PageTimes } from "./client.ts";

/** Bytes of the blob, in parts of the sample. */
const parts = 16;

const namespace = "library";
const mib = 1024 * 1024;

/** Milliseconds of each way in one round, by the figure that they make. */
type Round = Readonly<Record<string, number>>;

/**
 * `bench library`: the same blob of 256 MiB read and written by curl and by the library in Node, and read by it in Chromium, over one
 * port of one server, in turns. What Chromium writes is measured by `bench upload`: a driver that holds the bodies of requests slows it down.
 *
 * @param runs rounds; the first warms up and is not counted
 */
export async function runLibrary(json: string | undefined, runs: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "stowage-bench-"));
  try {
    const sample = await makeSample(join(folder, "sample.bin"), parts);
    await using server = await startServer(join(folder, "data"));
    await using browser = await launchBrowser();
    const store = createRemoteStore(grpcTransport(server.socket), { namespace });
    const rounds: Round[] = [];
    for (let round = 0; round <= runs; round += 1) {
      rounds.push(
        await runRound({ url: server.url, sample, folder, browser, forget: () => store.delete(sample.digest) }),
      );
    }
    await tell({ command: "library", measurements: figures(sample, rounds.slice(1)) }, json);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Bench {
  readonly url: string;
  readonly sample: Sample;
  readonly folder: string;
  readonly browser: Browser;
  /** Take the blob away again, so that the next one writes it. */
  readonly forget: () => Promise<void>;
}

/** Every way once; it leaves no blob behind. */
async function runRound({ url, sample, folder, browser, forget }: Bench): Promise<Round> {
  const round: Record<string, number> = {};
  round["write, curl"] = await writeByCurl(url, namespace, sample, folder);
  round["read, curl"] = await readByCurl(url, sample);
  for (const way of waysOf(url)) {
    round[`read, ${way.name}`] = await readByNode(way, namespace, sample);
    await forget();
    round[`write, ${way.name}`] = await writeByNode(way, namespace, sample);
  }
  const { readMs, verifiedMs } = await readByChromium(browser, url, sample);
  round["read, Chromium, not verified"] = readMs;
  round["read, Chromium"] = verifiedMs;
  await forget();
  return round;
}

/** The download of a whole blob, as a person has it. */
async function readByCurl(url: string, { digest }: Sample): Promise<number> {
  const address = `${url}/-/blob?ns=${namespace}&d=${digest}`;
  return await timed(async () => {
    const { status, stderr } = await run("curl", ["-sSf", "-o", "/dev/null", address], { timeoutMs: 120_000 });
    if (status !== 0) throw new BenchError(`curl could not read: ${stderr.trim()}`);
  });
}

async function readByChromium(browser: Browser, url: string, sample: Sample): Promise<PageTimes> {
  const page = await browser.newPage();
  try {
    await showLibrary(page, url, "test/bench/library/client.ts");
    await page.waitForFunction(() => "timeReads" in globalThis);
    const task: PageTask = { namespace, digest: sample.digest, size: sample.size };
    return await page.evaluate(
      (asked) => (globalThis as unknown as { timeReads(task: PageTask): Promise<PageTimes> }).timeReads(asked),
      task,
    );
  } finally {
    await page.close();
  }
}

/** The rate of each way, and how many times as fast as curl it was in the same round. */
function figures({ size }: Sample, rounds: readonly Round[]): readonly Measurement[] {
  return Object.keys(rounds[0] ?? {}).flatMap((name) => {
    const rates = rounds.map((round) => (size / mib / (round[name] ?? Number.NaN)) * 1000);
    const rate = { name, unit: "MiB/s", values: rates };
    const [act = "", who] = name.split(", ");
    if (who === "curl") return [rate];
    const ratios = rounds.map((round) => (round[`${act}, curl`] ?? Number.NaN) / (round[name] ?? Number.NaN));
    return [rate, { name: `${name}, against curl`, unit: "x", values: ratios }];
  });
}
