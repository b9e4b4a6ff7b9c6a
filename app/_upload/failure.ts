import { ContentError } from "../../content/errors.ts";
import { errorText } from "../_ui/error-text.ts";
import type { Failure } from "./upload.ts";

/** The file is not what was picked, or cannot be read: only a person can help, by picking it again. */
export class FileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "FileError";
  }
}

/** What a browser's exception says of a file. @param name of the exception */
export function fileErrorOf(name: string, message: string): FileError {
  if (name === "NotFoundError") return new FileError("The file is not there any more");
  // A stream of a file that changed tells no more than a TypeError.
  if (name === "NotReadableError" || name === "TypeError")
    return new FileError("The file changed since it was picked, or may not be read");
  return new FileError(`The file cannot be read: ${message}`);
}

/** Why an upload stopped, in one sentence. */
export function failureOf(error: unknown): Failure {
  if (error instanceof FileError) return { text: error.message, remedy: "pick" };
  if (!(error instanceof ContentError)) return { text: errorText(error), remedy: "retry" };
  if (isOfFile(error)) return failureOf(causeOf(error));
  if (error.kind === "unavailable") return { text: "The server does not answer", remedy: "server" };
  // Nobody here did: a server that stops cancels its calls.
  if (error.kind === "cancelled") return { text: "The server stopped", remedy: "server" };
  if (error.kind === "data-loss" && error.facts.mismatch !== undefined) {
    return { text: "The file changed while it was read", remedy: "pick" };
  }
  return { text: textOf(error), remedy: "retry" };
}

/** What reading a file throws is the cause of the error that the library makes of it. */
function isOfFile({ kind, message, cause }: ContentError): boolean {
  return kind === "unavailable" && message.startsWith("the source failed") && cause instanceof Error;
}

function causeOf({ cause }: ContentError): FileError {
  const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
  return fileErrorOf(name, message);
}

function textOf(error: ContentError): string {
  switch (error.kind) {
    case "resource-exhausted":
      return `The store has no room for it: ${error.message}`;
    case "failed-precondition":
      return `The server refused these bytes: ${error.message}`;
    case "aborted":
      return "Somebody aborted its ingest, and what was sent is gone";
    default:
      return errorText(error);
  }
}
