/**
 * As much of a browser's XMLHttpRequest as the grpc-web package uses, over fetch: one request, whose answer is handed over
 * whole.
 */
export class XmlHttpRequest {
  onreadystatechange: (() => void) | null = null;
  readyState = 0;
  status = 0;
  statusText = "";
  responseType = "";
  response: ArrayBuffer | null = null;
  withCredentials = false;

  #method = "GET";
  #url = "";
  readonly #headers = new Headers();
  #answered = new Headers();
  readonly #abort = new AbortController();

  open(method: string, url: string): void {
    this.#method = method;
    this.#url = url;
    this.#enter(1);
  }

  setRequestHeader(name: string, value: string): void {
    this.#headers.append(name, value);
  }

  getResponseHeader(name: string): string | null {
    return this.#answered.get(name);
  }

  getAllResponseHeaders(): string {
    return Array.from(this.#answered, ([name, value]) => `${name}: ${value}\r\n`).join("");
  }

  send(body: Uint8Array<ArrayBuffer>): void {
    void this.#fetch(body);
  }

  abort(): void {
    this.#abort.abort();
  }

  async #fetch(body: Uint8Array<ArrayBuffer>): Promise<void> {
    const request = { method: this.#method, headers: this.#headers, body, signal: this.#abort.signal };
    try {
      const answer = await fetch(this.#url, request);
      this.status = answer.status;
      this.#answered = answer.headers;
      this.#enter(2);
      this.response = await answer.arrayBuffer();
    } catch {
      this.status = 0;
    }
    this.#enter(4);
  }

  #enter(state: number): void {
    this.readyState = state;
    this.onreadystatechange?.();
  }
}
