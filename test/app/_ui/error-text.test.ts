import { expect, test } from "vitest";
import { errorText } from "../../../app/_ui/error-text.ts";
import { ContentError } from "../../../content/errors.ts";

test("an error is told with its kind and the server's words", () => {
  expect(errorText(new ContentError("failed-precondition", "namespace is required"))).toBe(
    "failed precondition: namespace is required",
  );
});

test("an internal error is told with the id that the log has", () => {
  expect(errorText(new ContentError("internal", "internal error", { reference: "7f3a" }))).toBe(
    "internal: internal error (7f3a)",
  );
});

test("what is thrown besides is told as it is", () => {
  expect(errorText(new Error("no"))).toBe("no");
  expect(errorText("odd")).toBe("odd");
});
