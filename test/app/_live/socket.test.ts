import { expect, test } from "vitest";
import { socketOf } from "../../../app/_live/socket.ts";
import { factsOfStore } from "../facts.ts";

const server = {
  facts: { version: "1", host: "h", sockets: ["/run/stowage.sock"] },
  namespaces: [],
  isKnown: true,
};
const stores = {
  stores: [
    factsOfStore("local", { isDefault: true }),
    factsOfStore("k8s", { plugin: "containerd", target: "/run/containerd/containerd.sock" }),
    factsOfStore("k3s", { plugin: "containerd", target: "unix:///run/k3s/containerd.sock" }),
    factsOfStore("archive"),
    factsOfStore("node-7", { plugin: "remote", target: "https://node-7:3000" }),
  ],
};

test.each([
  ["", "/run/stowage.sock"],
  ["local", "/run/stowage.sock"],
  ["k8s", "/run/containerd/containerd.sock"],
  ["k3s", "/run/k3s/containerd.sock"],
  ["archive", undefined],
  ["node-7", undefined],
  ["nope", undefined],
])("ctr sees store %j at %j", (name, socket) => {
  expect(socketOf(server, stores, name)).toBe(socket);
});

test("a server that does not tell of its stores is seen at its own socket", () => {
  expect(socketOf(server, { stores: [] }, "")).toBe("/run/stowage.sock");
});
