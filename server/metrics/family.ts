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
