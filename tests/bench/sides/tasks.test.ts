// A side's answers: a task is made and asked for its value once, then repeated; what it does not know is named.
import { expect, it, vi } from "vitest";
import { answering } from "./tasks.ts";

it("makes a task at its first request, and again for other settings", async () => {
  const made: number[] = [];
  let asked = 0;
  const answer = answering(
    {
      product: ({ size }) => {
        made.push(Number(size));
        return { calls: 1, value: () => ++asked, run: () => {}, details: () => `of ${size}` };
      },
    },
    0,
  );
  const first = await answer({ measure: "product", size: 2, seconds: 0 });
  expect(first).toEqual({ seconds: expect.any(Number), value: 1, details: "of 2" });
  // How long it may take is no setting of the task.
  expect((await answer({ measure: "product", size: 2, seconds: 0.001 })).value).toBe(1);
  expect((await answer({ measure: "product", size: 3, seconds: 0 })).value).toBe(2);
  expect(made).toEqual([2, 3]);
});

it("resets before each repetition, and waits for what is not done at once", async () => {
  const heard: string[] = [];
  const task = {
    calls: 2,
    reset: () => void heard.push("reset"),
    run: async () => {
      await Promise.resolve();
      heard.push("run");
    },
    value: () => 0,
  };
  await answering({ task: () => task }, 0)({ measure: "task", seconds: 0 });
  // One repetition to warm up, one that counts.
  expect(heard).toEqual(["reset", "run", "run", "reset", "run", "run"]);
});

it("measures calls that a coarse clock does not see", async () => {
  // A clock of whole milliseconds, and a call of 5 µs: 4 ms are 800 calls, and 1,024 is the next power of two.
  let microseconds = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => Math.floor(microseconds / 1000));
  const run = () => {
    microseconds += 5;
  };
  const task = { value: () => 0, run };
  const { seconds } = await answering({ task: () => task }, 0)({ measure: "task", seconds: 0.05 });
  clock.mockRestore();
  // 5.12 ms are seen as 5 or 6.
  expect([5 / 1024, 6 / 1024]).toContainEqual(expect.closeTo(seconds * 1e3, 9));
});

it("names what it knows where another measure is asked for", async () => {
  const answer = answering({ matmul: () => ({ value: () => 0, run: () => {} }) }, 0);
  await expect(answer({ measure: "lstm", seconds: 0 })).rejects.toThrow(
    "No measure is called lstm; this side knows matmul.",
  );
});
