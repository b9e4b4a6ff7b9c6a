import { ContentError } from "../../content/errors.ts";
import { validateIdentifier } from "../../content/identifiers.ts";
import { goQuote } from "../../content/quote.ts";

/** Longest topic, in characters. containerd has no limit of its own. */
const maxTopicLength = 1024;

/**
 * Refuse what is no topic: one is identifiers, each after a slash (containerd's events/exchange/exchange.go).
 *
 * @throws `invalid-argument` with containerd's text
 */
export function validateTopic(topic: string): void {
  const fault = topicFault(topic);
  if (fault !== undefined) throw new ContentError("invalid-argument", `envelope topic ${goQuote(topic)}: ${fault}`);
}

function topicFault(topic: string): string | undefined {
  if (topic === "") return "must not be empty";
  if (!topic.startsWith("/")) return "must start with '/'";
  if (topic === "/") return "must have at least one component";
  if (topic.length > maxTopicLength) return `greater than maximum length (${maxTopicLength} characters)`;
  for (const component of topic.slice(1).split("/")) {
    const fault = identifierFault(component);
    if (fault !== undefined) return `failed validation on component ${goQuote(component)}: ${fault}`;
  }
  return undefined;
}

function identifierFault(text: string): string | undefined {
  try {
    validateIdentifier(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    return error.message;
  }
}
