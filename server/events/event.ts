import type { Digest } from "../../content/digest.ts";
import type { Labels } from "../../content/store.ts";

/** What is told of under each topic; the fields are those of containerd's event messages. */
export interface EventMessages {
  /** `size` in bytes. */
  readonly "/content/create": { readonly digest: Digest; readonly size: number };
  readonly "/content/delete": { readonly digest: Digest };
  readonly "/images/create": { readonly name: string; readonly labels: Labels };
  readonly "/images/update": { readonly name: string; readonly labels: Labels };
  readonly "/images/delete": { readonly name: string };
  readonly "/namespaces/create": { readonly name: string; readonly labels: Labels };
  readonly "/namespaces/update": { readonly name: string; readonly labels: Labels };
  readonly "/namespaces/delete": { readonly name: string };
}

export type EventTopic = keyof EventMessages;

/** Something that this server did. */
export type OwnEvent = { readonly [T in EventTopic]: OwnEventOf<T> }[EventTopic];

interface OwnEventOf<T extends EventTopic> {
  readonly kind: "own";
  readonly timestamp: Date;
  /** Where it happened; of a namespace itself: its name. */
  readonly namespace: string;
  readonly topic: T;
  readonly message: EventMessages[T];
}

/** Something that a client published; its message is passed on as it came. */
export interface ForeignEvent {
  readonly kind: "foreign";
  readonly timestamp: Date;
  readonly namespace: string;
  readonly topic: string;
  readonly message: { readonly typeUrl: string; readonly value: Uint8Array };
}

export type Event = OwnEvent | ForeignEvent;
