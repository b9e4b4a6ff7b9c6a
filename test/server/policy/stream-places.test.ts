import { expect, test } from "vitest";
import { createStreamPlaces, sharedStreamPlaces, streamLimits } from "../../../server/policy/stream-places.ts";

const refused = (message: string) => expect.objectContaining({ kind: "resource-exhausted", message });

test("one connection takes so many places, and others still get theirs", () => {
  const places = createStreamPlaces({ perConnection: 2, overall: 10 });
  const [one, other] = [{}, {}];
  const first = places.take(one);
  places.take(one);
  expect(() => places.take(one)).toThrow(
    refused("more than 2 streams on one connection; close some, or select more rows with one"),
  );
  places.take(other);
  first[Symbol.dispose]();
  places.take(one);
  expect(() => places.take(one)).toThrow();
});

test("all connections together take so many places", () => {
  const places = createStreamPlaces({ perConnection: 2, overall: 3 });
  const held = [{}, {}, undefined].map((connection) => places.take(connection));
  const text = "more than 3 streams on this server; try again later, or read pages with ListPage";
  expect(() => places.take({})).toThrow(refused(text));
  held[2]?.[Symbol.dispose]();
  places.take({});
});

test("a place that is given back twice is one place", () => {
  const places = createStreamPlaces({ perConnection: 5, overall: 1 });
  const place = places.take(undefined);
  place[Symbol.dispose]();
  place[Symbol.dispose]();
  places.take(undefined);
  expect(() => places.take(undefined)).toThrow();
});

test("services that tell of one thing share their places", () => {
  const [about, connection] = [{}, {}];
  for (let taken = 0; taken < streamLimits.perConnection; taken += 1) sharedStreamPlaces(about).take(connection);
  expect(() => sharedStreamPlaces(about).take(connection)).toThrow("streams on one connection");
  sharedStreamPlaces({}).take(connection);
});

test("one caller takes so many places, on however many connections, and those without a name all that there are", () => {
  const places = createStreamPlaces({ perConnection: 2, perIdentity: 2, overall: 5 });
  const first = places.take({}, "mei");
  places.take({}, "mei");
  expect(() => places.take({}, "mei")).toThrow(refused("more than 2 streams of yours; close some"));
  for (const identity of ["ada", "", ""]) places.take({}, identity);
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  places.take({}, "mei");
  expect(() => places.take({}, "")).toThrow("more than 5 streams on this server");
});
