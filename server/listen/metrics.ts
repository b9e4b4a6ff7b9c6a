import type { Logger } from "pino";
import { chooseFormat, mediaTypes } from "../metrics/format.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { RequestHandler } from "./request.ts";
import { answerText, begin, finish } from "./request.ts";

/** Where the numbers are. */
export const metricsPath = "/metrics";

/** Answers `GET|HEAD /metrics` in the format that the client asks for. */
export function createMetricsHandler(metrics: Pick<Metrics, "read">, logger: Logger): RequestHandler {
  return (request, response) => {
    const format = chooseFormat(request.headers.accept);
    metrics.read(format).then(
      (text) => {
        const body = Buffer.from(text);
        begin(response, 200, {
          "content-type": mediaTypes[format],
          "content-length": String(body.length),
          "cache-control": "no-store",
          "cross-origin-resource-policy": "same-origin",
          vary: "accept",
          "x-content-type-options": "nosniff",
        });
        finish(response, body);
      },
      (err: unknown) => {
        logger.error({ err }, "the metrics could not be read");
        answerText(response, 503, "the metrics could not be read; the log says why");
      },
    );
  };
}
