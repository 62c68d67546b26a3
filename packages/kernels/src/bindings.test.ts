// What crosses to the kernels and back: every export that is more than numbers in is known to the bindings.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { startFresh } from "./fresh.ts";

const declarations = readFileSync(new URL("../wasm/strict/lanewise_kernels.d.ts", import.meta.url), "utf8");
const exported = [...declarations.matchAll(/^export function (\w+)\((.*)\): (\w+);$/gm)]
  .map(([, name, parameters, result]) => ({ name: name!, parameters: parameters!, result: result! }))
  .filter(({ name }) => name !== "initSync");

it("arrays are taken by strided kernels alone, numbers given by the exports that are named", () => {
  expect(exported.length).toBeGreaterThan(100);
  const withArrays = exported.filter(({ parameters }) => parameters.includes("[]")).map(({ name }) => name);
  expect(withArrays.filter((name) => !name.startsWith("strided_"))).toEqual([]);
  const giving = exported.filter(({ result }) => result !== "void").map(({ name }) => name);
  const known =
    "alloc buffer_address live_buffers live_bytes peak_bytes pool_is_dead pool_ready pool_shared_chunks pool_threads pooled_bytes";
  expect(giving.sort()).toEqual(known.split(" "));
});

it("handles are unsigned in their highest generations, a view by strides is copied, and too much memory is a RangeError", async () => {
  const { kernels, writeBuffer, readBuffer } = await startFresh({ threads: 1 });
  const k = kernels();
  // A slot's generation is the handle's twelve upper bits, the first of them set from 2048 on.
  let handle = k.alloc(24);
  for (let turn = 0; turn < 2100; turn++) {
    k.free(handle);
    handle = k.alloc(24);
  }
  expect(handle).toBeGreaterThan(2 ** 31);
  writeBuffer(handle, new Float32Array([1, 2, 3, 4, 5, 6]));
  const turned = k.alloc(24);
  k.strided_copy([3, 2], [1, 3], 0, 6, handle, turned);
  expect([...readBuffer(turned, "f32", 6)]).toEqual([1, 4, 2, 5, 3, 6]);
  expect(() => k.alloc(2 ** 32 - 64)).toThrow(RangeError);
  expect(() => k.alloc(2 ** 32 - 64)).toThrow(/out of memory: 4294967232 bytes asked for/);
  expect(k.live_buffers()).toBe(2);
});
