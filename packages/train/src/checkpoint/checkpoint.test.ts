// Checkpoint files: every state comes back as it was; files of other runs, formats and damaged ones are refused by name.
import { npz } from "@lanewise/io";
import { init } from "@lanewise/tensor";
import { beforeAll, expect, test } from "vitest";
import { type Checkpointed, differences } from "../index.ts";
import { memoryStore, smallRun } from "../run.fixture.ts";
import { decodeCheckpoint, encodeCheckpoint } from "./checkpoint.ts";
import { loadStates } from "./checkpointed.ts";
import { decodeState, encodeState, type Json } from "./state-tree.ts";

beforeAll(() => init({ strict: true, threads: 1 }));

/** Through arrays and the text of the JSON, as a file does. */
function throughFile(state: unknown): unknown {
  const arrays = new Map();
  const json = JSON.stringify(encodeState("part", state, arrays));
  return decodeState(JSON.parse(json) as Json, npz.read(npz.write(arrays)));
}

test.each([
  [
    "numbers that JSON has not",
    [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0.1 + 0.2, 5e-324],
  ],
  ["plain values", { none: null, yes: true, text: "ü \u0000", big: 2n ** 70n, list: [[], {}] }],
  [
    "typed arrays",
    {
      f: Float32Array.of(1.5, Number.NaN),
      d: Float64Array.of(Math.PI),
      i: Int32Array.of(-1),
      b: BigInt64Array.of(-5n),
    },
  ],
  ["arrays with shapes", { dtype: "f32", shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
  [
    "a scalar and an empty array",
    [
      { shape: [], data: Float32Array.of(7) },
      { shape: [0, 4], data: new Float32Array(0) },
    ],
  ],
  [
    "maps, also of maps",
    new Map<unknown, unknown>([
      ["0.weight", new Map([[1, { shape: [1], data: Float32Array.of(1) }]])],
      ["__proto__", 3],
    ]),
  ],
  ["keys that look like the file's own", { $array: "x", $number: 4, a: 1 }],
  ["keys whose paths meet", { "a/b": Float32Array.of(1), a: { b: Float32Array.of(2) } }],
])("%s come back as they were", (_, state) => {
  expect(throughFile(state)).toEqual(state);
});

test("__proto__ is a key like any other", () => {
  const back = throughFile(JSON.parse('{ "__proto__": { "polluted": true } }')) as object;
  expect(Object.keys(back)).toEqual(["__proto__"]);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test("what no state can hold is refused with its path", () => {
  const encode = (state: unknown) => () => encodeState("model", state, new Map());
  expect(encode({ a: [() => 1] })).toThrow("model/a/0 is a function");
  expect(encode({ when: new Date() })).toThrow("model/when is a Date");
  const self: unknown[] = [];
  self.push(self);
  expect(encode(self)).toThrow("does it hold itself?");
});

/** The bytes of a checkpoint in the middle of a run. */
async function someBytes(): Promise<Uint8Array> {
  const store = memoryStore();
  await smallRun(store).train({ stopAfter: 14 });
  return store.written.at(-1)!;
}

test("NumPy's names and shapes: the arrays of a checkpoint lie under their part", async () => {
  const arrays = npz.read(await someBytes());
  expect([...arrays].map(([name, { dtype, shape }]) => [name, dtype, shape]).slice(1)).toEqual([
    ["model/0.weight", "f32", [16, 20]],
    ["model/0.bias", "f32", [16]],
    ["model/2.weight", "f32", [4, 16]],
    ["model/2.bias", "f32", [4]],
    ["optimizer/arrays/0.momentumBuffer", "f32", [20, 16]],
    ["optimizer/arrays/1.momentumBuffer", "f32", [16]],
    ["optimizer/arrays/2.momentumBuffer", "f32", [16, 4]],
    ["optimizer/arrays/3.momentumBuffer", "f32", [4]],
  ]);
});

test("a checkpoint tells of its run without anything being built", async () => {
  const checkpoint = decodeCheckpoint(await someBytes());
  expect(checkpoint).toMatchObject({
    settings: { seed: 1, lr: 0.05, epochs: 3 },
    data: "noise",
    finished: false,
    backend: { mode: "strict", binary: "strict", turbo: false },
    progress: { step: 14, steps: 33, examples: 84 + 24, running: { seen: 24 } },
  });
  expect(checkpoint.progress.history).toHaveLength(1);
  expect([...checkpoint.parts.keys()]).toEqual(["loader", "generator", "model", "optimizer", "augmentation"]);
  expect(checkpoint.parts.get("loader")).toEqual({ epoch: 1, batch: 3 });
});

test("a run of other settings or of other data is refused, and the error says what differs", async () => {
  const store = memoryStore("out/checkpoint.npz");
  await smallRun(store).train({ stopAfter: 3 });
  await expect(smallRun(store, { lr: 0.1, epochs: 4 }).train({ resume: true })).rejects.toThrow(
    "out/checkpoint.npz is of another run:\n  lr: 0.05 there, 0.1 here\n  epochs: 3 there, 4 here",
  );
});

test("a run of another mode, format or number of parts is refused by name", async () => {
  const store = memoryStore("c.npz");
  await smallRun(store).train({ stopAfter: 3 });
  const bytes = store.written.at(-1)!;
  const changed = (from: string, to: string) => {
    const arrays = npz.read(bytes);
    const text = new TextDecoder().decode(arrays.get("checkpoint")!.data as Uint8Array);
    expect(text).toContain(from);
    const data = new TextEncoder().encode(text.replace(from, to));
    arrays.set("checkpoint", { dtype: "u8", shape: [data.length], data });
    return npz.write(arrays);
  };
  const goOn = async (file: Uint8Array) => {
    store.written.push(file);
    await smallRun(store).train({ resume: true });
  };
  await expect(goOn(changed('"mode":"strict"', '"mode":"fast"'))).rejects.toThrow('mode: "fast" there, "strict" here');
  await expect(goOn(changed('"data":"noise"', '"data":"other"'))).rejects.toThrow('data: "other" there, "noise" here');
  await expect(goOn(changed('"formatVersion":1', '"formatVersion":2'))).rejects.toThrow(
    "checkpoint of format 2, expected 1",
  );
  await expect(goOn(changed('["augmentation"', '["dropout"'))).rejects.toThrow(
    "it has no state of augmentation; nothing here takes its state of dropout",
  );
  await expect(goOn(changed('"step":3', '"step":-3'))).rejects.toThrow(
    "c.npz is damaged: step is -3, expected a whole number",
  );
  await expect(goOn(changed("model/0.weight", "model/9.weight"))).rejects.toThrow(
    "the array 'model/9.weight' is missing",
  );
});

test("files that are no checkpoint, and cut ones, are refused by name", async () => {
  const bytes = await someBytes();
  expect(() => decodeCheckpoint(npz.write(new Map()), "model.npz")).toThrow("model.npz is no checkpoint");
  expect(() => decodeCheckpoint(new Uint8Array(0), "empty.npz")).toThrow("empty.npz is no .npz");
  for (const length of [1, 100, bytes.length >> 1, bytes.length - 1]) {
    expect(() => decodeCheckpoint(bytes.slice(0, length), "cut.npz")).toThrow("cut.npz");
  }
});

test("where a part refuses its state, the others keep theirs", () => {
  const first = { state: 1 };
  const second: Checkpointed = {
    state: () => 2,
    loadState: () => {
      throw new Error("not mine");
    },
  };
  const states = new Map([
    ["first", 10],
    ["second", 20],
  ]);
  expect(() => loadStates({ first, second }, states, "c.npz")).toThrow("c.npz: second refuses its state: not mine");
  expect(first.state).toBe(1);
});

test("differences are said one by one; lists of plain values whole", () => {
  expect(differences({ a: 1, b: { c: [1, 2], d: null } }, { a: 1, b: { c: [1, 3], d: 0 }, e: "x" })).toEqual([
    "b.c: [1,2] there, [1,3] here",
    "b.d: null there, 0 here",
    'e: none there, "x" here',
  ]);
  expect(differences({ rate: Number.NaN }, { rate: Number.NaN })).toEqual([]);
});

test("the same state makes the same bytes", async () => {
  const { settings, data, progress, parts } = decodeCheckpoint(await someBytes());
  expect(encodeCheckpoint({ settings, data, progress, parts })).toEqual(
    encodeCheckpoint({ settings, data, progress, parts }),
  );
});
