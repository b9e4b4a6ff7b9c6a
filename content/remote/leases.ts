import type { Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { Leases } from "../../gen/containerd/services/leases/v1/leases_pb.js";
import type { Lease, LeaseResource } from "../lease.ts";
import type { Labels } from "../store.ts";
import { leaseFromWire, leaseResourceFromWire } from "../wire.ts";
import type { CallScope } from "./call.ts";
import { answerOf, headersOf, wanted } from "./call.ts";

/**
 * Make a lease (containerd's Leases.Create).
 *
 * @param draft id empty or absent: the server makes one up
 * @throws `already-exists`; `invalid-argument` for an id or a label that is none
 */
export async function createLease(
  transport: Transport,
  scope: CallScope,
  { id = "", labels = {} }: { readonly id?: string; readonly labels?: Labels },
  signal?: AbortSignal,
): Promise<Lease> {
  const client = createClient(Leases, transport);
  const call = client.create({ id, labels: { ...labels } }, { headers: headersOf(scope), signal });
  return wanted((await answerOf(call, signal)).lease, leaseFromWire);
}

/**
 * Remove a lease, never what it holds (containerd's Leases.Delete).
 *
 * @param options sync: the answer comes after a collection that began after the lease was gone; absent: it comes at once
 * @throws `not-found`
 */
export async function deleteLease(
  transport: Transport,
  scope: CallScope,
  id: string,
  { sync = false, signal }: { readonly sync?: boolean; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const client = createClient(Leases, transport);
  await answerOf(client.delete({ id, sync }, { headers: headersOf(scope), signal }), signal);
}

/** The leases of a namespace, in the order of their ids (containerd's Leases.List). */
export async function listLeases(
  transport: Transport,
  scope: CallScope,
  signal?: AbortSignal,
): Promise<readonly Lease[]> {
  const client = createClient(Leases, transport);
  const { leases } = await answerOf(client.list({}, { headers: headersOf(scope), signal }), signal);
  return leases.map(leaseFromWire);
}

/** What a lease names, in the order of type and id (containerd's Leases.ListResources). @throws `not-found` */
export async function leaseResources(
  transport: Transport,
  scope: CallScope,
  id: string,
  signal?: AbortSignal,
): Promise<readonly LeaseResource[]> {
  const client = createClient(Leases, transport);
  const { resources } = await answerOf(client.listResources({ id }, { headers: headersOf(scope), signal }), signal);
  return resources.map(leaseResourceFromWire);
}

/** Put a resource under a lease, whether it is there or not (containerd's Leases.AddResource). @throws `not-found` */
export async function addLeaseResource(
  transport: Transport,
  scope: CallScope,
  id: string,
  resource: LeaseResource,
  signal?: AbortSignal,
): Promise<void> {
  const client = createClient(Leases, transport);
  const request = { id, resource: { type: resource.type, id: resource.id } };
  await answerOf(client.addResource(request, { headers: headersOf(scope), signal }), signal);
}

/** Take a resource from a lease, whether it holds it or not (containerd's Leases.DeleteResource). @throws `not-found` */
export async function deleteLeaseResource(
  transport: Transport,
  scope: CallScope,
  id: string,
  resource: LeaseResource,
  signal?: AbortSignal,
): Promise<void> {
  const client = createClient(Leases, transport);
  const request = { id, resource: { type: resource.type, id: resource.id } };
  await answerOf(client.deleteResource(request, { headers: headersOf(scope), signal }), signal);
}
