// A stamp holds only as long as its inputs are the same, to the byte.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { filesBelow, hashOf, readStamp, replaceFolder, writeStamp } from "./stamps.mjs";

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stamps-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (name, text) => {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  return path;
};

test("files below a folder come in one order, without what tools leave behind", () => {
  for (const name of ["b.rs", "a/z.rs", "target/x", "node_modules/y", "a/a.rs"]) put(name, "");
  expect(filesBelow(folder).map((path) => path.slice(folder.length + 1))).toEqual(["a/a.rs", "a/z.rs", "b.rs"]);
  expect(filesBelow(join(folder, "absent"))).toEqual([]);
});

test("the hash is SHA-256 over name, length, bytes and settings", () => {
  const file = put("one", "abc");
  // printf 'one\0003\000abc[1]' | sha256sum
  const expected = "17fe6eb51865bad0fa3179cf13a13062323cf00bd79883a6a8b46de7cceb6e06";
  expect(hashOf({ base: folder, files: [file], settings: [1] })).toBe(expected);
});

test("bytes that move from one file to the next change the hash", () => {
  const hash = (first, second) => hashOf({ base: folder, files: [put("1", first), put("2", second)] });
  expect(hash("ab", "c")).not.toBe(hash("a", "bc"));
});

test("a stamp answers to its own hash alone, and damage reads as absence", () => {
  const path = join(folder, "deep", "stamp.json");
  expect(readStamp(path, "h")).toBeUndefined();
  writeStamp(path, "h", { version: 3 });
  expect(readStamp(path, "h")).toEqual({ version: 3 });
  expect(readStamp(path, "other")).toBeUndefined();
  writeFileSync(path, readFileSync(path, "utf8").slice(0, 10));
  expect(readStamp(path, "h")).toBeUndefined();
  expect(readdirSync(join(folder, "deep"))).toEqual(["stamp.json"]);
});

test("a finished folder takes the place of an older one and leaves nothing beside it", () => {
  put("old/only-in-old", "");
  put("new/fresh", "1");
  replaceFolder(join(folder, "new"), join(folder, "old"));
  expect(readdirSync(folder)).toEqual(["old"]);
  expect(readdirSync(join(folder, "old"))).toEqual(["fresh"]);
});
