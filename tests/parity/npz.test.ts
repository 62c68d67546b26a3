// NumPy writes what we read, and reads what we write: with the real np.save and np.savez.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type NamedArrays, npz, type PlainArray, readArrays, readNpy, writeNpy } from "@lanewise/io";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasPython, python, temporaryFolder } from "./python.ts";

const WRITE = `
import io, struct, numpy as np
from numpy.lib import format as f
a = np.array([[1, 2, 3], [4, 5, 6]])
for dtype in ['f2','f4','f8','i1','i2','i4','i8','u1','u2','u4','u8','b1']:
    for order in '<>':
        kind = np.dtype(order + dtype)
        np.save(f'{order}{dtype}.npy', (np.arange(6).reshape(2, 3) % (2 if dtype == 'b1' else 7)).astype(kind))
np.save('fortran.npy', np.asfortranarray(a.astype('f4')))
np.save('fortran4.npy', np.asfortranarray(np.arange(120).reshape(2, 3, 4, 5).astype('>i4')))
np.save('arange.npy', np.arange(3))
np.save('scalar.npy', np.float32(2.5)); np.save('empty.npy', np.zeros((0, 3), 'f4'))
np.save('structured.npy', np.zeros(2, [('a', 'i4'), ('b', 'f4')]))
np.save('string.npy', np.array(['ab', 'c'])); np.save('object.npy', np.array([{}], dtype=object))
for version in [(1, 0), (2, 0), (3, 0)]:
    with open(f'version{version[0]}.npy', 'wb') as file: f.write_array(file, a.astype('f4'), version=version)
half = np.arange(65536, dtype='u2').view('f2'); np.save('half.npy', half)
np.save('half-wide.npy', half.astype('f4'))
with open('two.npy', 'wb') as file: np.save(file, np.arange(3)); np.save(file, np.arange(9))
arrays = dict(f4=a.astype('f4'), f8=a / 7, i8=a - 2**40, b1=a > 2)
np.savez('stored.npz', **arrays); np.savez_compressed('deflated.npz', **arrays)
class Pipe(io.RawIOBase):
    def __init__(self, path): self.file = open(path, 'wb')
    def writable(self): return True
    def write(self, data): return self.file.write(data)
    def seekable(self): return False
    def close(self): self.file.close()
for name, save in [('piped.npz', np.savez), ('piped-deflated.npz', np.savez_compressed)]:
    pipe = Pipe(name); save(pipe, **arrays); pipe.close()
np.savez('names.npz', **{'größe': a, '__proto__': a, 'a/b': a})
import zipfile; zipfile.ZIP64_LIMIT = 10; zipfile.ZIP_FILECOUNT_LIMIT = 1
np.savez_compressed('zip64.npz', **arrays)
`;

describe.runIf(hasPython("numpy", "reading and writing .npy and .npz against NumPy"))("NumPy", () => {
  const { folder, remove } = temporaryFolder();
  const bytes = (name: string): Uint8Array => readFileSync(join(folder, name));
  const values = (array: PlainArray): number[] => Array.from(array.data as ArrayLike<number | bigint>, Number);
  beforeAll(() => void python(WRITE, folder));
  afterAll(remove);

  const dtypes = { f2: "f32", f4: "f32", f8: "f64", i1: "i8", i2: "i16", i4: "i32", i8: "i64" } as const;
  const unsigned = { u1: "u8", u2: "u16", u4: "u32", u8: "u64", b1: "bool" } as const;
  test.each(Object.entries({ ...dtypes, ...unsigned }))("F04 %s in both byte orders", (code, dtype) => {
    for (const order of "<>") {
      const array = readNpy(bytes(`${order}${code}.npy`));
      expect([array.dtype, array.shape]).toEqual([dtype, [2, 3]]);
      expect(values(array)).toEqual(code === "b1" ? [0, 1, 0, 1, 0, 1] : [0, 1, 2, 3, 4, 5]);
    }
  });

  test("F01 header versions 1, 2 and 3", () => {
    for (const version of [1, 2, 3]) {
      expect(bytes(`version${version}.npy`)[6]).toBe(version);
      expect(values(readNpy(bytes(`version${version}.npy`)))).toEqual([1, 2, 3, 4, 5, 6]);
    }
  });

  test("F03 asfortranarray([[1,2,3],[4,5,6]]) reads back the same, and a big-endian one of rank 4", () => {
    expect(values(readNpy(bytes("fortran.npy")))).toEqual([1, 2, 3, 4, 5, 6]);
    const four = readNpy(bytes("fortran4.npy"));
    expect([four.shape, values(four)]).toEqual([[2, 3, 4, 5], Array.from({ length: 120 }, (_, i) => i)]);
  });

  test("F06 structured, string and object dtypes are refused by name", () => {
    expect(() => readNpy(bytes("structured.npy"))).toThrow("structured dtype [('a', '<i4'), ('b', '<f4')]");
    expect(() => readNpy(bytes("string.npy"))).toThrow("dtype '<U2' is not supported; strings");
    expect(() => readNpy(bytes("object.npy"))).toThrow("dtype '|O' is not supported; object arrays are pickles");
  });

  test("F07 np.save('x', arange(3)) reads as 0, 1, 2, twice over and before other arrays in the same file", () => {
    const file = bytes("arange.npy");
    expect(readNpy(file).data).toEqual(BigInt64Array.of(0n, 1n, 2n));
    expect(readNpy(file, { int64: "i32" }).data).toEqual(Int32Array.of(0, 1, 2));
    expect(values(readNpy(bytes("two.npy")))).toEqual([0, 1, 2]);
  });

  test("0-d and zero-size arrays", () => {
    expect(readNpy(bytes("scalar.npy"))).toEqual({ dtype: "f32", shape: [], data: Float32Array.of(2.5) });
    expect(readNpy(bytes("empty.npy")).shape).toEqual([0, 3]);
  });

  test("all 65,536 half-precision numbers widen as NumPy widens them", () => {
    const [ours, numpy] = ["half.npy", "half-wide.npy"].map((name) => readNpy(bytes(name)).data as Float32Array);
    expect(ours).toEqual(numpy);
  });

  test.each(["stored", "deflated"])("F10 %s .npz of f4, f8, i8, b1", (kind) => {
    expectArrays(npz.read(bytes(`${kind}.npz`)));
  });

  test.each(["piped", "piped-deflated"])("F09 %s .npz has its sizes after the data", (kind) => {
    expect(bytes(`${kind}.npz`)[6]! & 8).toBe(8); // the flag that says so
    expectArrays(npz.read(bytes(`${kind}.npz`)));
    expect(() => npz.read(bytes(`${kind}.npz`).subarray(0, 400))).toThrow("truncated at byte 400");
  });

  test("F09 zip64 everywhere: end record, locator, sizes and offsets in the directory", () => {
    const whole = bytes("zip64.npz");
    expect(Buffer.from(whole).includes("PK\x06\x06")).toBe(true);
    expectArrays(npz.read(whole));
  });

  test("F36 names beyond ASCII, __proto__ and with slashes", () => {
    expect([...npz.read(bytes("names.npz")).keys()]).toEqual(["größe", "__proto__", "a/b"]);
  });

  test("F40 a NumPy file cut at 90 %, where zip64 sizes are in the local headers", () => {
    const whole = bytes("stored.npz");
    const cut = whole.subarray(0, Math.floor(whole.length * 0.9));
    expect(() => readArrays(cut)).toThrow(new RegExp(`truncated at byte ${cut.length} of at least \\d+`));
  });

  test("NumPy reads what we write: every dtype and shape, stored and deflated, without pickle", () => {
    const arrays: NamedArrays = new Map<string, PlainArray>([
      ["f32", { dtype: "f32", shape: [2, 3], data: Float32Array.of(1, -2, 0.1, Infinity, NaN, 1e-45) }],
      ["f64", { dtype: "f64", shape: [1], data: Float64Array.of(Math.PI) }],
      ["i8", { dtype: "i8", shape: [2], data: Int8Array.of(-128, 127) }],
      ["i16", { dtype: "i16", shape: [], data: Int16Array.of(-5) }],
      ["i32", { dtype: "i32", shape: [1, 1, 2], data: Int32Array.of(-(2 ** 31), 1) }],
      ["i64", { dtype: "i64", shape: [1], data: BigInt64Array.of(-(2n ** 63n)) }],
      ["u8", { dtype: "u8", shape: [0, 4], data: new Uint8Array(0) }],
      ["u16", { dtype: "u16", shape: [1], data: Uint16Array.of(65535) }],
      ["u32", { dtype: "u32", shape: [1], data: Uint32Array.of(2 ** 32 - 1) }],
      ["u64", { dtype: "u64", shape: [1], data: BigUint64Array.of(2n ** 64n - 1n) }],
      ["bool/größe", { dtype: "bool", shape: [2], data: Uint8Array.of(1, 0) }],
    ]);
    const read = `
import sys, numpy as np
a = np.load(sys.argv[1], allow_pickle=False)
for name in a.files: print(name, a[name].dtype.str, a[name].shape, a[name].tolist(), sep='|')`;
    const expected = `f32|<f4|(2, 3)|[[1.0, -2.0, 0.10000000149011612], [inf, nan, 1.401298464324817e-45]]
f64|<f8|(1,)|[3.141592653589793]
i8||i1|(2,)|[-128, 127]
i16|<i2|()|-5
i32|<i4|(1, 1, 2)|[[[-2147483648, 1]]]
i64|<i8|(1,)|[-9223372036854775808]
u8||u1|(0, 4)|[]
u16|<u2|(1,)|[65535]
u32|<u4|(1,)|[4294967295]
u64|<u8|(1,)|[18446744073709551615]
bool/größe||b1|(2,)|[True, False]
`;
    for (const compress of [true, false]) {
      writeFileSync(join(folder, "ours.npz"), npz.write(arrays, { compress }));
      expect(python(read, folder, ["ours.npz"])).toBe(expected);
      expect(python("import zipfile; print(zipfile.ZipFile('ours.npz').testzip())", folder)).toBe("None\n");
    }
  });

  test("F13 NumPy accepts our .npy, whose data is aligned to 64 bytes", () => {
    const file = writeNpy({ dtype: "f32", shape: [1, 2], data: Float32Array.of(1, 2) });
    expect((file.length - 8) % 64).toBe(0);
    writeFileSync(join(folder, "ours.npy"), file);
    expect(python("import numpy as np; print(np.load('ours.npy').tolist())", folder)).toBe("[[1.0, 2.0]]\n");
  });

  function expectArrays(arrays: NamedArrays): void {
    const counting = [1, 2, 3, 4, 5, 6];
    expect([...arrays.keys()]).toEqual(["f4", "f8", "i8", "b1"]);
    expect(arrays.get("f4")).toEqual({ dtype: "f32", shape: [2, 3], data: Float32Array.from(counting) });
    expect(arrays.get("f8")?.data).toEqual(Float64Array.from(counting, (v) => v / 7));
    expect(arrays.get("i8")?.data).toEqual(BigInt64Array.from(counting, (v) => BigInt(v) - 2n ** 40n));
    expect(arrays.get("b1")?.data).toEqual(Uint8Array.of(0, 0, 1, 1, 1, 1));
  }
});
