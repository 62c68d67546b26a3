// The memory: how much of it is granted, and what an allocation beyond it says.
import { describe, expect, it } from "vitest";
import { startFresh } from "./fresh.ts";
import { createMemory } from "./memory.ts";

/** An engine that reserves no more than `limit` bytes. */
const refusingAbove = (limit: number) =>
  class extends WebAssembly.Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      if ((descriptor.maximum ?? 0) * 65_536 > limit) throw new RangeError("could not allocate memory");
      super(descriptor);
    }
  };

const gibibyte = 2 ** 30;

describe("createMemory", () => {
  it.each([
    [4, 4],
    [3.9, 2],
    [1.5, 1],
    [0.5, 0.5],
  ])("with an engine that reserves %d GiB asks down to %d GiB", (limit, granted) => {
    const { maximumBytes, memory } = createMemory(4 * gibibyte, refusingAbove(limit * gibibyte));
    expect(maximumBytes).toBe(granted * gibibyte);
    expect(memory.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it("asks for what the user wants first, then for less, never for more", () => {
    expect(createMemory(3 * gibibyte).maximumBytes).toBe(3 * gibibyte);
    expect(createMemory(3 * gibibyte, refusingAbove(2.5 * gibibyte)).maximumBytes).toBe(2 * gibibyte);
    expect(createMemory(100_000_000).maximumBytes).toBe(Math.floor(100_000_000 / 65_536) * 65_536);
  });

  it("says so when nothing is granted", () => {
    expect(() => createMemory(4 * gibibyte, refusingAbove(0))).toThrow(/refuses a shared memory of 4294967296 bytes/);
  });
});

describe("T04: an allocation beyond the limit", () => {
  it("is a RangeError that names the bytes asked for, and what is alive goes on", async () => {
    const fresh = await startFresh({ threads: 1, maximumMemoryBytes: 64 << 20 });
    const k = fresh.kernels();
    const handle = k.alloc(4);
    fresh.writeBuffer(handle, new Float32Array([5]));
    const refused = () => k.alloc(100 << 20);
    expect(refused).toThrow(RangeError);
    expect(refused).toThrow(/104857600 bytes asked for, 4 bytes alive.*maximumMemoryBytes/);
    expect(() => k.alloc(2 ** 32 - 1)).toThrow(/4294967295 bytes/);
    expect([...fresh.readBuffer(handle, "f32", 1)]).toEqual([5]);
    expect(fresh.explainBackend().memoryBytes).toBe(64 << 20);
  });

  it("gives 2.5 GiB in pieces of 64 MiB, each whole, then the error names the bytes", { timeout: 90_000 }, async () => {
    const maximumMemoryBytes = 2.75 * gibibyte;
    const { kernels, readBuffer, machine } = await startFresh({ threads: 1, maximumMemoryBytes });
    const k = kernels();
    const piece = 64 << 20;
    const bytes = (address: number) => new Uint8Array(machine().granted.memory.buffer, address, piece);
    const handles = Array.from({ length: 40 }, () => k.alloc(piece));
    for (const [index, handle] of handles.entries()) {
      const view = bytes(k.buffer_address(handle, piece));
      view[0] = index;
      view[piece - 1] = 255 - index;
    }
    const ends = handles.map((handle) => {
      const view = bytes(k.buffer_address(handle, piece));
      return [view[0], view[piece - 1]];
    });
    expect(ends).toEqual(handles.map((_, index) => [index, 255 - index]));
    expect(k.live_bytes()).toBe(2.5 * gibibyte);
    expect(readBuffer(handles[39]!, "u8", piece)[0]).toBe(39);
    const more = () => {
      for (let count = 0; count < 64; count++) k.alloc(piece);
    };
    expect(more).toThrow(RangeError);
    expect(more).toThrow(/67108864 bytes asked for, \d+ bytes alive/);
    expect(k.live_bytes()).toBeGreaterThan(2.6 * gibibyte);
  });

  it("uses what there is to the last mebibytes", async () => {
    const { kernels } = await startFresh({ threads: 1, maximumMemoryBytes: 256 << 20 });
    let pieces = 0;
    expect(() => {
      for (;;) {
        kernels().alloc(8 << 20);
        pieces++;
      }
    }).toThrow(RangeError);
    expect(pieces).toBeGreaterThanOrEqual(30);
  });
});
