import { expect, test } from "vitest";
import { ContentError } from "../../../content/errors.ts";
import { validateTopic } from "../../../server/events/topic.ts";

test.for(["/a", "/images/create", "/a.b/c-d/e_f/0"])("%s is a topic", (topic) => {
  expect(() => validateTopic(topic)).not.toThrow();
});

test.for<[topic: string, fault: string]>([
  ["", 'envelope topic "": must not be empty'],
  ["images/create", "envelope topic \"images/create\": must start with '/'"],
  ["/", 'envelope topic "/": must have at least one component'],
  ["/a//b", 'envelope topic "/a//b": failed validation on component "": identifier must not be empty'],
  ["/a b", 'envelope topic "/a b": failed validation on component "a b": identifier "a b" must match ^'],
  [`/${"a/".repeat(600)}a`, "greater than maximum length (1024 characters)"],
])("%s is none, in containerd's words", ([topic, fault]) => {
  expect(() => validateTopic(topic)).toThrow(ContentError);
  expect(() => validateTopic(topic)).toThrow(fault);
});
