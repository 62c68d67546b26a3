// Interleaving: every side in every round, there and back; one that fails is asked once for the same thing.
import { expect, it } from "vitest";
import { interleave } from "./interleave.ts";

const subject = { measure: "matmul", size: 64 };

it("asks the sides in turn and keeps the least", async () => {
  const asked: string[] = [];
  const side = (name: string, times: number[]) => ({
    ask: async () => {
      asked.push(name);
      return { seconds: times.shift()!, value: 7 };
    },
  });
  const sides = new Map([
    ["a", side("a", [3, 2, 4])],
    ["b", side("b", [5, 6, 4])],
  ]);
  const wishes = ["a", "b"].map((name) => ({ side: name, subject }));
  const { measurements, failures } = await interleave(sides, { wishes, rounds: 3, seconds: 0.1 });
  expect(asked).toEqual(["a", "b", "b", "a", "a", "b"]);
  expect([measurements.seconds("a", subject), measurements.seconds("b", subject)]).toEqual([2, 4]);
  expect(failures).toEqual([]);
});

it("goes on without a side that is missing or fails", async () => {
  let asked = 0;
  const failing = {
    ask: async () => {
      asked += 1;
      throw new Error("no such kernel");
    },
  };
  const wishes = ["failing", "absent"].map((side) => ({ side, subject }));
  const { measurements, failures } = await interleave(new Map([["failing", failing]]), {
    wishes,
    rounds: 2,
    seconds: 0.1,
  });
  expect(asked).toBe(1);
  expect(failures).toEqual([{ wish: wishes[0], reason: "no such kernel" }]);
  expect(measurements.list()).toEqual([]);
});
