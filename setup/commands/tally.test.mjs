// Every way in which tests can end is counted, and none of them reads as success by mistake.
import { expect, test } from "vitest";
import { added, cargoTally, closingLine, judged, vitestTally } from "./tally.mjs";

test("cargo's lines are added up", () => {
  const lines = [
    "running 3 tests",
    "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s",
    "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
    "a test that prints test result: ok. 9 passed; 0 failed; 0 ignored",
  ];
  expect(cargoTally(lines)).toEqual({ passed: 4, failed: 2, skipped: 1 });
});

test("a file that vitest could not load is a failure", () => {
  const report = {
    numPassedTests: 5,
    numFailedTests: 1,
    numPendingTests: 2,
    numTodoTests: 0,
    testResults: [
      { status: "passed", assertionResults: [{}] },
      { status: "failed", assertionResults: [{}] },
      { status: "failed", assertionResults: [] },
    ],
  };
  expect(vitestTally(report)).toEqual({ passed: 5, failed: 2, skipped: 2 });
});

const none = { passed: 0, failed: 0, skipped: 0 };

test("a suite that ran nothing, or broke down after its tests, has failed", () => {
  expect(judged(none, 0)).toMatchObject({ failed: 1, reason: "ran no test" });
  expect(judged({ ...none, skipped: 4 }, 0)).toMatchObject({ failed: 1, reason: "ran no test" });
  expect(judged(none, 101)).toMatchObject({ failed: 1, reason: "ended with exit code 101" });
  expect(judged({ ...none, passed: 3 }, 1)).toMatchObject({ passed: 3, failed: 1, reason: "ended with exit code 1" });
  expect(judged({ ...none, passed: 3 }, 0)).toEqual({ ...none, passed: 3 });
  expect(judged({ ...none, passed: 3, failed: 2 }, 1)).toEqual({ ...none, passed: 3, failed: 2 });
});

test("the closing line is plain", () => {
  const sum = added([
    { passed: 3, failed: 1, skipped: 0 },
    { passed: 4, failed: 0, skipped: 2 },
  ]);
  expect(closingLine(sum)).toBe("7 passed, 1 failed, 2 skipped");
  expect(closingLine({ ...none, passed: 7 })).toBe("7 passed, 0 failed");
});
