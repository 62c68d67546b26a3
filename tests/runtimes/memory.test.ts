// T04: memory up to the engine's limit, in Node.
import { explainBackend, init, kernels, readBuffer, writeBuffer } from "@lanewise/kernels";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const piece = 64 << 20;

beforeAll(() => init({ threads: 1 }));

describe("T04: 2.5 GiB in pieces of 64 MiB", () => {
  const handles: number[] = [];
  afterAll(() => {
    for (const handle of handles) kernels().free(handle);
  });

  it("can be had, beyond 2 GiB too, and the pieces keep their own", () => {
    const data = new Uint8Array(piece);
    for (let i = 0; i < 40; i++) {
      const handle = kernels().alloc(piece);
      writeBuffer(handle, data.fill(i));
      handles.push(handle);
    }
    expect(kernels().live_bytes()).toBe(40 * piece);
    for (const i of [0, 15, 30, 31, 32, 39]) {
      const back = readBuffer(handles[i]!, "u8", piece);
      expect([back[0], back.at(-1)]).toEqual([i, i]);
    }
  });

  it("and kernels work up there", () => {
    const [x, y] = [handles.at(-1)!, handles.at(-2)!];
    writeBuffer(x, new Float32Array(piece / 4).fill(-3));
    kernels().abs_forward(piece / 4, x, y);
    const result = readBuffer(y, "f32", piece / 4);
    expect([result[0], result.at(-1)]).toEqual([3, 3]);
  });

  it("what goes beyond the limit is a RangeError that names the bytes", () => {
    expect(explainBackend().memoryBytes).toBe(2 ** 32);
    expect(() => kernels().alloc(2 ** 31)).toThrow(RangeError);
    expect(() => kernels().alloc(2 ** 31)).toThrow(/2147483648 bytes asked for, 2684354560 bytes alive in 40 buffers/);
  });
});
