import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { create, toBinary } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { ContentError } from "../../content/errors.ts";
import { int64ToWire, timeToWire } from "../../content/wire.ts";
import { ContentCreateSchema, ContentDeleteSchema } from "../../gen/containerd/events/content_pb.js";
import { ImageCreateSchema, ImageDeleteSchema, ImageUpdateSchema } from "../../gen/containerd/events/image_pb.js";
import {
  NamespaceCreateSchema,
  NamespaceDeleteSchema,
  NamespaceUpdateSchema,
} from "../../gen/containerd/events/namespace_pb.js";
import type { Envelope } from "../../gen/containerd/types/event_pb.js";
import { EnvelopeSchema } from "../../gen/containerd/types/event_pb.js";
import type { Event, ForeignEvent, OwnEvent } from "../events/event.ts";

/** Longest message and type name of an event that a client publishes. */
const limits = { messageBytes: 256 * 1024, typeCharacters: 1024 } as const;

/** Events as they are sent: every subscriber gets the same. */
const envelopes = new WeakMap<Event, Envelope>();

/** An event for the wire. */
export function eventToWire(event: Event): Envelope {
  const known = envelopes.get(event);
  if (known !== undefined) return known;
  const { timestamp, namespace, topic } = event;
  const message = event.kind === "own" ? packOwn(event) : create(AnySchema, event.message);
  const envelope = create(EnvelopeSchema, { timestamp: timeToWire(timestamp), namespace, topic, event: message });
  envelopes.set(event, envelope);
  return envelope;
}

/**
 * The message of an event that a client published.
 *
 * @throws `invalid-argument` where there is none (a containerd ends over that), or where it is too large
 */
export function messageFromWire(event: Any | undefined): ForeignEvent["message"] {
  if (event === undefined) throw new ContentError("invalid-argument", "an event without a message");
  const { typeUrl, value } = event;
  if (value.length > limits.messageBytes || typeUrl.length > limits.typeCharacters) {
    const text = `event greater than maximum size (${limits.messageBytes} bytes)`;
    throw new ContentError("invalid-argument", text);
  }
  return { typeUrl, value };
}

function packOwn({ topic, message }: OwnEvent): Any {
  switch (topic) {
    case "/content/create":
      return pack(ContentCreateSchema, { ...message, size: int64ToWire(message.size, "size") });
    case "/content/delete":
      return pack(ContentDeleteSchema, message);
    case "/images/create":
      return pack(ImageCreateSchema, { ...message, labels: { ...message.labels } });
    case "/images/update":
      return pack(ImageUpdateSchema, { ...message, labels: { ...message.labels } });
    case "/images/delete":
      return pack(ImageDeleteSchema, message);
    case "/namespaces/create":
      return pack(NamespaceCreateSchema, { ...message, labels: { ...message.labels } });
    case "/namespaces/update":
      return pack(NamespaceUpdateSchema, { ...message, labels: { ...message.labels } });
    case "/namespaces/delete":
      return pack(NamespaceDeleteSchema, message);
  }
}

/** containerd's clients know a type by its bare name, without a host in front. */
function pack<Desc extends DescMessage>(schema: Desc, message: MessageInitShape<Desc>): Any {
  return create(AnySchema, { typeUrl: schema.typeName, value: toBinary(schema, create(schema, message)) });
}
