// Writing aside and renaming, on a real file system in a folder of its own.
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { NamedArrays } from "./arrays.ts";
import { loadArrays, saveArrays, writeAside } from "./node.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lanewise-io-"));
});
afterEach(() => rm(folder, { recursive: true }));

const arrays: NamedArrays = new Map([["w", { dtype: "f32", shape: [2], data: Float32Array.of(1, 2) }]]);

test("arrays are saved and loaded, and nothing else lies beside them", async () => {
  const path = join(folder, "m.npz");
  await saveArrays(path, arrays);
  expect(await loadArrays(path)).toEqual(arrays);
  expect(await readdir(folder)).toEqual(["m.npz"]);
});

test("an existing file keeps its mode, and a link stays a link", async () => {
  const path = join(folder, "real");
  await writeFile(path, "old");
  await chmod(path, 0o640);
  await symlink("real", join(folder, "link"));
  await writeAside(join(folder, "link"), "new");
  expect(await readFile(path, "utf8")).toBe("new");
  expect((await stat(path)).mode & 0o777).toBe(0o640);
  expect((await readdir(folder)).sort()).toEqual(["link", "real"]);
});

test("a failed write leaves the old file whole and no partial one", async () => {
  const path = join(folder, "m.npz");
  await writeFile(path, "old");
  await expect(writeAside(path, { not: "bytes" } as unknown as Uint8Array)).rejects.toThrow();
  expect(await readFile(path, "utf8")).toBe("old");
  const absent = join(folder, "missing", "m.npz");
  await expect(writeAside(absent, "x")).rejects.toThrow(
    `${absent} was not written, and is as it was before: its folder`,
  );
  await expect(writeAside(absent, "x")).rejects.toMatchObject({ code: "ENOENT" });
  await expect(writeAside(folder, "a folder can't be replaced")).rejects.toThrow(`${folder} was not written`);
  expect(await readdir(folder)).toEqual(["m.npz"]);
  expect((await readdir(tmpdir())).filter((name) => name.endsWith(".part"))).toEqual([]);
});

test("what a killed process left of a write goes once it is old, and nothing else", async () => {
  const path = join(folder, "m.npz");
  const part = (file: string) => `.${file}.0b9f1c1e-3f0a-4c53-8e5a-1f6f0e3a9d11.part`;
  const old = new Date(Date.now() - 3_600_000);
  for (const name of [part("m.npz"), part("other.npz"), ".m.npz.mine.part"]) {
    await writeFile(join(folder, name), "half");
    await utimes(join(folder, name), old, old);
  }
  await writeFile(join(folder, part("m.npz").replace("0b9f", "1111")), "being written by somebody else");
  await writeAside(path, "new");
  expect((await readdir(folder)).sort()).toEqual(
    [part("m.npz").replace("0b9f", "1111"), ".m.npz.mine.part", part("other.npz"), "m.npz"].sort(),
  );
});

test("errors name the file; a file over maxBytes is not read at all", async () => {
  const path = join(folder, "m.npz");
  await saveArrays(path, arrays);
  const { size } = await stat(path);
  await expect(loadArrays(path, { maxBytes: 10 })).rejects.toThrow(`${path} has ${size} bytes, over the limit of 10`);
  await writeFile(path, (await readFile(path)).subarray(0, 50));
  await expect(loadArrays(path)).rejects.toThrow(`${path} is truncated at byte 50 of`);
});
