import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import {
  InfoRequestSchema,
  UpdateRequestSchema,
  WriteContentRequestSchema,
} from "../../../gen/containerd/services/content/v1/content_pb.js";
import { CreateImageRequestSchema } from "../../../gen/containerd/services/images/v1/images_pb.js";
import { DeleteRequestSchema } from "../../../gen/containerd/services/leases/v1/leases_pb.js";
import { CreateNamespaceRequestSchema } from "../../../gen/containerd/services/namespaces/v1/namespace_pb.js";
import { WriteRequestSchema } from "../../../gen/stowage/v1/content_pb.js";
import { subjectOf } from "../../../server/policy/subject.ts";

const data = new TextEncoder().encode("secret bytes");

test("is the ref or digest of a request, or of the message inside it", () => {
  expect(subjectOf(create(InfoRequestSchema, { digest: "sha256:1" }))).toEqual({ digest: "sha256:1" });
  expect(subjectOf(create(WriteContentRequestSchema, { ref: "r", data }))).toEqual({ ref: "r" });
  expect(subjectOf(create(UpdateRequestSchema, { info: { digest: "sha256:2", labels: { token: "hidden" } } }))).toEqual(
    {
      digest: "sha256:2",
    },
  );
  expect(subjectOf(create(WriteRequestSchema, { request: { ref: "inner", data } }))).toEqual({ ref: "inner" });
  const namespace = { name: "ns", labels: { token: "hidden" } };
  expect(subjectOf(create(CreateNamespaceRequestSchema, { namespace }))).toEqual({ name: "ns" });
  const image = { name: "library/alpine", labels: { token: "hidden" }, target: { digest: "sha256:3" } };
  expect(subjectOf(create(CreateImageRequestSchema, { image }))).toEqual({ name: "library/alpine" });
  expect(subjectOf(create(DeleteRequestSchema, { id: "a-lease" }))).toEqual({ id: "a-lease" });
});

test("never holds data or labels, whatever they are called", () => {
  const message = {
    ref: "r",
    data,
    labels: { digest: "hidden" },
    expected: "hidden",
    info: { ref: { ref: "hidden" } },
  };
  expect(JSON.stringify(subjectOf(message))).toBe('{"ref":"r"}');
});

test("of a request without names is empty, and a long name is cut", () => {
  expect(subjectOf({})).toEqual({});
  expect(subjectOf({ ref: "", digest: 7 })).toEqual({});
  expect(subjectOf({ ref: "x".repeat(5000) }).ref).toHaveLength(256);
});
