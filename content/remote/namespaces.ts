import type { Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { Namespaces } from "../../gen/containerd/services/namespaces/v1/namespace_pb.js";
import { isKind } from "../errors.ts";
import type { Labels } from "../store.ts";
import type { CallScope } from "./call.ts";
import { answerOf, headersOf } from "./call.ts";

/** Labels that a namespace is to have. */
export interface NamespaceLabels {
  readonly name: string;
  readonly labels: Labels;
  readonly fieldpaths: readonly string[];
}

/**
 * The names of a server's namespaces, in its order (containerd's Namespaces.List).
 *
 * @returns undefined where the server has no Namespaces service
 */
export async function listNamespaces(
  transport: Transport,
  scope: CallScope = {},
  signal?: AbortSignal,
): Promise<readonly string[] | undefined> {
  const client = createClient(Namespaces, transport);
  try {
    const { namespaces } = await answerOf(client.list({}, { headers: headersOf(scope), signal }), signal);
    return namespaces.map(({ name }) => name);
  } catch (error) {
    if (isKind(error, "not-implemented")) return undefined;
    throw error;
  }
}

/** The namespaces of a server with their labels, in its order (containerd's Namespaces.List). */
export async function describeNamespaces(
  transport: Transport,
  scope: CallScope,
  signal?: AbortSignal,
): Promise<readonly Omit<NamespaceLabels, "fieldpaths">[]> {
  const client = createClient(Namespaces, transport);
  const { namespaces } = await answerOf(client.list({}, { headers: headersOf(scope), signal }), signal);
  return namespaces.map(({ name, labels }) => ({ name, labels: { ...labels } }));
}

/** Make a namespace (containerd's Namespaces.Create). @throws `already-exists`; `invalid-argument` for a bad name or label */
export async function createNamespace(
  transport: Transport,
  scope: CallScope,
  name: string,
  labels: Labels = {},
  signal?: AbortSignal,
): Promise<void> {
  const client = createClient(Namespaces, transport);
  const request = { namespace: { name, labels: { ...labels } } };
  await answerOf(client.create(request, { headers: headersOf(scope), signal }), signal);
}

/**
 * Change labels of a namespace (containerd's Namespaces.Update).
 *
 * @param fieldpaths `labels.KEY` for one (an empty value removes it); none: all labels are replaced
 * @throws `invalid-argument` for a bad name, label or fieldpath
 */
export async function labelNamespace(
  transport: Transport,
  scope: CallScope,
  { name, labels, fieldpaths }: NamespaceLabels,
  signal?: AbortSignal,
): Promise<void> {
  const client = createClient(Namespaces, transport);
  const mask = fieldpaths.length > 0 && { updateMask: { paths: [...fieldpaths] } };
  const request = { namespace: { name, labels: { ...labels } }, ...mask };
  await answerOf(client.update(request, { headers: headersOf(scope), signal }), signal);
}

/** Remove an empty namespace (containerd's Namespaces.Delete). @throws `not-found`; `failed-precondition` that says what is left */
export async function deleteNamespace(
  transport: Transport,
  scope: CallScope,
  name: string,
  signal?: AbortSignal,
): Promise<void> {
  const client = createClient(Namespaces, transport);
  await answerOf(client.delete({ name }, { headers: headersOf(scope), signal }), signal);
}
