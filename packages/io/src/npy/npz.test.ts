// .npz against zips put together by hand, so that each field can lie; CRC-32 values come from Python's zlib.crc32.
import fc from "fast-check";
import { deflateSync } from "fflate";
import { expect, test } from "vitest";
import type { NamedArrays, PlainArray } from "../arrays.ts";
import { hashArrays } from "../hash.ts";
import { readArrays } from "../read-arrays.ts";
import { crc32 } from "../zip/crc32.ts";
import { writeNpy } from "./npy.ts";
import { npz } from "./npz.ts";

interface Member {
  name: string;
  /** What the entry holds, before compression. */
  bytes: Uint8Array;
  method?: number;
  flags?: number;
  /** What the headers claim, where it is not the truth. */
  claim?: { size?: number; crc?: number; compressedSize?: number; headerAt?: number };
}

/** A zip file, field by field as PKWARE's APPNOTE 4.3 lists them. */
function zipBytes(members: readonly Member[], comment = ""): Uint8Array {
  const out: number[] = [];
  const directory: number[] = [];
  const u16 = (v: number): number[] => [v & 255, (v >> 8) & 255];
  const u32 = (v: number): number[] => [...u16(v & 0xffff), ...u16(v >>> 16)];
  for (const { name, bytes, method = 0, flags = 0, claim = {} } of members) {
    const headerAt = claim.headerAt ?? out.length;
    const content = method === 8 ? deflateSync(bytes) : bytes;
    const nameBytes = [...new TextEncoder().encode(name)];
    const { crc = crc32(bytes), compressedSize = content.length, size = bytes.length } = claim;
    const shared = [
      ...u16(20),
      ...u16(flags),
      ...u16(method),
      ...u32(0),
      ...u32(crc),
      ...u32(compressedSize),
      ...u32(size),
    ];
    out.push(...u32(0x04034b50), ...shared, ...u16(nameBytes.length), ...u16(0), ...nameBytes, ...content);
    directory.push(
      ...u32(0x02014b50),
      ...u16(20),
      ...shared,
      ...u16(nameBytes.length),
      ...u16(0),
      ...u16(0),
      ...u16(0),
    );
    directory.push(...u16(0), ...u32(0), ...u32(headerAt), ...nameBytes);
  }
  const counts = [...u16(members.length), ...u16(members.length)];
  const end = [...u32(0x06054b50), ...u32(0), ...counts, ...u32(directory.length), ...u32(out.length)];
  return Uint8Array.from([...out, ...directory, ...end, ...u16(comment.length), ...new TextEncoder().encode(comment)]);
}

const one = writeNpy({ dtype: "u8", shape: [3], data: Uint8Array.of(1, 2, 3) });
const zeros = writeNpy({ dtype: "u8", shape: [5000], data: new Uint8Array(5000) });

test("crc32 of '123456789' is cbf43926, and of every length's remainder as zlib says", () => {
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
  expect(["", "a", "ab", "abc", "abcd"].map((text) => crc32(new TextEncoder().encode(text)))).toEqual([
    0, 0xe8b7be43, 0x9e83486d, 0x352441c2, 0xed82cd11,
  ]);
});

test("F10 stored and deflated entries, with a comment after the end record", () => {
  const members = [
    { name: "a.npy", bytes: one },
    { name: "b.npy", bytes: zeros, method: 8 },
  ];
  const arrays = npz.read(zipBytes(members, "PK\x05\x06 a comment that looks like an end record"));
  expect([...arrays.keys()]).toEqual(["a", "b"]);
  expect(arrays.get("a")?.data).toEqual(Uint8Array.of(1, 2, 3));
  expect(arrays.get("b")?.shape).toEqual([5000]);
});

test("F12 compression method 9 is 'not supported', by name", () => {
  const read = (): unknown => npz.read(zipBytes([{ name: "w.npy", bytes: one, method: 9 }]), { label: "m.npz" });
  expect(read).toThrow("m.npz: 'w.npy' is compressed by method 9 (deflate64): method 9 not supported");
});

test("F28 only bytes are accepted", () => {
  expect(() => npz.read("PK" as unknown as Uint8Array)).toThrow(TypeError);
  expect(() => readArrays([80, 75] as unknown as Uint8Array)).toThrow("expected a Uint8Array, got Array");
});

test("F39 content decides, not the name: a .npy called .npz is read as what it is", () => {
  expect([...readArrays(one, { label: "model.npz" }).keys()]).toEqual(["arr_0"]);
  expect(() => npz.read(one)).toThrow("it is a single .npy: use readNpy or readArrays");
  expect(() => readArrays(Uint8Array.of(1, 2), { label: "x" })).toThrow(
    "x is neither .npy, .npz nor .pt: it begins with 01 02",
  );
});

test.each([0.5, 0.9])("F40 a file cut at %d says at which byte of how many", (part) => {
  const whole = zipBytes([
    { name: "a.npy", bytes: zeros },
    { name: "b.npy", bytes: zeros },
  ]);
  const cut = whole.subarray(0, Math.floor(whole.length * part));
  const firstEnd = 30 + 5 + zeros.length;
  const wanted = part < 0.5 ? firstEnd : 2 * firstEnd;
  expect(() => npz.read(cut)).toThrow(`the file is truncated at byte ${cut.length} of at least ${wanted}`);
});

test("F40 a file that lacks only its end says so", () => {
  const whole = zipBytes([{ name: "a.npy", bytes: one }]);
  expect(() => npz.read(whole.subarray(0, whole.length - 4))).toThrow("its zip directory is missing");
});

test("a damaged byte is found by the CRC", () => {
  const bytes = zipBytes([{ name: "a.npy", bytes: one }]);
  bytes[30 + 5 + one.length - 1] = 77;
  expect(() => npz.read(bytes)).toThrow(/'a.npy' is damaged: CRC-32 is [0-9a-f]{8}, should be [0-9a-f]{8}/);
});

test("F36 names are only names: __proto__, constructor, paths; two of one name are refused", () => {
  const names = ["__proto__", "constructor", "../../etc/x", "layers/0/w", "größe"];
  const members = names.map((name) => ({ name: `${name}.npy`, bytes: one, flags: 0x800 }));
  const arrays = npz.read(zipBytes(members));
  expect([...arrays.keys()]).toEqual(names);
  expect(({} as Record<string, unknown>).dtype).toBeUndefined();
  const twice = [
    { name: "w.npy", bytes: one },
    { name: "w", bytes: one },
  ];
  expect(() => npz.read(zipBytes(twice))).toThrow("two arrays are called 'w'");
  expect([...npz.read(npz.write(new Map([["__proto__", u8(1)]]))).keys()]).toEqual(["__proto__"]);
});

test("a zip bomb is refused by what it claims, and cannot lie about it", () => {
  const read = (member: Partial<Member>, maxBytes = 2 ** 30): unknown =>
    npz.read(zipBytes([{ name: "w.npy", bytes: zeros, method: 8, ...member }]), { maxBytes });
  expect(() => read({}, 4000)).toThrow(
    `its contents take ${zeros.length} bytes, over the limit of 4000; raise maxBytes`,
  );
  expect(() => read({ claim: { size: 100 } })).toThrow("'w.npy' has 101 bytes where its entry says 100");
  expect(() => read({ claim: { size: 6000 } })).toThrow(`'w.npy' has ${zeros.length} bytes where its entry says 6000`);
  expect(() => read({ claim: { size: 2 ** 29 } })).toThrow("more than");
  expect(() => read({ claim: { size: 2 ** 31 } })).toThrow("over the limit");
});

test("entries that overlap are refused", () => {
  const members = [
    { name: "a.npy", bytes: one },
    { name: "b.npy", bytes: one, claim: { headerAt: 0 } },
  ];
  expect(() => npz.read(zipBytes(members))).toThrow("'b.npy' overlaps the entry before it");
});

test("offsets and sizes past the end are refused; so are encryption and damaged deflate", () => {
  const read = (member: Partial<Member>): unknown => npz.read(zipBytes([{ name: "w.npy", bytes: one, ...member }]));
  expect(() => read({ claim: { headerAt: 2 ** 31 } })).toThrow("no local header of 'w.npy' at byte 2147483648");
  expect(() => read({ claim: { compressedSize: 2 ** 30 } })).toThrow("'w.npy' would end at byte");
  expect(() => read({ claim: { size: 0xffffffff } })).toThrow("'w.npy' wants zip64 sizes and has none");
  expect(() => read({ flags: 1 })).toThrow("'w.npy' is encrypted, which is not supported");
  const bytes = zipBytes([{ name: "w.npy", bytes: zeros, method: 8 }]);
  bytes[30 + 5] = 0xff;
  expect(() => npz.read(bytes)).toThrow("'w.npy' can't be inflated");
});

test("a member that is no array is refused by name", () => {
  const text = { name: "README.txt", bytes: new TextEncoder().encode("hello") };
  expect(() => npz.read(zipBytes([text]))).toThrow("'README.txt' is no .npy this can read");
});

test("an empty archive is an empty map, both ways", () => {
  expect(npz.read(zipBytes([])).size).toBe(0);
  expect(npz.read(npz.write(new Map())).size).toBe(0);
});

test("the same arrays make the same bytes, and one hash for any order and compression", async () => {
  const arrays: NamedArrays = new Map([
    ["a", u8(1, 2)],
    ["b", u8(3)],
  ]);
  expect(npz.write(arrays)).toEqual(npz.write(arrays));
  const other = npz.read(npz.write(new Map([...arrays].reverse()), { compress: false }));
  expect(await hashArrays(other)).toBe(await hashArrays(arrays));
  expect(
    await hashArrays(
      new Map([
        ["a", u8(1, 2)],
        ["b", u8(4)],
      ]),
    ),
  ).not.toBe(await hashArrays(arrays));
});

test("more than a zip without zip64 holds is a clear error, before any work", () => {
  const huge = { dtype: "u8", shape: [2 ** 32], data: { byteLength: 2 ** 32 } } as unknown as PlainArray;
  expect(() => npz.write(new Map([["w", huge]]))).toThrow("would need zip64, which is not written here");
});

const plainArray = fc.oneof(
  fc.float32Array().map((data): PlainArray => ({ dtype: "f32", shape: [data.length], data })),
  fc.float64Array().map((data): PlainArray => ({ dtype: "f64", shape: [1, data.length], data })),
  fc.int16Array().map((data): PlainArray => ({ dtype: "i16", shape: [data.length, 1, 1], data })),
  fc.bigInt64Array().map((data): PlainArray => ({ dtype: "i64", shape: [data.length], data })),
  fc.uint32Array({ minLength: 1, maxLength: 1 }).map((data): PlainArray => ({ dtype: "u32", shape: [], data })),
);

test("property: what is written is read back, names and all", () => {
  const named = fc.uniqueArray(fc.tuple(fc.string({ unit: "grapheme" }), plainArray), { selector: ([name]) => name });
  fc.assert(
    fc.property(named, fc.boolean(), (entries, compress) => {
      const arrays = new Map(entries.filter(([name]) => !name.endsWith(".npy") && !name.endsWith("/")));
      expect([...npz.read(npz.write(arrays, { compress }))]).toEqual([...arrays]);
    }),
  );
});

test("property: any damage to a zip is an Error about the file or leaves arrays, never a crash or a hang", () => {
  const whole = npz.write(
    new Map([
      ["a", u8(1, 2, 3)],
      ["b", u8(...new Array(300).fill(7))],
    ]),
  );
  const place = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255) });
  fc.assert(
    fc.property(
      fc.array(place, { minLength: 1, maxLength: 4 }),
      fc.nat(whole.length),
      fc.boolean(),
      (places, n, cut) => {
        const bytes = whole.slice(0, cut ? n : whole.length);
        for (const { at, byte } of places) if (at < bytes.length) bytes[at] = byte;
        try {
          npz.read(bytes, { maxBytes: 2 ** 16 });
        } catch (error) {
          expect((error as Error).message).toMatch(/^the file/);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

function u8(...values: number[]): PlainArray {
  return { dtype: "u8", shape: [values.length], data: Uint8Array.from(values) };
}
