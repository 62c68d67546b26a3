// Problem 4 against PyTorch's conv2d and avg_pool2d, its strides against lengths that PyTorch's conv1d gives, bad input by name.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { init } from "lanewise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reference } from "../reference.fixture.ts";
import { solveConvolution } from "./answer.ts";
import { type ConvolutionGiven, readInput } from "./input.ts";
import { common, listed, samePadding, stridesThatKeep } from "./sizes.ts";

beforeAll(() => init({ threads: 1, strict: true }));
const folder = mkdtempSync(join(tmpdir(), "theory-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function file(content: unknown): string {
  const path = join(folder, `maps-${files++}.json`);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const solve = (given: ConvolutionGiven) =>
  solveConvolution({ input: readInput(given), channels: [1, 2, 3, 8, 17], seed: 1 });

const numbers = (grid: readonly (readonly string[])[]) => grid.map((row) => row.map(Number));

test.each(reference.convolution.maps.map((map, at) => [at, map] as const))(
  "map %i: correlation, convolution and pooling are PyTorch's, in exact numbers and on the kernels",
  (_, expected) => {
    const { featureMap, filter, pool, poolStride } = expected;
    const maps = file({ featureMap, filters: [filter, filter], pool, poolStride });
    const { keeping, pooling, float32 } = solve({ maps });
    expect(numbers(keeping.map)).toEqual(expected.map);
    expect(numbers(keeping.convolution)).toEqual(expected.turned);
    // Thirds and ninths are fractions in the answer.
    const value = (text: string) =>
      text
        .split("/")
        .map(Number)
        .reduce((a, b) => a / b);
    expect(pooling.map.map((row) => row.map(value))).toEqual(
      expected.pooled.map((row) => row.map((cell) => expect.closeTo(cell, 12))),
    );
    expect(pooling.equal).toBe(true);
    expect(float32.map).toBe(0);
    expect(float32.pooled).toBeLessThan(1e-5);
    for (const { grouped, dense } of float32.channels) {
      // A quarter is exact in f32 and so are sums of whole numbers; a ninth is rounded, at 6e-8 of means of some tens.
      const bound = pool === 3 ? 1e-5 : 0;
      expect(grouped).toBeLessThanOrEqual(bound);
      expect(dense).toBeLessThanOrEqual(bound);
    }
  },
);

describe("the size equation", () => {
  test.each(reference.convolution.strides)(
    "n = %i, k = %i, p = %i: the strides are those PyTorch keeps",
    (n, k, p, kept) => {
      const strides = stridesThatKeep(n, k, p);
      const within = Array.from({ length: 20 }, (_, at) => at + 1).filter(
        (stride) => stride >= strides.from && (strides.to === null || stride <= strides.to),
      );
      expect(within).toEqual(kept);
    },
  );

  test("has as common solutions those of both axes", () => {
    // n = 2, k = 1, p = 1: s = 2, 3; n = 1, k = 1, p = 1: s > 2; n = 4, k = 2, p = 1: none.
    const [two, one, none] = [stridesThatKeep(2, 1, 1), stridesThatKeep(1, 1, 1), stridesThatKeep(4, 2, 1)];
    expect([two, one, none].map(listed)).toEqual(["2, 3", "all from 3 on", "none"]);
    expect(listed(common(two, one))).toBe("3");
    expect(listed(common(one, one))).toBe("all from 3 on");
    expect(listed(common(two, none))).toBe("none");
  });

  test("is met at stride 1 by half of k − 1, uneven for an even k", () => {
    expect(samePadding(5)).toEqual({ before: 2, after: 2, even: true });
    expect(samePadding(4)).toEqual({ before: 1, after: 2, even: false });
    expect(samePadding(1)).toEqual({ before: 0, after: 0, even: true });
  });
});

describe("the program's own numbers", () => {
  test("cell (1, 1) by hand", () => {
    const { isDefault, keeping, strides, pooling } = solve({});
    expect(isDefault).toBe(true);
    // 1·1 + 0·2 − 1·0 = 1; 2·4 + 1·1 + 0·1 = 9; 0·2 + 1·3 + 1·5 = 8; together 18.
    expect(keeping.cell.terms.map((row) => row.map(({ weight, value }) => [weight, value].map(Number)))).toEqual([
      [
        [1, 1],
        [0, 2],
        [-1, 0],
      ],
      [
        [2, 4],
        [1, 1],
        [0, 1],
      ],
      [
        [0, 2],
        [1, 3],
        [1, 5],
      ],
    ]);
    expect(keeping.cell.sum).toBe("18");
    // ⌊4/s⌋ = 3 asks for 1 < s ≤ 4/3.
    expect(listed(strides.both)).toBe("none");
    // (6 + 6 + 7 + 18) / 4 and so on, of the map of (a).
    expect(pooling.map).toEqual([
      ["9.25", "4.75"],
      ["2.5", "13.25"],
    ]);
  });
});

describe("somebody's JSON", () => {
  const map = [
    [1, 2, 3],
    [4, 5, 6],
  ];
  const good = { featureMap: map, filters: [[[1]], [[1, 1]]] };

  test("may hold fractions and decimals, which stay exact", () => {
    const maps = file({ featureMap: [["1/3", 0.1]], filters: [[["3", 1]], [[1]]], pool: 1, poolStride: 1 });
    const { keeping } = solve({ maps });
    // An even filter of two: nothing before, one after. 3 · 1/3 + 0.1 and 3 · 0.1 + 0.
    expect(keeping.map).toEqual([["1.1", "0.3"]]);
    expect(keeping.columns).toEqual({ before: 0, after: 1, even: false });
  });

  test("gives way to the command line", () => {
    const maps = file({ ...good, padding: 3, pool: 1, poolStride: 1, cell: [0, 0] });
    expect(readInput({ maps })).toMatchObject({ padding: 3, pool: 1, poolStride: 1, cell: [0, 0] });
    expect(readInput({ maps, padding: 0, pool: 2, poolStride: 5, cell: [1, 2] })).toMatchObject({
      padding: 0,
      pool: 2,
      poolStride: 5,
      cell: [1, 2],
    });
  });

  test.each([
    [
      "a ragged map",
      {
        ...good,
        featureMap: [
          [1, 2, 3],
          [4, 5],
        ],
      },
      /featureMap, row 2 has 2 numbers, expected 3 as in row 1/,
    ],
    ["a ragged filter", { ...good, filters: [[[1, 2], [3]], [[1]]] }, /filters\[0\], row 2 has 1 numbers, expected 2/],
    ["a stride of 0", { ...good, poolStride: 0 }, /poolStride is 0, expected a whole number from 1/],
    ["a negative padding", { ...good, padding: -1 }, /padding is -1, expected a whole number from 0/],
    ["half a stride", { ...good, poolStride: 1.5 }, /poolStride is 1\.5/],
    ["null in a cell", { ...good, featureMap: [[1, null]] }, /featureMap, row 1, column 2 is null, expected a number/],
    ["a word in a cell", { ...good, featureMap: [["NaN"]] }, /row 1, column 1 is "NaN"/],
    ["a division by zero", { ...good, featureMap: [["1/0"]] }, /column 1 is "1\/0"/],
    ["a huge number", { ...good, featureMap: [[1e300]] }, /column 1 is 1e\+300, expected a number from −10⁹ to 10⁹/],
    ["a number beyond f64", '{"featureMap": [[1e999]], "filters": [[[1]], [[1]]]}', /column 1 is Infinity/],
    ["NaN, which JSON does not know", '{"featureMap": [[NaN]]}', /is no JSON/],
    ["an empty map", { ...good, featureMap: [] }, /featureMap is \[\], expected a list of 1 to 64 rows/],
    ["an empty row", { ...good, featureMap: [[]] }, /featureMap, row 1 is \[\], expected a list/],
    [
      "a map of 65 rows",
      { ...good, featureMap: Array.from({ length: 65 }, () => [1]) },
      /expected a list of 1 to 64 rows/,
    ],
    ["no map", { filters: good.filters }, /featureMap is missing/],
    ["one filter", { ...good, filters: [[[1]]] }, /filters is \[\[\[1\]\]\], expected two filters/],
    [
      "a key that nothing has",
      { ...good, strides: 2 },
      /nothing is called "strides" here; expected some of featureMap/,
    ],
    ["a list", [1, 2], /holds \[1,2\], expected an object/],
    ["nothing", "", /is no JSON/],
    [
      "a cell outside",
      { ...good, cell: [2, 0] },
      /cell is \[2,0\], expected a row from 0 to 1 and a column from 0 to 2/,
    ],
    ["a window larger than the map", { ...good, pool: 3 }, /pool is 3, but the feature map has 2 rows/],
    [
      "__proto__",
      '{"__proto__": {"pool": 1}, "featureMap": [[1]], "filters": [[[1]], [[1]]]}',
      /nothing is called "__proto__"/,
    ],
  ])("%s is refused by name", (_, content, message) => {
    expect(() => readInput({ maps: file(content) })).toThrow(message);
  });

  test("that is not there is named", () => {
    expect(() => readInput({ maps: join(folder, "none.json") })).toThrow(/none\.json cannot be read \(ENOENT\)/);
    expect(() => readInput({ maps: folder })).toThrow(/cannot be read \(EISDIR\)/);
  });
});
