// Problem 2 against hand calculations, and against an enumeration of lines for all sixteen tables of two inputs.
import Fraction from "fraction.js";
import { init } from "lanewise";
import { beforeAll, describe, expect, test } from "vitest";
import { reference } from "../reference.fixture.ts";
import { solveGates } from "./answer.ts";
import { type Gate, readGate } from "./gate.ts";
import { forward, twoHiddenUnits } from "./network.ts";
import { gateList } from "./option.ts";
import { isProof, marginOf, refute, separate } from "./separation.ts";

beforeAll(() => init({ threads: 1, strict: true }));

const tables = Array.from({ length: 16 }, (_, at) => at.toString(2).padStart(4, "0"));
const few = { searchStarts: 16, seed: 1 };

describe("separating lines", () => {
  test("exist for the fourteen tables that an enumeration of lines reaches", () => {
    const separable = tables.filter((bits) => separate(readGate(`g=${bits}`)) !== null);
    expect(separable).toEqual(reference.gates.separable);
    expect(separable).toHaveLength(14);
  });

  test.each(tables)("are there for %s, or a certificate is, never both", (bits) => {
    const gate = readGate(`g=${bits}`);
    const [separation, impossibility] = [separate(gate), refute(gate)];
    expect([separation === null, impossibility === null].filter(Boolean)).toHaveLength(1);
    if (separation !== null) expect(marginOf(gate, separation.weights, separation.bias).compare(0)).toBe(1);
    if (impossibility !== null) expect(isProof(gate, impossibility)).toBe(true);
  });

  test("of AND, OR and NOT are those in the middle, found by hand", () => {
    // Weights from −1 to 1: AND parts 1 from 2 at 1.5, OR 0 from 1 at 0.5, NOT 0 from −1 at −0.5; half away on each side.
    const numbers = (name: string) => {
      const { weights, bias, margin } = separate(readGate(name))!;
      return [...weights, bias, margin].map(Number);
    };
    expect(numbers("and")).toEqual([1, 1, -1.5, 0.5]);
    expect(numbers("or")).toEqual([1, 1, -0.5, 0.5]);
    expect(numbers("not")).toEqual([-1, 0.5, 0.5]);
  });
});

describe("certificates", () => {
  const xor = readGate("xor");
  const shares = (...values: string[]) => ({ multipliers: values.map((value) => new Fraction(value)) });

  test("of XOR and XNOR give each row a quarter", () => {
    // z01 + z10 = z00 + z11 for all weights, by hand; the shares add up to 1.
    for (const name of ["xor", "xnor"]) {
      expect(refute(readGate(name))!.multipliers.map((share) => share.toFraction())).toEqual([
        "1/4",
        "1/4",
        "1/4",
        "1/4",
      ]);
    }
  });

  test("are refused where they prove nothing", () => {
    expect(isProof(xor, shares("1/4", "1/4", "1/4", "1/4"))).toBe(true);
    expect(isProof(xor, shares("1/3", "1/4", "1/4", "1/4"))).toBe(false);
    expect(isProof(xor, shares("-1/4", "-1/4", "-1/4", "-1/4"))).toBe(false);
    expect(isProof(xor, shares("0", "0", "0", "0"))).toBe(false);
    expect(isProof(xor, shares("1/4", "1/4", "1/4"))).toBe(false);
    expect(isProof(readGate("and"), shares("1/4", "1/4", "1/4", "1/4"))).toBe(false);
    // A quarter that is off by a rounding error of f64 is no proof in exact numbers.
    expect(isProof(xor, shares("0.25000000000000006", "1/4", "1/4", "1/4"))).toBe(false);
  });
});

test.each(tables)("the network of %s reads every row right, in f64 and by Lanewise", (bits) => {
  const [solution] = solveGates({ gates: [readGate(`g=${bits}`)], ...few, searchStarts: 1 }).solutions;
  expect(solution!.rows.map(({ output }) => output).join("")).toBe(bits);
  expect(solution!.rows.map(({ z }) => (z >= 0 ? 1 : 0)).join("")).toBe(bits);
  for (const { z, float32 } of solution!.rows) expect(Math.abs(z - float32)).toBeLessThan(1e-5);
  expect(solution!.units).toBe(bits === "0110" || bits === "1001" ? 3 : 1);
});

test("XOR's last sum is mpmath's", () => {
  const rows = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ];
  expect(rows.map((inputs) => forward(twoHiddenUnits(true), inputs).z)).toEqual(
    reference.gates.xor.map((z) => expect.closeTo(z, 12)),
  );
});

test("the handout's NOT says 0 for both inputs, the bias 0.5 does not", () => {
  const { handout, solutions } = solveGates({ gates: [readGate("not")], ...few });
  // −1 · 0 − 0.5 and −1 · 1 − 0.5, both below 0.
  expect(handout.rows.map(({ z, output }) => [z, output])).toEqual([
    [-0.5, 0],
    [-1.5, 0],
  ]);
  expect(solutions[0]!.network.layers).toEqual([{ weights: [[-1]], biases: [0.5] }]);
});

test("the search finds XOR with two hidden units and never with one", () => {
  const { searches, searched } = solveGates({ gates: [readGate("and"), readGate("xor")], searchStarts: 64, seed: 1 });
  expect(searched).toBe("XOR");
  const [one, two] = searches;
  expect(one!.rowsRight[4]).toBe(0);
  expect(two!.rowsRight[4]).toBeGreaterThan(0);
  for (const { rowsRight } of searches) expect(rowsRight.reduce((sum, count) => sum + count, 0)).toBe(64);
});

describe("gates by name or table", () => {
  test("are read", () => {
    expect(readGate("implies=1101")).toEqual({ name: "IMPLIES", inputs: 2, outputs: [1, 1, 0, 1] } satisfies Gate);
    expect(readGate("same=01")).toMatchObject({ inputs: 1, outputs: [0, 1] });
  });

  test.each([
    ["nope", /'nope' came; expected one of not, and, or/],
    ["g=012", /'g=012' came; expected two outputs .* or four/],
    ["g=0101010", /expected two outputs/],
    ["=01", /expected one of/],
    ["", /expected one of/],
    ["g=01=10", /expected one of/],
  ])("are refused: %s", (text, message) => {
    expect(() => readGate(text)).toThrow(message);
    expect(() => gateList({ group: "x" }).kind.read(text)).toThrow(/^--gates: /);
  });

  test("come once", () => {
    expect(() => gateList({ group: "x" }).kind.read("and,or,and")).toThrow("--gates: AND came twice");
  });
});
