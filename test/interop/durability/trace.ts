/** One system call, as strace saw it. */
export interface SystemCall {
  readonly name: string;
  /** Its arguments as strace prints them, descriptors with their paths. */
  readonly args: string;
  /** Line of the trace where it began; what began later has a higher one. */
  readonly began: number;
  /** Line where it returned; Infinity when it never did. */
  ended: number;
}

/**
 * The calls of a trace (`strace -f`), in the order of their beginning. Calls of several threads overlap: one is after another
 * when it began once that had ended.
 */
export function parseTrace(text: string): readonly SystemCall[] {
  const calls: SystemCall[] = [];
  const unfinished = new Map<string, SystemCall>();
  for (const [line, content] of text.split("\n").entries()) {
    const [, thread = "", rest = ""] = /^(\d+) +(.*)$/.exec(content) ?? [];
    const resumed = /^<\.\.\. (\w+) resumed>/.exec(rest);
    if (resumed) {
      const call = unfinished.get(`${thread} ${resumed[1]}`);
      if (call) call.ended = line;
      continue;
    }
    const [, name, args = ""] = /^(\w+)\((.*)$/.exec(rest) ?? [];
    if (name === undefined) continue;
    const open = args.endsWith("<unfinished ...>");
    const call: SystemCall = { name, args, began: line, ended: open ? Number.POSITIVE_INFINITY : line };
    calls.push(call);
    if (open) unfinished.set(`${thread} ${name}`, call);
  }
  return calls;
}
