// Versions are read where they are pinned and compared by number.
import { expect, test } from "vitest";
import { reaches, rustVersion, wasmBindgenVersion } from "./pinned-versions.mjs";

test("the pins are found", () => {
  expect(rustVersion()).toMatch(/^\d+\.\d+\.\d+$/);
  expect(wasmBindgenVersion()).toMatch(/^\d+\.\d+\.\d+$/);
});

test.each([
  ["rustc 1.96.0 (ac68faa20 2026-05-25)", "1.96.0", true],
  ["rustc 1.100.1", "1.96.0", true],
  ["rustc 1.95.9", "1.96.0", false],
  ["rustc 1.96", "1.96.1", false],
  ["rustc 2.0", "1.96.1", true],
  ["", "1.96.0", false],
])("%s against %s: %s", (version, wanted, answer) => expect(reaches(version, wanted)).toBe(answer));
