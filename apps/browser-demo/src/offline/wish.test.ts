// Where a copy for use offline is made by itself.
import { expect, test } from "vitest";
import { offlineWish } from "./wish.ts";

test.each([
  ["https://example.org/demo/", null, "install"],
  ["https://example.org/demo/?sw=off", null, "never"],
  ["https://example.org/demo/", "off", "offer"],
  ["http://localhost:4173/", null, "never"],
  ["http://127.0.0.1/#draw", null, "never"],
  ["http://[::1]:80/", null, "never"],
  ["http://demo.localhost/", null, "never"],
  ["http://localhost:4173/?sw=on#train", null, "install"],
  ["http://localhost:4173/?sw=on", "off", "offer"],
  ["https://localhost.example.org/", null, "install"],
] as const)("%s, after %s: %s", (address, kept, wish) => {
  expect(offlineWish({ address: new URL(address), kept })).toBe(wish);
});
