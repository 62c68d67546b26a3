// What a program goes on with: the settings of the run's beginning, what was named, and what is refused.
import { init } from "@lanewise/tensor";
import { beforeAll, expect, test } from "vitest";
import { type CheckpointStore, resumption, train } from "../index.ts";
import { memoryStore, smallRun } from "../run.fixture.ts";

beforeAll(() => init({ strict: true, threads: 1 }));

const defaults = { lr: 0.1, widths: [8, 8], kind: "plain" };
const began = { lr: 0.5, widths: [4], kind: "plain" };

/** A store with a run of those settings that was stopped after `steps` of 33. */
async function stopped(settings: object, steps: number): Promise<CheckpointStore> {
  const store = memoryStore("out/checkpoint.npz");
  const run = smallRun(store);
  const options = run.options();
  await run.train({ checkpoint: { ...options.checkpoint!, settings }, stopAfter: steps });
  return store;
}

async function asked(
  store: CheckpointStore,
  named: Partial<typeof defaults> = {},
  resume = true,
  strict?: boolean,
  said: string[] = [],
) {
  const settings = { ...defaults, ...named };
  const request = { store, program: "p", resume, settings, named, strict, say: (text: string) => said.push(text) };
  return { ...(await resumption<typeof defaults>(request)), said };
}

test("a run goes on with what it began with, and in its mode", async () => {
  const store = await stopped({ program: "p", ...began }, 14);
  const { run, settings, strict, resume, said } = await asked(store);
  expect([run, settings]).toEqual([began, { program: "p", ...began }]);
  // 3 epochs of 11 steps: 14 is within the second.
  expect([strict, resume!.progress.step]).toEqual([true, 14]);
  expect(said).toEqual(["out/checkpoint.npz: goes on after 1 epoch, at step 14 of 33."]);
});

test("what was named stands, and training refuses where it is another", async () => {
  const store = await stopped({ program: "p", ...began }, 3);
  const same = await asked(store, { lr: 0.5 });
  expect(same.run).toEqual(began);
  const other = await asked(store, { lr: 0.25 }, true, false);
  expect([other.run, other.strict]).toEqual([{ ...began, lr: 0.25 }, false]);
  const { checkpoint, ...options } = smallRun(memoryStore()).options();
  const { resume, settings } = other;
  await expect(train({ ...options, checkpoint: { ...checkpoint!, settings, resume } })).rejects.toThrow(
    "out/checkpoint.npz is of another run:\n  lr: 0.5 there, 0.25 here",
  );
});

test("without resume, or without a checkpoint, a run begins, and it is said where that may surprise", async () => {
  const store = await stopped({ program: "p", ...began }, 3);
  const anew = await asked(store, { lr: 0.25 }, false);
  expect([anew.run, anew.resume, anew.strict]).toEqual([{ ...defaults, lr: 0.25 }, null, false]);
  expect(anew.said).toEqual([expect.stringContaining("a run that was not finished; this one begins anew")]);
  const nothing = await asked(memoryStore("new.npz"));
  expect([nothing.run, nothing.resume, nothing.said]).toEqual([
    defaults,
    null,
    ["new.npz is not there: the run begins."],
  ]);
  const finished = await stopped({ program: "p", ...began }, 33);
  expect((await asked(finished, {}, false)).said).toEqual([]);
});

test("another program's run, and settings of another kind, are refused by name", async () => {
  const said: string[] = [];
  await expect(asked(await stopped({ program: "q", ...began }, 1), {}, true, false, said)).rejects.toThrow(
    "out/checkpoint.npz is of a run of q, expected one of p",
  );
  expect(said).toEqual([]);
  await expect(asked(await stopped({ program: "p", ...began, widths: 4 }, 1))).rejects.toThrow(
    "its setting 'widths' is a number, expected a list",
  );
  const damaged = { ...memoryStore("bad.npz"), read: async () => new Uint8Array(3) };
  await expect(asked(damaged)).rejects.toThrow("bad.npz is no .npz");
  expect((await asked(damaged, {}, false)).resume).toBeNull();
});
