/** What a page of somebody else tries against a server. It runs in the browser, by itself, and holds what it needs. */
export interface Target {
  /** `http://127.0.0.1:PORT`, or another name of it. */
  readonly base: string;
  /** A blob of the namespace `n`. */
  readonly digest: string;
}

/**
 * Try to read and to change what a server has, in every way that a page has.
 *
 * @returns what the page could read, by the ways; `nothing` where that was nothing
 */
export async function attack({ base, digest }: Target): Promise<Readonly<Record<string, string>>> {
  const read: Record<string, string> = {};
  const content = `${base}/containerd.services.content.v1.Content`;
  const namespace = { "containerd-namespace": "n" };
  const message = JSON.stringify({ digest });
  const query = `connect=v1&encoding=json&message=${encodeURIComponent('{"selection":{"namespaces":["*"]}}')}`;
  const page = `${base}/stowage.v1.ContentService/ListPage?${query}`;
  const blob = `${base}/-/blob?ns=n&d=${digest}`;
  const types = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"];

  async function tried(way: string, work: () => Promise<string>): Promise<void> {
    try {
      read[way] = await work();
    } catch {
      read[way] = "nothing";
    }
  }

  const textOf = async (answer: Response): Promise<string> => {
    if (answer.type === "opaque") return "nothing";
    return answer.status === 403 ? "refused" : `${answer.status} ${await answer.text()}`;
  };

  const loaded = (element: HTMLElement, source: () => void): Promise<string> =>
    new Promise((resolve) => {
      element.addEventListener("load", () => resolve("loaded"));
      element.addEventListener("error", () => resolve("nothing"));
      source();
      document.body.append(element);
    });

  const json = { "content-type": "application/json", "connect-protocol-version": "1", ...namespace };
  for (const credentials of ["include", "omit"] as const) {
    const send = { method: "POST", headers: json, body: message, credentials };
    await tried(`fetch, ${credentials}`, async () => textOf(await fetch(`${content}/Delete`, send)));
    await tried(`read by fetch, ${credentials}`, async () => textOf(await fetch(blob, { credentials })));
    await tried(`read by GET, ${credentials}`, async () => textOf(await fetch(page, { credentials })));
  }
  for (const type of types) {
    const send = { method: "POST", mode: "no-cors", credentials: "include", body: message } as const;
    const headers = { "content-type": type };
    await tried(`fetch without CORS, ${type}`, async () =>
      textOf(await fetch(`${content}/Delete`, { ...send, headers })),
    );
  }
  await tried("beacon", async () => {
    navigator.sendBeacon(`${content}/Delete`, message);
    return "nothing";
  });

  for (const url of [page, blob, `${base}/metrics`]) {
    await tried(`image ${url.slice(base.length, base.length + 9)}`, () => {
      const image = new Image();
      return loaded(image, () => (image.src = url));
    });
    await tried(`script ${url.slice(base.length, base.length + 9)}`, () => {
      const script = document.createElement("script");
      return loaded(script, () => (script.src = url));
    });
  }

  for (const type of types) {
    await tried(`form, ${type}`, async () => {
      const frame = document.createElement("iframe");
      frame.name = `frame-${type}`;
      document.body.append(frame);
      const form = document.createElement("form");
      Object.assign(form, { method: "POST", action: `${content}/Delete`, enctype: type, target: frame.name });
      const field = document.createElement("input");
      Object.assign(field, { name: message.slice(0, -1), value: "}" });
      form.append(field);
      document.body.append(form);
      const done = new Promise((resolve) => frame.addEventListener("load", resolve));
      form.submit();
      await done;
      return frame.contentDocument?.body?.textContent.includes("refused") ? "refused" : "nothing";
    });
  }

  await tried("frame", async () => {
    const frame = document.createElement("iframe");
    await loaded(frame, () => (frame.src = `${base}/content`));
    return frame.contentDocument?.body?.textContent.includes("the pages") ? "the pages" : "nothing";
  });
  await tried("window", async () => {
    const opened = window.open(`${base}/content`);
    // Of another origin nothing can be read but by what is thrown, and nobody tells when it is there.
    const isThere = (): boolean => {
      try {
        return opened?.location.href !== "about:blank" && opened?.document.readyState === "complete";
      } catch {
        return true;
      }
    };
    for (let look = 0; look < 1200 && !isThere(); look += 1) await new Promise((resolve) => setTimeout(resolve, 25));
    const text = opened?.document?.body?.textContent ?? "";
    opened?.close();
    return text.includes("the pages") ? "the pages" : "nothing";
  });
  await tried("socket", () => {
    return new Promise((resolve) => {
      const socket = new WebSocket(`${base.replace("http", "ws")}/stowage.v1.ContentService/List`);
      socket.onopen = () => resolve("open");
      socket.onerror = () => resolve("nothing");
    });
  });
  await tried("events", () => {
    return new Promise((resolve) => {
      const source = new EventSource(page, { withCredentials: true });
      source.onmessage = ({ data }) => resolve(String(data));
      source.onerror = () => resolve("nothing");
    });
  });
  return read;
}
