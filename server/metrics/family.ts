/** One number of a family. */
export interface Sample {
  /** What follows the family's name, such as `_bucket`; absent: what its type says. */
  readonly suffix?: string;
  /** Absent: none. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What Prometheus calls a metric family: numbers of one meaning. */
export interface Family {
  /** Without `_total`, which is a counter's, and `_info`. */
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram" | "summary" | "info";
  /** One sentence, for people, without quotation marks or line ends. */
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** @param samples one number: there is no other */
export function gauge(name: string, help: string, samples: number | readonly Sample[]): Family {
  return { name, type: "gauge", help, samples: samplesOf(samples) };
}

/** @param samples one number: there is no other */
export function counter(name: string, help: string, samples: number | readonly Sample[]): Family {
  return { name, type: "counter", help, samples: samplesOf(samples) };
}

function samplesOf(samples: number | readonly Sample[]): readonly Sample[] {
  return typeof samples === "number" ? [{ value: samples }] : samples;
}
