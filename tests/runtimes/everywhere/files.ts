// Files: the bytes that are written, read back, and files of NumPy and PyTorch.
import { type NamedArrays, npz, type PlainArray, readArrays, writeNpy, writePt } from "@lanewise/io";
import { noise } from "@lanewise/tensor/cases";
import kept from "../fixtures/files.json" with { type: "json" };
import type { Found } from "./found.ts";

/** Those of fixtures/files.py. */
function arrays(): Map<string, PlainArray> {
  const shape = [5, 7];
  const values = [...noise(35, 5)];
  return new Map<string, PlainArray>([
    ["f32", { dtype: "f32", shape, data: Float32Array.from(values) }],
    ["f64", { dtype: "f64", shape, data: Float64Array.from(values, (value) => value / 3) }],
    ["i32", { dtype: "i32", shape, data: Int32Array.from(values, (value) => Math.floor(value * 2 ** 31)) }],
    ["i64", { dtype: "i64", shape, data: BigInt64Array.from(values, (value) => BigInt(Math.floor(value * 2 ** 40))) }],
    ["u8", { dtype: "u8", shape, data: Uint8Array.from(values, (value) => Math.floor((value + 1) * 128)) }],
    ["bool", { dtype: "bool", shape, data: Uint8Array.from(values, (value) => Number(value > 0)) }],
  ]);
}

/** Numbers that writers get wrong, beside the others; enough of them that deflate has something to do. */
function difficult(): Map<string, PlainArray> {
  const odd = [Number.NaN, -Number.NaN, Infinity, -Infinity, -0, 2 ** -149, 3.4028234663852886e38];
  const many = Float32Array.from({ length: 20_000 }, (_, at) => odd[at % 7]! + (at % 3));
  return new Map<string, PlainArray>([
    ...arrays(),
    ["odd", { dtype: "f32", shape: [20_000], data: many }],
    ["nothing", { dtype: "f32", shape: [0, 3], data: new Float32Array() }],
    ["a number", { dtype: "f64", shape: [], data: Float64Array.of(Number.NaN) }],
  ]);
}

/** What differs, in words. */
function differences(what: string, got: NamedArrays, expected: NamedArrays): string[] {
  return [...expected].flatMap(([name, { dtype, shape, data }]) => {
    const came = got.get(name);
    const same =
      came?.dtype === dtype &&
      String(came.shape) === String(shape) &&
      came.data.length === data.length &&
      came.data.every((value, at) => Object.is(value, data[at]));
    return same ? [] : [`${what}: array '${name}' is not what it was`];
  });
}

const fromBase64 = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

export function writeFiles(): Found {
  const [plain, all] = [arrays(), difficult()];
  const parts = {
    ".npz, deflated": npz.write(all),
    ".npz, stored": npz.write(all, { compress: false }),
    ".npy": writeNpy(plain.get("f32")!, "f32"),
    ".pt": writePt(all),
    ".pt, half": writePt(new Map([["f32", plain.get("f32")!]]), { floats: "f16" }),
  };
  const failures = [
    ...differences(".npz, deflated", readArrays(parts[".npz, deflated"]), all),
    ...differences(".npz, stored", readArrays(parts[".npz, stored"]), all),
    ...differences(".npy", readArrays(parts[".npy"]), new Map([["arr_0", plain.get("f32")!]])),
    ...differences(".pt", readArrays(parts[".pt"]), all),
    ...differences("NumPy's .npz", readArrays(fromBase64(kept.npz)), plain),
    ...differences("PyTorch's .pt", readArrays(fromBase64(kept.pt)), plain),
  ];
  return { parts, failures };
}
