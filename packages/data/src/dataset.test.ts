// Datasets: splits, checks and what reaches the kernels; expected values are worked out in place.
import { init, scope } from "@lanewise/tensor";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { Dataset } from "./dataset.ts";
import { stratified } from "./split.ts";

beforeAll(() => init());

/** `count` examples of two bytes, example i being [i, i + 1]; labels sorted, `perClass` of each. */
function sorted(count: number, perClass: number): Dataset<readonly [2]> {
  return new Dataset({
    shape: [2],
    raw: Uint8Array.from({ length: 2 * count }, (_, i) => (i >> 1) + (i & 1)),
    labels: Int32Array.from({ length: count }, (_, i) => Math.floor(i / perClass)),
    divisor: 255,
    source: "numbers",
    sha256: "0".repeat(64),
  });
}

test("D01 labels sorted 0..9, split .2: all classes are in the validation part", () => {
  const { train, validation } = sorted(200, 20).split({ validation: 0.2, seed: 1 });
  expect([train.length, validation.length]).toEqual([160, 40]);
  expect(new Set(validation.labels).size).toBe(10);
  expect(validation.source).toBe("numbers; 40 held out, shuffled by seed 1");
  const firstBytes = [...train.raw, ...validation.raw].filter((_, i) => i % 2 === 0).sort((a, b) => a - b);
  expect(firstBytes).toEqual(Array.from({ length: 200 }, (_, i) => i));
  expect([...validation.labels]).toEqual(
    Array.from(validation.labels, (_, i) => Math.floor(validation.raw[2 * i]! / 20)),
  );
});

test("R04 one seed, one split; another seed, another", () => {
  const split = (seed: number): Int32Array => sorted(100, 10).split({ validation: 20, seed }).validation.labels;
  expect(split(1)).toEqual(split(1));
  expect(split(1)).not.toEqual(split(2));
});

test("D01 stratified: every class in proportion, also with counts that do not divide", () => {
  const { validation } = sorted(200, 20).split({ validation: 0.2, stratify: true });
  const counts = new Map<number, number>();
  for (const label of validation.labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  expect([...counts.values()]).toEqual(new Array(10).fill(4));
  // 6 of class 0, 3 of class 1, 1 of class 2; 5 held out: shares 3, 1.5, 0.5; of the equal remainders the lower label first
  const labels = Int32Array.of(0, 0, 0, 0, 0, 0, 1, 1, 1, 2);
  const parts = stratified(
    labels,
    Int32Array.from({ length: 10 }, (_, i) => 9 - i),
    5,
  );
  expect([...parts.validation].map((i) => labels[i])).toEqual([1, 1, 0, 0, 0]);
  expect(parts.train).toEqual(Int32Array.of(9, 6, 2, 1, 0));
});

test("property: a stratified split is a partition, each class within one of its share", () => {
  const labels = fc.array(fc.nat(3), { minLength: 2, maxLength: 60 });
  fc.assert(
    fc.property(labels, fc.nat(1000), (list, part) => {
      const all = Int32Array.from(list);
      const count = 1 + (part % (all.length - 1));
      const { train, validation } = stratified(all, Int32Array.from(all.keys()), count);
      expect([...train, ...validation].sort((a, b) => a - b)).toEqual([...all.keys()]);
      expect(validation.length).toBe(count);
      for (const label of new Set(list)) {
        const held = validation.filter((index) => all[index] === label).length;
        const share = (list.filter((each) => each === label).length * count) / all.length;
        expect(Math.abs(held - share)).toBeLessThan(1);
      }
    }),
  );
});

test("a split that leaves one side empty is refused", () => {
  for (const validation of [0, 1.5, 10, -1, Number.NaN]) {
    expect(() => sorted(10, 1).split({ validation })).toThrow(`validation ${validation} of 10 examples leaves none`);
  }
});

test("D07 check counts equal examples, equal ones of another class, and those of the other part", () => {
  const make = (rows: number[][], labels: number[]): Dataset<readonly [2]> =>
    new Dataset({
      shape: [2],
      raw: Uint8Array.from(rows.flat()),
      labels: Int32Array.from(labels),
      source: "",
      sha256: "",
    });
  const train = make(
    [
      [1, 2],
      [3, 3],
      [1, 2],
      [1, 2],
      [5, 6],
    ],
    [0, 1, 0, 1, 2],
  );
  const other = make(
    [
      [5, 6],
      [1, 2],
      [9, 9],
    ],
    [2, 0, 0],
  );
  expect(train.check({ against: other })).toEqual({
    examples: 5,
    duplicates: 2,
    conflicts: 1,
    shared: 4,
    notFinite: 0,
    constant: 1,
    perClass: new Map([
      [0, 2],
      [1, 2],
      [2, 1],
    ]),
  });
  expect(train.check().shared).toBeUndefined();
  const parts = { shape: [2], labels: Int32Array.of(0, 1), source: "", sha256: "" } as const;
  const floats = new Dataset({ ...parts, raw: Float32Array.of(1, Number.NaN, 1, Infinity) });
  expect(floats.check().notFinite).toBe(2);
  expect(() => sorted(3, 1).check({ against: other })).toThrow("can't be compared");
});

test("x is f32 in 0..1 and y i32, made once, kept beyond scopes, and made again after release", () => {
  const data = sorted(3, 1);
  const x = scope(() => data.x);
  expect([x.shape, x.dtype, data.y.dtype]).toEqual([[3, 2], "f32", "i32"]);
  expect(x.data()).toEqual(Float32Array.from([0, 1, 1, 2, 2, 3], (byte) => byte / 255));
  expect(data.y.data()).toEqual(Int32Array.of(0, 1, 2));
  expect(data.x).toBe(x);
  data.release();
  expect(x.released).toBe(true);
  expect(data.x.data()[1]).toBe(Math.fround(1 / 255));
  data.release();
});

test("take and reshape keep divisor, source and hash; bad indices and sizes are refused", () => {
  const data = sorted(4, 1);
  const taken = data.take([3, 0]);
  expect([taken.raw, taken.labels]).toEqual([Uint8Array.of(3, 4, 0, 1), Int32Array.of(3, 0)]);
  expect([taken.source, taken.sha256, taken.divisor]).toEqual(["numbers; 2 of its examples", data.sha256, 255]);
  expect(data.reshape([2, 1]).x.shape).toEqual([4, 2, 1]);
  expect(() => data.reshape([3])).toThrow("8 elements for 4 labels; expected 4 x [3] = 12");
  expect(() => data.take([4])).toThrow("index 4 is not one of the 4 examples");
  expect(data.classes).toBe(4);
});
