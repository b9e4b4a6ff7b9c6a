import type { IncomingHttpHeaders } from "node:http";

/** Headers of a call, by names in lower case. */
export interface CallHeaders {
  /** Several values of one header are joined by commas; null: it is absent. */
  get(name: string): string | null;
}

/** The headers of a request, as Connect gives those of a call. */
export function headersFrom(headers: IncomingHttpHeaders): CallHeaders {
  return {
    get(name) {
      const value = headers[name];
      return value === undefined ? null : String(value);
    },
  };
}
