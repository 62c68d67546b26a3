// .npy against bytes written out by hand from NumPy's format description (NEP 1 and its versions 2 and 3).
import fc from "fast-check";
import { expect, test } from "vitest";
import { type PlainArray, takeArray } from "../arrays.ts";
import { readNpy, writeNpy } from "./npy.ts";

interface HandMade {
  version?: number;
  pad?: number;
  data?: readonly number[];
}

/** A .npy file from its header's text and the data's bytes, with exactly `pad` spaces before the newline. */
function npyBytes(dict: string, { version = 1, pad = 0, data = [] }: HandMade = {}): Uint8Array {
  const text = [...new TextEncoder().encode(`${dict}${" ".repeat(pad)}\n`)];
  const length = version === 1 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0];
  return Uint8Array.from([0x93, ...new TextEncoder().encode("NUMPY"), version, 0, ...length, ...text, ...data]);
}

const dict = (descr: string, shape: string, fortran = "False"): string =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;

test("F01 the header's length is u16 LE in version 1: a header of more than 256 bytes", () => {
  const array = readNpy(npyBytes(dict("|u1", "(3,)"), { pad: 300, data: [7, 8, 9] }));
  expect(array).toEqual({ dtype: "u8", shape: [3], data: Uint8Array.of(7, 8, 9) });
});

test.each([2, 3])("F01 the header's length is u32 LE in version %i", (version) => {
  expect(readNpy(npyBytes(dict("|i1", "(2,)"), { version, data: [255, 1] })).data).toEqual(Int8Array.of(-1, 1));
});

test("F01 length bytes F8 FF past the end are an error that says how much is missing", () => {
  const bytes = npyBytes(dict("|u1", "(1,)"), { data: [1] });
  bytes[8] = 0xf8;
  bytes[9] = 0xff;
  expect(() => readNpy(bytes)).toThrow(`the file is truncated at byte ${bytes.length} of ${10 + 0xfff8}`);
  const second = npyBytes(dict("|u1", "(1,)"), { version: 2, data: [1] });
  second.set([0xff, 0xff, 0xff, 0xff], 8);
  expect(() => readNpy(second)).toThrow(`truncated at byte ${second.length} of ${12 + 0xffffffff}`);
});

test("F03 Fortran order is transposed on reading, in any rank", () => {
  // [[1,2,3],[4,5,6]] column by column: 1 4 2 5 3 6
  const flat = readNpy(npyBytes(dict("|u1", "(2, 3)", "True"), { data: [1, 4, 2, 5, 3, 6] }));
  expect(flat).toEqual({ dtype: "u8", shape: [2, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 6) });
  // element [i,j,k] of shape [2,2,2] is 4i+2j+k; first index fastest: 0 4 2 6 1 5 3 7
  const cube = readNpy(
    npyBytes(dict("<u2", "(2, 2, 2)", "True"), { data: [0, 4, 2, 6, 1, 5, 3, 7].flatMap((v) => [v, 0]) }),
  );
  expect(cube.data).toEqual(Uint16Array.of(0, 1, 2, 3, 4, 5, 6, 7));
});

test("F04 big-endian numbers are swapped: '>f4' [1, 2] and '>i2' [1, 256]", () => {
  const floats = npyBytes(dict(">f4", "(2,)"), { data: [0x3f, 0x80, 0, 0, 0x40, 0, 0, 0] });
  expect(readNpy(floats)).toEqual({ dtype: "f32", shape: [2], data: Float32Array.of(1, 2) });
  expect(readNpy(npyBytes(dict(">i2", "(2,)"), { data: [0, 1, 1, 0] })).data).toEqual(Int16Array.of(1, 256));
});

test("F06 a structured dtype is refused by name, with advice", () => {
  const text = "{'descr': [('a', '<i4'), ('b', '<f4')], 'fortran_order': False, 'shape': (1,), }";
  expect(() => readNpy(npyBytes(text, { data: [0, 0, 0, 0, 0, 0, 0, 0] }))).toThrow(
    "structured dtype [('a', '<i4'), ('b', '<f4')] is not supported; save each field as an array of its own",
  );
});

test.each([
  ["|O", "object arrays are pickles, which can run code"],
  ["<U5", "strings are not supported"],
  ["|S3", "strings are not supported"],
  ["<c8", "save real and imaginary parts"],
  ["<M8[ns]", "dates are not supported"],
  ["|V2", "raw bytes are not supported"],
  ["<f16", "supported: f2, f4"],
  ["constructor", "save real and imaginary parts"],
])("F06 dtype %s is refused by name", (descr, advice) => {
  expect(() => readNpy(npyBytes(dict(descr, "(0,)")))).toThrow(`dtype '${descr}' is not supported; ${advice}`);
});

test("F13 data may begin at any offset, and the bytes may lie at any offset of their buffer", () => {
  for (let pad = 0; pad < 8; pad++) {
    const bytes = npyBytes(dict("<f8", "(1,)"), { pad, data: [0, 0, 0, 0, 0, 0, 0xf8, 0x3f] });
    const shifted = new Uint8Array(bytes.length + 3).subarray(3);
    shifted.set(bytes);
    expect(readNpy(shifted).data).toEqual(Float64Array.of(1.5));
    expect(readNpy(Buffer.from(bytes)).data).toEqual(Float64Array.of(1.5)); // whose slice() shares its bytes
  }
});

test("f2 is widened exactly: subnormals, largest, infinities, NaN, both zeros", () => {
  // bit patterns from IEEE 754: 0001 = 2^-24, 03FF = 1023 * 2^-24, 0400 = 2^-14, 7BFF = 65504
  const halves = [0x0000, 0x8000, 0x0001, 0x8001, 0x03ff, 0x0400, 0x3c00, 0xc000, 0x7bff, 0x7c00, 0xfc00, 0x7e00];
  const bytes = npyBytes(dict("<f2", `(${halves.length},)`), { data: halves.flatMap((h) => [h & 255, h >> 8]) });
  const values = [0, -0, 2 ** -24, -(2 ** -24), 1023 * 2 ** -24, 2 ** -14, 1, -2, 65504, Infinity, -Infinity, NaN];
  expect(readNpy(bytes)).toEqual({ dtype: "f32", shape: [halves.length], data: Float32Array.from(values) });
});

test("i8 and u8 arrive as bigint, or narrowed on request, where a value that does not fit is an error", () => {
  const bytes = npyBytes(dict("<i8", "(2,)"), { data: [5, 0, 0, 0, 0, 0, 0, 0, ...new Array(8).fill(255)] });
  expect(readNpy(bytes).data).toEqual(BigInt64Array.of(5n, -1n));
  expect(readNpy(bytes, { int64: "i32" })).toEqual({ dtype: "i32", shape: [2], data: Int32Array.of(5, -1) });
  const large = npyBytes(dict("<u8", "(2,)"), { data: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, 0, 0, 0] });
  expect(() => readNpy(large, { int64: "i32" })).toThrow("2147483648 at element 1 (u64) does not fit i32");
});

test("0-d and zero-size shapes", () => {
  expect(readNpy(npyBytes(dict("|u1", "()"), { data: [9] }))).toEqual({
    dtype: "u8",
    shape: [],
    data: Uint8Array.of(9),
  });
  const empty = readNpy(npyBytes(dict("<f4", "(3, 0, 1099511627776)", "True")));
  expect(empty).toEqual({ dtype: "f32", shape: [3, 0, 2 ** 40], data: new Float32Array(0) });
});

test("what Python 2 and other writers do: 3L, double quotes, no trailing comma, '=' and bool as '?'", () => {
  const text = '{"shape": (3L), "fortran_order": False, "descr": "?"}';
  expect(readNpy(npyBytes(text, { data: [0, 1, 5] }))).toEqual({
    dtype: "bool",
    shape: [3],
    data: Uint8Array.of(0, 1, 1),
  });
  expect(readNpy(npyBytes(dict("=i2", "(1,)"), { data: [2, 1] })).data).toEqual(Int16Array.of(258));
});

test("a truncated array says at which byte of how many", () => {
  const whole = writeNpy({ dtype: "f32", shape: [4], data: new Float32Array(4) });
  expect(whole.length).toBe(128 + 16); // 70 bytes of header, padded to a multiple of 64, and four f32
  expect(() => readNpy(whole.subarray(0, 140))).toThrow("the file is truncated at byte 140 of 144");
  expect(() => readNpy(whole.subarray(0, 70))).toThrow("the file is truncated at byte 70 of 128");
  expect(() => readNpy(whole.subarray(0, 7), { label: "a.npy" })).toThrow("a.npy is truncated at byte 7 of 8");
  expect(() => readNpy(whole.subarray(0, 9))).toThrow("truncated at byte 9 of 10");
});

test.each([
  ["(1000000000000, 1000000000000)", "over the limit"],
  ["(18446744073709551616,)", "is no tuple of at most 64 sizes"],
  ["(-1,)", "is no tuple"],
  ["(1.5,)", "can't be read"],
  [`(${"1, ".repeat(65)})`, "is no tuple of at most 64 sizes"],
  [`${"(".repeat(40)}${")".repeat(40)}`, "nests deeper than 32"],
  ["(__import__('os'),)", "can't be read"],
  ["(3,", "can't be read"],
])("hostile shape %s is refused before memory is asked for", (shape, message) => {
  expect(() => readNpy(npyBytes(dict("<f8", shape)))).toThrow(message);
});

test("maxBytes bounds what the array takes in memory", () => {
  const bytes = npyBytes(dict("<f2", "(4,)"), { data: new Array(8).fill(0) });
  expect(() => readNpy(bytes, { maxBytes: 15 })).toThrow("takes 16 bytes, over the limit of 15; raise maxBytes");
  expect(readNpy(bytes, { maxBytes: 16 }).shape).toEqual([4]);
});

test("only bytes are accepted", () => {
  expect(() => readNpy("\x93NUMPY" as unknown as Uint8Array)).toThrow(TypeError);
  expect(() => readNpy(new ArrayBuffer(8) as unknown as Uint8Array)).toThrow("wrap it: new Uint8Array(buffer)");
  expect(() => readNpy(new Uint8Array(0))).toThrow("it begins with nothing");
  expect(() => readNpy(Uint8Array.of(0x93, 78, 85, 77, 80, 89, 4, 0, 0, 0))).toThrow("version 4.0 is not supported");
});

test("NaNs are written as the one canonical NaN", () => {
  const payload = new Float32Array(Uint32Array.of(0xffc12345, 0x7f800001).buffer);
  const back = writeNpy({ dtype: "f32", shape: [2], data: payload });
  expect([...new Uint32Array(back.buffer.slice(back.length - 8))]).toEqual([0x7fc00000, 0x7fc00000]);
});

test("a writer's mistakes are named: dtype and data, shape and data", () => {
  const wrong = { dtype: "f32", shape: [2], data: new Float64Array(2) } as unknown as PlainArray;
  expect(() => writeNpy(wrong, "W1")).toThrow("array 'W1': dtype f32 wants a Float32Array, got Float64Array");
  expect(() => writeNpy({ dtype: "u8", shape: [3], data: new Uint8Array(2) })).toThrow(
    "shape [3] is 3 elements, data has 2",
  );
});

test("X04 takeArray names what was expected and what was found", () => {
  const arrays = new Map([["W", { dtype: "f64", shape: [2, 3], data: new Float64Array(6) } as const]]);
  const take = (): unknown => takeArray(arrays, "W", { dtype: "f32", shape: [-1, 3] });
  expect(take).toThrow("array 'W': expected f32 [any,3], found f64 [2,3]");
  expect(() => takeArray(arrays, "b", { dtype: "f32" })).toThrow("no array 'b'; there are: W");
  expect(takeArray(arrays, "W", { dtype: "f64", shape: [-1, 3] }).data.length).toBe(6);
});

test("property: any damage to a file is an Error or another array, never a crash, a hang or a huge allocation", () => {
  const whole = writeNpy({ dtype: "i16", shape: [2, 3], data: Int16Array.of(1, 2, 3, 4, 5, 6) });
  const place = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255) });
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 4 }), fc.nat(whole.length), (places, length) => {
      const bytes = whole.slice(0, length);
      for (const { at, byte } of places) if (at < length) bytes[at] = byte;
      try {
        const { data, shape } = readNpy(bytes, { maxBytes: 4096 });
        expect(data.length).toBe(shape.reduce((product, size) => product * size, 1));
      } catch (error) {
        expect((error as Error).message).toMatch(/^the file/);
      }
    }),
    { numRuns: 2000 },
  );
});
