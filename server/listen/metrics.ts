import type { Logger } from "pino";
import { ContentError } from "../../content/errors.ts";
import { chooseFormat, mediaTypes } from "../metrics/format.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { requireCaller } from "../policy/admit.ts";
import type { Call } from "../policy/call.ts";
import { readMetrics, requireWhole } from "../policy/permissions.ts";
import { answerRefused } from "./refused.ts";
import type { Request, Response } from "./request.ts";
import { answerText, begin, finish } from "./request.ts";

/** Where the numbers are. */
export const metricsPath = "/metrics";

/** Answers a request for the numbers. It does not throw. @param call who asks */
export type MetricsHandler = (request: Request, response: Response, call: Call) => void;

/** Answers `GET|HEAD /metrics` in the format that the client asks for. */
export function createMetricsHandler(metrics: Pick<Metrics, "read">, logger: Logger): MetricsHandler {
  return (request, response, call) => {
    const refused = refusalOf(call);
    if (refused !== undefined) {
      if (refused.kind === "internal") logger.error({ call: call.id, err: refused }, "internal error");
      return answerRefused(response, refused);
    }
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

/** Why the numbers are not for the caller: they are of every store and namespace together. */
function refusalOf(call: Call): ContentError | undefined {
  try {
    requireCaller(call, readMetrics);
    requireWhole(call.access, readMetrics.act);
    return undefined;
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    return error;
  }
}
