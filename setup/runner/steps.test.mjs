// The order of steps, what is skipped, and what a failure leaves undone.
import { expect, test } from "vitest";
import { failureText, runSteps } from "./steps.mjs";

const silent = { begin() {}, hear() {}, end() {}, say() {}, stop() {} };
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

const recorder = () => {
  const events = [];
  const step = (name, needs = [], more = {}) => ({
    name,
    title: name,
    needs,
    async run() {
      events.push(`+${name}`);
      await pause(5);
      events.push(`-${name}`);
      return { from: name };
    },
    ...more,
  });
  return { events, step };
};

test("a step begins when what it needs has ended, and others run beside it", async () => {
  const { events, step } = recorder();
  const { results, failures, worked } = await runSteps([step("c", ["a", "b"]), step("a"), step("b")], {
    progress: silent,
  });
  expect(events.slice(0, 2)).toEqual(["+a", "+b"]);
  expect(events.slice(-2)).toEqual(["+c", "-c"]);
  expect(results.c).toEqual({ from: "c" });
  expect([failures, worked]).toEqual([[], 3]);
});

test("no more run at once than allowed", async () => {
  const { events, step } = recorder();
  await runSteps([step("a"), step("b"), step("c")], { progress: silent, atOnce: 1 });
  expect(events).toEqual(["+a", "-a", "+b", "-b", "+c", "-c"]);
});

test("a step whose work still stands gives its old result and does not run", async () => {
  const { events, step } = recorder();
  const old = step("a", [], { done: () => ({ from: "stamp" }) });
  const { results, worked } = await runSteps([old, step("b", ["a"])], { progress: silent });
  expect(results.a).toEqual({ from: "stamp" });
  expect([events[0], worked]).toEqual(["+b", 1]);
});

const broken = {
  run: () => Promise.reject(Object.assign(new Error("no disk"), { tail: ["line 1", "line 2"], log: "/x/y.log" })),
};

test("after a failure the steps beside it finish and nothing new begins", async () => {
  const { events, step } = recorder();
  const steps = [step("bad", [], broken), step("beside"), step("after", ["beside"]), step("needs", ["bad"])];
  const { failures, results } = await runSteps(steps, { progress: silent });
  expect(failures.map((failure) => failure.step.name)).toEqual(["bad"]);
  expect(events).toEqual(["+beside", "-beside"]);
  expect(Object.keys(results)).toEqual(["beside"]);
});

test("with keepGoing the others run all the same", async () => {
  const { step } = recorder();
  const steps = [step("bad", [], broken), step("beside"), step("after", ["beside"])];
  const { results } = await runSteps(steps, { progress: silent, keepGoing: true });
  expect(Object.keys(results)).toEqual(["beside", "after"]);
});

test("a failing look whether work stands is that step's failure", async () => {
  const { step } = recorder();
  const done = () => {
    throw new Error("cannot look");
  };
  const { failures } = await runSteps([step("a", [], { done })], { progress: silent });
  expect(failures[0].error.message).toBe("cannot look");
});

test("a need that no step answers is said at once", async () => {
  const { step } = recorder();
  await expect(runSteps([step("a", ["ghost"])], { progress: silent })).rejects.toThrow("ghost");
});

test("a failure's text says which step, why, the log's end, its path, what to do, and that the next run goes on", async () => {
  const { step } = recorder();
  const { failures } = await runSteps([step("bad", [], { ...broken, hint: "free some space" })], { progress: silent });
  expect(failureText(failures[0]).split("\n")).toEqual([
    "Failed: bad: no disk",
    "    | line 1",
    "    | line 2",
    "  Full log: /x/y.log",
    "  What to do: free some space.",
    "  The next run goes on at this step; what is done stays done.",
  ]);
});
