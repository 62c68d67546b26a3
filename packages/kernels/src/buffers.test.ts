// Copies in and out: exact lengths, every element type, and growth of the memory between and under them.
import { beforeAll, describe, expect, it } from "vitest";
import { type Fresh, startFresh } from "./fresh.ts";

let fresh: Fresh;
beforeAll(async () => {
  fresh = await startFresh({ threads: 1 });
});

describe("buffers", () => {
  it.each([
    ["f32", new Float32Array([1.5, -0, Number.NaN, Infinity, 1e-45])],
    ["i32", new Int32Array([1, -2, 2 ** 31 - 1])],
    ["u8", new Uint8Array([0, 255, 7])],
    ["bool", new Uint8Array([0, 1, 1])],
  ] as const)("give %s back as it came", (dtype, values) => {
    const handle = fresh.kernels().alloc(values.byteLength);
    fresh.writeBuffer(handle, values);
    const back = fresh.readBuffer(handle, dtype, values.length);
    expect(back).toEqual(values);
    expect(back.buffer).not.toBe(fresh.machine().granted.memory.buffer);
    fresh.kernels().free(handle);
  });

  it("hold nothing where nothing is asked for", () => {
    const handle = fresh.kernels().alloc(0);
    fresh.writeBuffer(handle, new Float32Array(0));
    expect(fresh.readBuffer(handle, "f32", 0)).toHaveLength(0);
    fresh.kernels().free(handle);
  });

  it("take the part that a view shows, not what lies around it", () => {
    const handle = fresh.kernels().alloc(8);
    fresh.writeBuffer(handle, new Float32Array([9, 1, 2, 9]).subarray(1, 3));
    expect([...fresh.readBuffer(handle, "f32", 2)]).toEqual([1, 2]);
    fresh.kernels().free(handle);
  });

  it("refuse another length, and a handle that was released", () => {
    const handle = fresh.kernels().alloc(8);
    expect(() => fresh.writeBuffer(handle, new Float32Array(3))).toThrow(/has 8 bytes, expected 12/);
    expect(() => fresh.readBuffer(handle, "u8", 7)).toThrow(/has 8 bytes, expected 7/);
    fresh.kernels().free(handle);
    expect(() => fresh.readBuffer(handle, "u8", 8)).toThrow(/released/);
    expect(() => fresh.kernels().free(handle)).toThrow(/released/);
  });

  it("M06: what was read stays when the memory grows by 256 MiB", () => {
    const handle = fresh.kernels().alloc(16);
    fresh.writeBuffer(handle, new Float32Array([1, 2, 3, 4]));
    const data = fresh.readBuffer(handle, "f32", 4);
    const before = fresh.machine().granted.memory.buffer.byteLength;
    const large = fresh.kernels().alloc(256 << 20);
    expect(fresh.machine().granted.memory.buffer.byteLength).toBeGreaterThan(before);
    expect([...data]).toEqual([1, 2, 3, 4]);
    expect([...fresh.readBuffer(handle, "f32", 4)]).toEqual([1, 2, 3, 4]);
    fresh.kernels().free(large);
    fresh.kernels().free(handle);
  });

  it("M07: one byte, then 64 MiB, then the first is read", () => {
    const small = fresh.kernels().alloc(1);
    fresh.writeBuffer(small, new Uint8Array([42]));
    const large = fresh.kernels().alloc(64 << 20);
    fresh.writeBuffer(large, new Uint8Array(64 << 20).fill(7));
    expect([...fresh.readBuffer(small, "u8", 1)]).toEqual([42]);
    const back = fresh.readBuffer(large, "u8", 64 << 20);
    expect([back[0], back.at(-1)]).toEqual([7, 7]);
    fresh.kernels().free(large);
    fresh.kernels().free(small);
  });

  it("errors cost no memory: a hundred thousand of them leave the kernels at work", () => {
    const k = fresh.kernels();
    for (let i = 0; i < 100_000; i++) {
      try {
        k.free(12_345);
      } catch (error) {
        if (!(error as Error).message.includes("released")) throw error;
      }
    }
    const handle = k.alloc(4);
    k.relu_forward(1, handle, k.alloc(4));
    expect(k.live_buffers()).toBe(2);
  });
});
