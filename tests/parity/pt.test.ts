// PyTorch writes what we read, and reads what we write: with the real torch.save and torch.load.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type NamedArrays, type PlainArray, pt, readArrays, readPt, stateArrays, writePt } from "@lanewise/io";
import { saveState } from "@lanewise/io/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasPython, python, temporaryFolder } from "./python.ts";

const script = (name: string): string => readFileSync(fileURLToPath(new URL(name, import.meta.url)), "utf8");

test("types that only current PyTorch writes: unsigned ones; eight-bit floats are refused by name", () => {
  const fixture = (name: string): Uint8Array =>
    readFileSync(fileURLToPath(new URL(`fixtures/${name}`, import.meta.url)));
  expect(pt.read(fixture("torch-2.15.pt"))).toEqual(
    new Map<string, PlainArray>([
      ["u16", { dtype: "u16", shape: [2], data: Uint16Array.of(0, 65535) }],
      ["u32", { dtype: "u32", shape: [2, 1], data: Uint32Array.of(1, 2 ** 32 - 1) }],
      ["u64", { dtype: "u64", shape: [1], data: BigUint64Array.of(2n ** 63n + 1n) }],
      ["bf16", { dtype: "f32", shape: [2], data: Float32Array.of(1.5, -2) }],
      ["every_other", { dtype: "u16", shape: [3], data: Uint16Array.of(1, 3, 5) }],
      ["parameter", { dtype: "f32", shape: [1], data: Float32Array.of(0.5) }],
    ]),
  );
  expect(() => pt.read(fixture("torch-2.15-float8.pt"))).toThrow("tensors of torch.float8_e4m3fn are not supported");
});

describe.runIf(hasPython("torch", "reading and writing PyTorch's files"))("PyTorch", () => {
  const { folder, remove } = temporaryFolder();
  const bytes = (name: string): Uint8Array => readFileSync(join(folder, name));
  const values = (array: PlainArray | undefined): number[] =>
    Array.from((array?.data ?? []) as ArrayLike<number | bigint>, Number);
  const count = (length: number, from = 0): number[] => Array.from({ length }, (_, i) => from + i);
  const errorOf = (name: string): string => {
    try {
      readPt(bytes(name), { label: name });
    } catch (error) {
      return (error as Error).message;
    }
    return expect.unreachable(`${name} was read`);
  };
  beforeAll(() => void python(script("pt_files.py"), folder));
  afterAll(remove);

  test("F21 strides: a filter that was saved channels_last, a transposed matrix, every third of ten", () => {
    const weight = pt.read(bytes("channels_last.pt")).get("weight");
    expect([weight?.dtype, weight?.shape, values(weight)]).toEqual(["f32", [2, 3, 3, 3], count(54)]);
    const strided = pt.read(bytes("strided.pt"));
    expect([strided.get("weight")?.shape, values(strided.get("weight"))]).toEqual([
      [3, 2],
      [0, 3, 1, 4, 2, 5],
    ]);
    expect(values(strided.get("every_other"))).toEqual([1, 4, 7]);
  });

  test("F22 shared storage: t[5:] of arange(100) is 95 values from 5", () => {
    const shared = pt.read(bytes("shared.pt"));
    expect(shared.get("slice")?.data).toEqual(BigInt64Array.from(count(95, 5), BigInt));
    expect(shared.get("other")?.data).toEqual(BigInt64Array.of(10n, 11n));
    expect(values(pt.read(bytes("shared.pt"), { int64: "i32" }).get("other"))).toEqual([10, 11]);
    expect(values(pt.read(bytes("expanded.pt")).get("expanded"))).toEqual([7, 7, 7, 7, 7, 7]);
  });

  test("every element type; half precisions are widened", () => {
    const kinds = pt.read(bytes("kinds.pt"));
    expect([...kinds].map(([name, array]) => [name, array.dtype])).toEqual([
      ["float16", "f32"],
      ["bfloat16", "f32"],
      ["float32", "f32"],
      ["float64", "f64"],
      ["int8", "i8"],
      ["int16", "i16"],
      ["int32", "i32"],
      ["int64", "i64"],
      ["uint8", "u8"],
      ["bool", "bool"],
    ]);
    for (const array of kinds.values())
      expect([array.shape, values(array)]).toEqual([
        [2, 3],
        [0, 1, 1, 0, 0, 1],
      ]);
    const shapes = pt.read(bytes("shapes.pt"));
    expect([shapes.get("scalar")?.shape, values(shapes.get("scalar"))]).toEqual([[], [2.5]]);
    expect([shapes.get("empty")?.shape, values(shapes.get("empty"))]).toEqual([[0, 3], []]);
  });

  test("F33 bf16 bits 3F80, 7F80, FF80, 7FC0, 0001 are 1, inf, -inf, NaN, 9.18e-41", () => {
    const wide = values(pt.read(bytes("bf16.pt")).get("bf16"));
    expect(wide).toEqual([1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 2 ** -133]);
  });

  test("F24 a file of the old format says what it is, cut short too", () => {
    expect(errorOf("legacy.pt")).toBe(
      "legacy.pt is a legacy PyTorch file (before 1.6), which is not read; load it in PyTorch and save it again",
    );
    expect(() => readArrays(bytes("legacy.pt"))).toThrow("legacy PyTorch file");
    expect(() => readPt(Uint8Array.of(0x80, 0x02, 0x8a, 0x0a))).toThrow("legacy PyTorch file");
  });

  test.each([2, 3, 4, 5])("F27 pickle protocol %i", (protocol) => {
    const state = pt.read(bytes(`protocol${protocol}.pt`));
    expect([...state.keys()]).toEqual([
      "0.weight",
      "0.bias",
      "1.weight",
      "1.bias",
      "1.running_mean",
      "1.running_var",
      "1.num_batches_tracked",
      "3.weight",
      "3.bias",
    ]);
    expect(state).toEqual(pt.read(bytes("protocol2.pt")));
    expect(state.get("1.num_batches_tracked")).toEqual({ dtype: "i64", shape: [], data: BigInt64Array.of(0n) });
    expect(state.get("0.weight")?.shape).toEqual([4, 3, 3, 3]);
  });

  test("parameters are tensors; a checkpoint's dicts are read whole, and one is taken out of it", () => {
    expect([...pt.read(bytes("parameters.pt")).keys()].length).toBe(6);
    const checkpoint = readPt(bytes("checkpoint.pth.tar")) as Map<string, unknown>;
    expect([...checkpoint.keys(), checkpoint.get("epoch")]).toEqual(["model", "optimizer", "epoch", 3]);
    expect(stateArrays(checkpoint.get("model") as Map<string, PlainArray>).size).toBe(9);
    const groups = (checkpoint.get("optimizer") as Map<string, unknown>).get("param_groups") as Map<string, unknown>[];
    expect([groups[0]?.get("momentum"), groups[0]?.get("params")]).toEqual([0.9, count(6)]);
    expect(() => pt.read(bytes("checkpoint.pth.tar"), { label: "c" })).toThrow(
      "c is no dict of tensors alone, it has model (a dict), optimizer (a dict), epoch (a number)",
    );
  });

  test("F30 bytes are bytes, in every protocol", () => {
    expect(readPt(bytes("bytes.pt"))).toEqual(new TextEncoder().encode("hello"));
    for (const protocol of [2, 4, 5]) {
      const read = readPt(bytes(`bytes${protocol}.pt`));
      expect(read).toEqual(
        new Map([
          ["bytes", new TextEncoder().encode("hello")],
          ["high", Uint8Array.of(0, 255, 128)],
        ]),
      );
    }
  });

  test("F31 no tensors: a number, nothing at all, and everything else that data is made of", () => {
    expect(readPt(bytes("epoch.pt"))).toEqual(new Map([["epoch", 3]]));
    expect(readPt(bytes("nothing.pt"))).toEqual(new Map());
    expect(pt.read(bytes("nothing.pt"))).toEqual(new Map());
    expect(readPt(bytes("things.pt"))).toEqual([
      ...[1, -1, 300, 70000, -70000, 2 ** 40, -(2 ** 40), 2n ** 70n, 1.5, true, null, "größe"],
      [1, 2],
      new Map([["a", new Map([[1, [2]]])]]),
      new Set([3]),
      [2, 3],
      "torch.float32",
      "cpu",
      new TextEncoder().encode("ab"),
    ]);
  });

  test("F37 what is no state dict is told by its kind", () => {
    expect(errorOf("jit.pt")).toContain(
      "jit.pt is a TorchScript archive, a program with its weights; save the weights",
    );
    expect(errorOf("module.pt")).toMatch(
      /module\.pt: it holds more than data: torch\.nn\.modules\.linear\.Linear is code .* save module\.state_dict\(\)/,
    );
    expect(errorOf("numpy.pt")).toMatch(/it holds more than data: numpy.* is of NumPy; save it as a tensor/);
    expect(errorOf("sparse.pt")).toContain("is a tensor of a kind that is not read; save it dense");
    expect(errorOf("complex.pt")).toContain("tensors of torch.ComplexFloatStorage are not supported");
  });

  test("F39 names lie: a zip called .pth.tar is read by its content", () => {
    writeFileSync(join(folder, "x.tar"), bytes("protocol2.pt"));
    expect(readArrays(bytes("x.tar")).size).toBe(9);
  });

  test("F40 a file cut at 90 % says where", () => {
    const file = bytes("protocol2.pt");
    const cut = file.subarray(0, Math.floor(0.9 * file.length));
    // How long it was, its zip does not say: PyTorch writes it as a stream, with sizes behind the contents.
    expect(() => readPt(cut, { label: "m.pt" })).toThrow(`m.pt is truncated at byte ${cut.length} of a zip`);
    expect(() => readArrays(cut, { label: "m.pt" })).toThrow("m.pt is truncated at byte");
    const ours = writePt(pt.read(file));
    const whole = ours.length;
    expect(() => readPt(ours.subarray(0, Math.floor(0.9 * whole)), { label: "m.pt" })).toThrow(
      /^m\.pt is truncated at byte \d+ of at least \d+/,
    );
  });

  const written: NamedArrays = new Map<string, PlainArray>([
    ["0.weight", { dtype: "f32", shape: [2, 3], data: Float32Array.of(0.5, -1, 1e-8, 3e38, Number.NaN, -0) }],
    ["1.num_batches_tracked", { dtype: "i64", shape: [], data: BigInt64Array.of(2n ** 40n) }],
    ["größe", { dtype: "f64", shape: [1], data: Float64Array.of(1 / 3) }],
    ["empty", { dtype: "f32", shape: [0, 4], data: new Float32Array(0) }],
    ["labels", { dtype: "i32", shape: [2], data: Int32Array.of(-1, 2 ** 31 - 1) }],
    ["pixels", { dtype: "u8", shape: [1, 1, 2], data: Uint8Array.of(0, 255) }],
    ["flags", { dtype: "bool", shape: [2], data: Uint8Array.of(1, 0) }],
    ["large", { dtype: "f32", shape: [300, 300], data: new Float32Array(90_000).fill(1) }],
  ]);

  test("PyTorch loads what is written, with weights_only: every type, halves, a module's state", async () => {
    await saveState(join(folder, "written.pkl"), written);
    const data = Float32Array.from({ length: 1000 }, (_, i) => (i - 500) ** 3 * 7e-4);
    const thousand: NamedArrays = new Map([["w", { dtype: "f32", shape: [1000], data }]]);
    await saveState(join(folder, "half.pt"), thousand, { floats: "f16", metadata: { input: { kind: "digit" } } });
    await saveState(join(folder, "single.pt"), thousand);
    await saveState(join(folder, "again.pt"), pt.read(bytes("protocol2.pt")));
    const loaded = JSON.parse(python(script("pt_load.py"), folder));
    expect(loaded.kind).toBe("OrderedDict");
    expect(loaded.written.map(([name]: string[]) => name)).toEqual([...written.keys()]);
    const [weight, counter, third, empty, labels, pixels, flags, large] = loaded.written;
    expect(weight.slice(1, 4)).toEqual(["torch.float32", [2, 3], true]);
    expect(weight[4].map(Number)).toEqual([...Float32Array.of(0.5, -1, 1e-8, 3e38), Number.NaN, -0]);
    expect(counter.slice(1)).toEqual(["torch.int64", [], true, ["1099511627776"]]);
    expect(third.slice(1)).toEqual(["torch.float64", [1], true, ["0.3333333333333333"]]);
    expect(empty.slice(1)).toEqual(["torch.float32", [0, 4], true, []]);
    expect(labels.slice(1)).toEqual(["torch.int32", [2], true, ["-1", "2147483647"]]);
    expect(pixels.slice(1)).toEqual(["torch.uint8", [1, 1, 2], true, ["0", "255"]]);
    expect(flags.slice(1)).toEqual(["torch.bool", [2], true, ["True", "False"]]);
    expect([large[2], new Set(large[4])]).toEqual([[300, 300], new Set(["1.0"])]);
    expect(readArrays(bytes("written.pkl"))).toEqual(written);
    // Rounded as PyTorch rounds; stored, each content at a multiple of 64 bytes, the CRCs right.
    expect(loaded.half).toEqual(["torch.float16", true]);
    expect([loaded.placed, loaded.damaged]).toEqual([new Array(4).fill([0, 0]), null]);
    expect(loaded.again).toBe(true);
  });

  test("what PyTorch has no type for is refused by name", () => {
    const u32 = new Map([["n", { dtype: "u32", shape: [1], data: Uint32Array.of(1) } as const]]);
    expect(() => writePt(u32)).toThrow("array 'n': PyTorch's files have no u32; make it a signed type or u8");
  });
});
