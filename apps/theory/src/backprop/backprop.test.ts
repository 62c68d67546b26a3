// Problem 3 against PyTorch's autograd, and the three ways to a gradient against each other.
import { init } from "lanewise";
import { beforeAll, expect, test } from "vitest";
import { reference } from "../reference.fixture.ts";
import { solveBackprop } from "./answer.ts";

beforeAll(() => init({ threads: 1, strict: true }));

const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 13));

test("loss, activations and all gradients of the example are PyTorch's", () => {
  const { example } = solveBackprop({ trials: 1, seed: 1 });
  const expected = reference.backprop;
  expect(example.loss).toBeCloseTo(expected.loss, 14);
  for (const [name, values] of Object.entries(expected.forward)) {
    expect([name, example.forward[name as "a"]]).toEqual([name, close(values)]);
  }
  for (const [name, values] of Object.entries(expected.gradients)) {
    expect([name, example.gradients[name as "a"]]).toEqual([name, close(values)]);
  }
});

test.each([1, 2, 3])("formulas, tape and differences agree on random networks of seed %i", (seed) => {
  const { trials, worst } = solveBackprop({ trials: 6, seed });
  expect(trials.map(({ comparisons }) => comparisons.map(({ of }) => of))).toEqual(
    Array.from({ length: 6 }, () => ["f2", "W1", "b1", "W2", "b2", "x"]),
  );
  // f32 rounds at 6e-8; central differences of E (some units large) at h² and 2⁻⁵³ / h.
  expect(worst.tape).toBeLessThan(2e-6);
  expect(worst.differences).toBeLessThan(1e-9);
  for (const { loss, float32Loss } of trials) expect(Math.abs(loss - float32Loss)).toBeLessThan(1e-5);
  // The gradients are something: a comparison of zeros would say nothing.
  for (const { comparisons } of trials) {
    for (const { largest } of comparisons) expect(largest).toBeGreaterThan(1e-4);
  }
});

test("sizes may be given", () => {
  const { trials } = solveBackprop({ trials: 2, seed: 5, inputs: 17, hidden: 1, classes: 2 });
  for (const { sizes, comparisons } of trials) {
    expect(sizes).toEqual({ inputs: 17, hidden: 1, classes: 2 });
    expect(comparisons.map(({ elements }) => elements)).toEqual([2, 17, 1, 2, 2, 17]);
  }
});
