// IDX against bytes written out from its description: 00 00 type rank, big-endian sizes, elements.
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { classLabels, parseIdx, readIdx, writeIdx } from "./idx.ts";

const u32 = (value: number): number[] => [value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255];
const idx = (type: number, shape: readonly number[], data: readonly number[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([0, 0, type, shape.length, ...shape.flatMap(u32), ...data]);

test("every element type, big-endian", async () => {
  expect(await readIdx(idx(8, [2, 2], [1, 2, 3, 255]))).toEqual({
    dtype: "u8",
    shape: [2, 2],
    data: Uint8Array.of(1, 2, 3, 255),
  });
  expect(parseIdx(idx(9, [1], [255])).data).toEqual(Int8Array.of(-1));
  expect(parseIdx(idx(11, [2], [0, 1, 1, 0])).data).toEqual(Int16Array.of(1, 256));
  expect(parseIdx(idx(12, [1], [255, 255, 255, 254])).data).toEqual(Int32Array.of(-2));
  expect(parseIdx(idx(13, [1], [0x3f, 0x80, 0, 0])).data).toEqual(Float32Array.of(1));
  expect(parseIdx(idx(14, [1], [0x3f, 0xf8, 0, 0, 0, 0, 0, 0])).data).toEqual(Float64Array.of(1.5));
});

test("D04 gzip is seen by 1F 8B, not by a name: zipped or not, in pieces of any size", async () => {
  const plain = idx(8, [3], [7, 8, 9]);
  for (const bytes of [plain, new Uint8Array(gzipSync(plain))]) {
    for (const size of [1, 2, 1000]) {
      const pieces = async function* (): AsyncGenerator<Uint8Array> {
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
      };
      expect((await readIdx(pieces(), { label: "train-images-idx3-ubyte.gz" })).data).toEqual(Uint8Array.of(7, 8, 9));
    }
  }
});

test("a download that breaks off in a zipped file is told as what it is", async () => {
  const zipped = new Uint8Array(gzipSync(idx(8, [500], new Array(500).fill(3))));
  async function* broken(error: Error) {
    yield zipped.subarray(0, 20);
    throw error;
  }
  for (const error of [new Error("network lost"), new TypeError("terminated")]) {
    await expect(readIdx(broken(error), { label: "a.gz" })).rejects.toBe(error);
  }
});

test("D04 a truncated gzip is an error that says so", async () => {
  const zipped = new Uint8Array(gzipSync(idx(8, [500], new Array(500).fill(3))));
  const cut = zipped.subarray(0, zipped.length - 12);
  await expect(readIdx(cut, { label: "a.gz" })).rejects.toThrow(
    "a.gz can't be unzipped; its gzip is truncated or damaged",
  );
});

test("an error of the source itself comes through, zipped or not", async () => {
  for (const start of [
    [0, 0],
    [0x1f, 0x8b],
  ]) {
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield Uint8Array.from(start);
      throw new RangeError("the disk is gone");
    };
    await expect(readIdx(failing())).rejects.toThrow("the disk is gone");
  }
});

test("D03 650,000 bytes for 65,000 items: one-hot labels are detected", () => {
  const bytes = new Uint8Array(8 + 650_000);
  bytes.set(idx(8, [65_000], []));
  expect(() => parseIdx(bytes, "labels")).toThrow(
    "labels has 650000 bytes of data where its header, u8 [65000], makes 65000; that is 10 bytes an item: one-hot labels",
  );
  const oneHot = { dtype: "u8", shape: [65_000, 10], data: new Uint8Array(650_000) } as const;
  expect(() => classLabels(oneHot, 65_000)).toThrow("has shape [65000,10]: one row an example, one-hot perhaps");
});

test("D03 labels are checked against the images", () => {
  const labels = parseIdx(idx(8, [3], [1, 2, 3]));
  expect(classLabels(labels, 3)).toEqual(Int32Array.of(1, 2, 3));
  expect(() => classLabels(labels, 4, "t10k-labels")).toThrow(
    "t10k-labels has 3 labels for 4 images; expected one each",
  );
  expect(() => classLabels(parseIdx(idx(13, [1], [0, 0, 0, 0])), 1)).toThrow(
    "labels of dtype f32; expected whole numbers",
  );
});

test("sizes: truncated at byte n of m, in header and data; a huge claim asks for no memory", () => {
  expect(() => parseIdx(idx(8, [4], [1, 2]))).toThrow("truncated at byte 2 of 4 of its data (its header says u8 [4])");
  expect(() => parseIdx(Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1))).toThrow("truncated at byte 8 of 16 of its header");
  expect(() => parseIdx(idx(14, [2 ** 32 - 1, 2 ** 32 - 1], []))).toThrow("truncated at byte 0 of");
  expect(parseIdx(idx(8, [0, 28, 28], [])).shape).toEqual([0, 28, 28]);
  expect(() => parseIdx(idx(8, [0], [1]))).toThrow("has 1 bytes of data where its header, u8 [0], makes 0");
});

test("what is no IDX file is refused with what it begins with", async () => {
  const text = new TextEncoder().encode("<html>");
  await expect(readIdx(text)).rejects.toThrow("is no IDX file: it begins with 3c 68 74 6d, expected 00 00");
  await expect(readIdx(new Uint8Array(0))).rejects.toThrow("it begins with nothing");
  await expect(readIdx(Uint8Array.of(0, 0, 10, 1))).rejects.toThrow("is no IDX file");
  await expect(readIdx("\0\0" as unknown as Uint8Array)).rejects.toThrow(TypeError);
});

test("maxBytes bounds what a small zipped file expands to", async () => {
  const bomb = new Uint8Array(gzipSync(new Uint8Array(100_000)));
  await expect(readIdx(bomb, { maxBytes: 50_000 })).rejects.toThrow("has more than 50000 bytes; raise maxBytes");
});

test("property: what is written is read back; a damaged header is an error, never a crash", () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(sizes, fc.array(fc.tuple(fc.nat(19), fc.nat(255)), { maxLength: 3 }), (shape, damage) => {
      const data = Uint8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i);
      const bytes = writeIdx(shape, data);
      expect(parseIdx(bytes)).toEqual({ dtype: "u8", shape, data });
      for (const [at, byte] of damage) if (at < bytes.length) bytes[at] = byte;
      try {
        parseIdx(bytes);
      } catch (error) {
        expect((error as Error).message).toMatch(/^the IDX file/);
      }
    }),
  );
});
