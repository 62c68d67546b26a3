// Hostile and damaged files, built byte by byte; files of the real PyTorch are read in tests/parity.
import { expect, test } from "vitest";
import type { NamedArrays, PlainArray } from "../arrays.ts";
import { readArrays } from "../read-arrays.ts";
import { writeStoredZip } from "../zip/write.ts";
import { readPtMetadata } from "./metadata.ts";
import { PickleWriter } from "./pickle-writer.ts";
import { pt } from "./pt.ts";
import { readPt } from "./read.ts";
import { writePt } from "./write.ts";

interface Window {
  order?: string;
  storageClass?: string;
  key?: string;
  length?: number;
  offset?: number;
  size?: readonly number[];
  stride?: readonly number[];
}

/** A file whose one tensor, 'w', is described so, over a storage of four f32: 0, 1, 2, 3. */
function described(
  window: Window,
  storage: Uint8Array = new Uint8Array(Float32Array.of(0, 1, 2, 3).buffer),
): Uint8Array {
  const { storageClass = "FloatStorage", key = "0", length = 4, offset = 0, size = [4], stride = [1] } = window;
  const pickle = new PickleWriter().global("collections", "OrderedDict").emptyTuple().reduce();
  pickle.items(() => {
    pickle.string("w").global("torch._utils", "_rebuild_tensor_v2");
    pickle.tuple(() => {
      pickle.tuple(() => pickle.string("storage").global("torch", storageClass).string(key).string("cpu").int(length));
      pickle.persistentId().int(offset);
      pickle.tuple(() => {
        for (const each of size) pickle.int(each);
      });
      pickle.tuple(() => {
        for (const each of stride) pickle.int(each);
      });
      pickle.false().emptyTuple();
    });
    pickle.reduce();
  });
  return file(pickle.finish(), storage, window.order);
}

function file(pickle: Uint8Array, storage: Uint8Array = new Uint8Array(16), order = "little"): Uint8Array {
  return writeStoredZip([
    ["archive/data.pkl", pickle],
    ["archive/byteorder", new TextEncoder().encode(order)],
    ["archive/data/0", storage],
  ]);
}

/** A pickle of protocol 4: these bytes between its start and its end. */
const pickled = (...body: number[]): Uint8Array => file(Uint8Array.of(0x80, 4, ...body, 0x2e));
const text = (characters: string): number[] => [0x8c, characters.length, ...new TextEncoder().encode(characters)];

test("the file that these tests damage is a good one", () => {
  expect(pt.read(described({}))).toEqual(
    new Map([["w", { dtype: "f32", shape: [4], data: Float32Array.of(0, 1, 2, 3) }]]),
  );
  expect([...pt.read(described({ offset: 1, size: [2, 2], stride: [1, 1] })).get("w")!.data]).toEqual([1, 2, 2, 3]);
  expect([...pt.read(described({ size: [0, 2 ** 40], stride: [1, 1] })).get("w")!.data]).toEqual([]);
});

test.each<{ name: string; window: Window; message: string }>([
  {
    name: "F25 a stride of 2^40",
    window: { size: [2], stride: [2 ** 40] },
    message: `stride [${2 ** 40}] and offset 0 reach element ${2 ** 40} of a storage of 4`,
  },
  { name: "F25 an offset", window: { offset: 1 }, message: "offset 1 reach element 4 of a storage of 4" },
  { name: "F25 a size", window: { size: [5] }, message: "reach element 4 of a storage of 4" },
  {
    name: "F25 a product past 2^53",
    window: { size: [2 ** 30, 2 ** 30, 2 ** 30], stride: [2 ** 50, 2 ** 50, 2 ** 50] },
    message: "raise maxBytes",
  },
  {
    name: "F25 four terabytes out of one element",
    window: { size: [2 ** 40], stride: [0] },
    message: `${2 ** 42} bytes`,
  },
  { name: "F25 a negative stride", window: { offset: 3, stride: [-1] }, message: "no two lists of at most 64 whole" },
  { name: "F25 a negative offset", window: { offset: -1 }, message: "offset -1 is no whole number from 0" },
  { name: "F25 more strides than sizes", window: { stride: [1, 1] }, message: "no two lists of at most 64" },
  { name: "F25 too long a storage", window: { length: 2 ** 40 }, message: `16 bytes where ${2 ** 42} are promised` },
  {
    name: "F25 a storage of another type",
    window: { storageClass: "DoubleStorage" },
    message: "data/0 has 16 bytes where 32 are promised",
  },
  {
    name: "a storage that is not there",
    window: { key: "../../etc/passwd" },
    message: "its elements, data/../../etc/passwd, are not in the file",
  },
  {
    name: "an unknown type",
    window: { storageClass: "QInt8Storage" },
    message: "tensors of torch.QInt8Storage are not supported",
  },
])("$name is refused", ({ window, message }) => {
  expect(() => pt.read(described(window), { label: "x.pt" })).toThrow(message);
  expect(() => pt.read(described(window), { label: "x.pt" })).toThrow(/^x\.pt: /);
});

test("all tensors together may take maxBytes", () => {
  const two: NamedArrays = new Map([
    ["a", { dtype: "f32", shape: [100], data: new Float32Array(100) }],
    ["b", { dtype: "f32", shape: [100], data: new Float32Array(100) }],
  ]);
  expect(() => pt.read(writePt(two), { maxBytes: 700 })).toThrow("over the limit of 700");
  const expanded = described({ size: [100, 4], stride: [0, 1] });
  expect(() => pt.read(expanded, { maxBytes: 500 })).toThrow("tensor w: shape [100,4] takes 1600 bytes, 500 are left");
});

test("calls and names that are no data are refused by name, and nothing is run", () => {
  const system = new PickleWriter()
    .global("os", "system")
    .tuple(() => {})
    .reduce()
    .finish();
  expect(() => readPt(file(system))).toThrow("it holds more than data: os.system is code that would have to run");
  const evaluated = pickled(...text("builtins"), ...text("eval"), 0x93, ...text("1"), 0x85, 0x52);
  expect(() => readPt(evaluated)).toThrow("builtins.eval is code");
  expect(() => readPt(pickled(...text("os"), ...text("system"), 0x93))).toThrow("os.system, code instead of data");
  const inherited = new PickleWriter().global("", "constructor").emptyTuple().reduce().finish();
  expect(() => readPt(file(inherited))).toThrow("it holds more than data");
});

test.each<[string, number[], string]>([
  ["F27 protocol 1", [0x80, 1], "it is a pickle of protocol 1; 2 to 5 are read (byte 2 of 5)"],
  ["an opcode that is not needed", [0x6f], "opcode 0x6f is not on the list of those that data needs (byte 2 of 4)"],
  ["an empty stack", [0x85], "its stack is empty"],
  ["no mark", [0x74], "there is no mark"],
  ["an empty memo", [0x68, 7], "its memo has nothing at 7"],
  ["items of no dict", [0x5d, 0x28, 0x75], "items are set on something that is no dict"],
  ["a key without a value", [0x7d, 0x28, 0x4b, 1, 0x75], "a key of a dict has no value"],
  ["work left over", [0x4b, 1, 0x4b, 2], "it ends with work left over"],
  ["F27 a text of 2^63 bytes", [0x8d, 0, 0, 0, 0, 0, 0, 0, 0x80], "its pickle is truncated at byte 12 of at least"],
  ["F27 bytes of 4 GB", [0x42, 255, 255, 255, 255], "its pickle is truncated at byte 8 of at least 4294967302"],
  ["text that is no UTF-8", [0x8c, 1, 0xff], "a text in it is no UTF-8"],
  ["a reference to nothing", [0x4b, 1, 0x51], "refers to something outside of it that is no storage"],
])("%s is refused", (_, body, message) => {
  expect(() => readPt(pickled(...body), { label: "x.pt" })).toThrow(message);
});

test("a list that holds itself, and one that doubles a hundred times", () => {
  expect(() => readPt(pickled(0x5d, 0x94, 0x68, 0, 0x61))).toThrow("nests deeper than 100 levels");
  // x = []; x = [x, x], 60 times over: 2^60 lists if each were walked
  const doubled = Array.from({ length: 60 }, (_, i) => [0x94, 0x30, 0x28, 0x68, i, 0x68, i, 0x6c]).flat();
  expect(Array.isArray(readPt(pickled(0x5d, ...doubled)))).toBe(true);
});

test("F28 a text instead of bytes is a TypeError", () => {
  expect(() => readPt("bytes as text" as unknown as Uint8Array)).toThrow(TypeError);
});

test("F37 a zip without a pickle, a pickle without a zip, and TorchScript are told apart", () => {
  const zip = writeStoredZip([["archive/other", new Uint8Array(1)]]);
  expect(() => readPt(zip)).toThrow("is no PyTorch file: the zip has 0 files called data.pkl, expected one");
  expect(() => readPt(Uint8Array.of(0x80, 4, 0x4e, 0x2e))).toThrow("it begins with 80 04 4e 2e, not as a zip does");
  const script = writeStoredZip([
    ["m/data.pkl", Uint8Array.of(0x80, 2, 0x4e, 0x2e)],
    ["m/constants.pkl", new Uint8Array(0)],
  ]);
  expect(() => readPt(script)).toThrow("is a TorchScript archive");
});

test("a damaged byte is found by its CRC; big-endian elements are swapped", () => {
  const good = described({});
  const at = good.findIndex((_, i) => good[i + 14] === 0x40 && good[i + 15] === 0x40); // 2 and 3 as f32 end in 00 40, 40 40
  const damaged = good.slice();
  damaged[at + 15]! ^= 1;
  expect(() => readPt(damaged)).toThrow("is damaged: CRC-32");
  const big = Uint8Array.of(0x3f, 0x80, 0, 0, 0xc0, 0x20, 0, 0); // 1 and -2.5 with their high bytes first
  expect([...pt.read(described({ order: "big", length: 2, size: [2] }, big)).get("w")!.data]).toEqual([1, -2.5]);
  expect(() => readPt(described({ order: "middle" }))).toThrow("its byteorder is 'middle', expected little or big");
});

test("what is written is read, names like __proto__ too, from a Buffer too; the same arrays make the same bytes", () => {
  const arrays: NamedArrays = new Map<string, PlainArray>([
    ["__proto__", { dtype: "f32", shape: [2], data: Float32Array.of(1, -2) }],
    ["i", { dtype: "i64", shape: [], data: BigInt64Array.of(-5n) }],
  ]);
  const bytes = writePt(arrays);
  expect(readArrays(Buffer.from(bytes))).toEqual(arrays);
  expect(writePt(arrays)).toEqual(bytes);
  expect(pt.recognizes(bytes)).toBe(true);
});

test("metadata comes back beside the tensors, and is no tensor", () => {
  const arrays: NamedArrays = new Map([["w", { dtype: "f32", shape: [2], data: Float32Array.of(1, 2) }]]);
  const metadata = { input: { kind: "digit", side: 28 }, classes: ["zero", "é"] };
  const bytes = writePt(arrays, { metadata });
  expect(readPtMetadata(bytes)).toEqual(metadata);
  expect(pt.read(bytes)).toEqual(arrays);
  expect(readPtMetadata(writePt(arrays))).toBeNull();
});

test("metadata that is no JSON object is shown", () => {
  const bytes = writeStoredZip([["archive/extra/lanewise.json", new TextEncoder().encode("[1, 2")]]);
  expect(() => readPtMetadata(bytes, { label: "net.pt" })).toThrow(
    /^net\.pt: extra\/lanewise\.json begins with \[1, 2/,
  );
});
