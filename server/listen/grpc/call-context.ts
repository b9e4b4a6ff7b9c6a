import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http2";
import type { DescMethod, DescService } from "@bufbuild/protobuf";
import type { ContextValues, HandlerContext } from "@connectrpc/connect";
import { Code, ConnectError, createContextValues } from "@connectrpc/connect";
import { contentTypeProto, grpcStatusOk, headerContentType, headerGrpcStatus } from "@connectrpc/connect/protocol-grpc";

/** Longest time that a timer can wait, in milliseconds; a later deadline is none. */
const maxTimerMs = 2 ** 31 - 1;

const plainHead: OutgoingHttpHeaders = {
  ":status": 200,
  [headerContentType]: contentTypeProto,
  "cache-control": "no-store",
};

const plainTrailers: OutgoingHttpHeaders = { [headerGrpcStatus]: grpcStatusOk };

/** What a service is told of a call; what few ask for is made when it is asked for. */
export class CallContext implements HandlerContext {
  readonly method: DescMethod;
  readonly values: ContextValues = createContextValues();
  readonly requestMethod = "POST";
  readonly protocolName = "grpc";
  readonly #headers: IncomingHttpHeaders;
  readonly #controller = new AbortController();
  readonly #deadline: number | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  #requestHeader: Headers | undefined;
  #responseHeader: Headers | undefined;
  #responseTrailer: Headers | undefined;

  /** @param deadlineMs until the call's deadline; absent: it has none */
  constructor(method: DescMethod, headers: IncomingHttpHeaders, deadlineMs: number | undefined) {
    this.method = method;
    this.#headers = headers;
    if (deadlineMs === undefined) return;
    this.#deadline = Date.now() + deadlineMs;
    const expire = (): void => this.abort(new ConnectError("the operation timed out", Code.DeadlineExceeded));
    if (deadlineMs <= 0) expire();
    else if (deadlineMs <= maxTimerMs) this.#timer = setTimeout(expire, deadlineMs);
  }

  get service(): DescService {
    return this.method.parent;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get url(): string {
    return `http://${this.#headers[":authority"] ?? this.#headers.host}${this.#headers[":path"]}`;
  }

  get requestHeader(): Headers {
    this.#requestHeader ??= new Headers(
      Object.entries(this.#headers)
        .filter(([name]) => !name.startsWith(":"))
        .flatMap(([name, value = []]) => [value].flat().map((one): [string, string] => [name, one])),
    );
    return this.#requestHeader;
  }

  get responseHeader(): Headers {
    this.#responseHeader ??= new Headers({ [headerContentType]: contentTypeProto });
    return this.#responseHeader;
  }

  get responseTrailer(): Headers {
    this.#responseTrailer ??= new Headers({ [headerGrpcStatus]: grpcStatusOk });
    return this.#responseTrailer;
  }

  /** Headers of the answer, for HTTP/2. */
  get head(): OutgoingHttpHeaders {
    return this.#responseHeader === undefined
      ? plainHead
      : { ...plainHead, ...Object.fromEntries(this.#responseHeader) };
  }

  /** Trailers of the answer, for HTTP/2. */
  get trailers(): OutgoingHttpHeaders {
    return this.#responseTrailer === undefined ? plainTrailers : Object.fromEntries(this.#responseTrailer);
  }

  timeoutMs = (): number | undefined => (this.#deadline === undefined ? undefined : this.#deadline - Date.now());

  /** End the call before it is done. */
  abort(reason: ConnectError): void {
    clearTimeout(this.#timer);
    if (!this.signal.aborted) this.#controller.abort(reason);
  }

  /** The call is done. */
  end(): void {
    clearTimeout(this.#timer);
  }
}
