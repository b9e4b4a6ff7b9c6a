import { Code, ConnectError } from "@connectrpc/connect";
import { ContentError } from "../../content/errors.ts";
import { fromConnectError } from "../../content/wire.ts";
import { oneLine } from "../one-line.ts";
import { hidePaths } from "../services/hide-paths.ts";
import { unreachableText } from "../unreachable.ts";

/** What a node answers where this server is at fault, and not whoever called it. */
const refusals: readonly Code[] = [Code.Unauthenticated, Code.PermissionDenied];

/** Characters of what a node says of an error that are told. */
const maxWords = 1000;

/** True where a node answered that it does not know this server. */
export function isUnknownThere(thrown: unknown): boolean {
  const { isWireError, code } = callError(thrown);
  return isWireError && code === Code.Unauthenticated;
}

/** Why a node did not answer, in one line; absent where it did, whatever it said. */
export function absenceOf(thrown: unknown): string | undefined {
  const error = callError(thrown);
  if (isUnknownThere(error)) return `it refuses: ${wordsOf(error)}`;
  if (error.isWireError) return undefined;
  return hidePaths(systemText(error) ?? fromConnectError(error).message);
}

/**
 * What a call that was passed on failed with, for the one who called: the node's own words and details. That the node does not
 * know this server, or lets it do too little, is nothing that the caller can mend by signing in.
 *
 * @param name of the store
 */
export function nodeError(name: string, thrown: unknown): ContentError | ConnectError {
  if (thrown instanceof ContentError) return thrown;
  const error = ConnectError.from(thrown);
  if (error.isWireError && refusals.includes(error.code)) {
    const text = `store ${name} refuses this server: ${wordsOf(error)}`;
    return new ContentError("permission-denied", text, { cause: thrown });
  }
  const absence = absenceOf(thrown);
  if (absence !== undefined) {
    return new ContentError("unavailable", `store ${name} does not answer: ${absence}`, { cause: thrown });
  }
  const passed = new ConnectError(wordsOf(error), error.code, undefined, undefined, error);
  passed.details = error.details;
  return passed;
}

/** What a call ended with, also where it was made into an error of the library, which keeps that as its cause. */
function callError(thrown: unknown): ConnectError {
  return ConnectError.from(thrown instanceof ContentError ? (thrown.cause ?? thrown) : thrown);
}

function wordsOf({ rawMessage }: ConnectError): string {
  return oneLine(rawMessage, maxWords);
}

/** What is asked of the system about a file: of this server, since a node is asked over a connection. */
const fileCalls: readonly (string | undefined)[] = ["open", "read", "stat", "lstat"];

/** What the system says, without where the node is: that is not for everybody who asks for its store. */
function systemText({ cause }: ConnectError): string | undefined {
  if (!(cause instanceof Error && "code" in cause)) return undefined;
  const { syscall, code, message } = cause as NodeJS.ErrnoException;
  if (fileCalls.includes(syscall)) return `this server cannot read a file that it needs for that (${code})`;
  return unreachableText(cause) ?? (syscall === undefined ? message : `${syscall} ${code}`);
}
