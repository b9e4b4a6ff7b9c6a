import type { DescMethod } from "@bufbuild/protobuf";
import type { Code } from "@connectrpc/connect";

/** Is told of every call, whatever way it comes in; it is quick and does not throw. */
export interface CallMeter {
  /** A call of a method that is served begins. */
  begin(method: DescMethod): void;
  /**
   * It is over.
   *
   * @param code how it failed; absent: it went well
   * @param ms how long it took, in milliseconds
   */
  end(method: DescMethod, code: Code | undefined, ms: number): void;
  /** A method was called that is not served. */
  unknown(): void;
}
