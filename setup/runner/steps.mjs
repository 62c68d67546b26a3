// Runs steps: each as soon as what it needs is done, several at once, those with a valid stamp not at all.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { logs, shown } from "../places.mjs";
import { MissingPackages } from "./apt.mjs";

/**
 * A step: { name, title, needs?: names, done?(results) -> result or undefined, run({ log, hear, results }) -> result,
 * hint? }. `done` is the quick look whether its work still stands. After a failure nothing new begins, unless keepGoing.
 */
export async function runSteps(steps, { progress, atOnce = 4, keepGoing = false }) {
  const results = {};
  const waiting = new Map(steps.map((step) => [step.name, step]));
  const running = new Map();
  const failures = [];
  let worked = 0;

  const start = async (step) => {
    const known = await step.done?.(results);
    if (known !== undefined) return known;
    worked += 1;
    const log = join(logs, `${step.name}.log`);
    rmSync(log, { force: true });
    progress.begin(step.title);
    try {
      const result = await step.run({ log, hear: (line) => progress.hear(step.title, line), results });
      progress.end(step.title, "done  ", result?.note);
      return result ?? {};
    } catch (error) {
      progress.end(step.title, "FAILED");
      throw error;
    }
  };

  const missing = steps.flatMap((step) => (step.needs ?? []).filter((name) => !waiting.has(name)));
  if (missing.length) throw new Error(`Steps are needed that are not in the list: ${missing.join(", ")}.`);

  while (waiting.size || running.size) {
    if (keepGoing || !failures.length) {
      for (const step of waiting.values()) {
        if (running.size >= atOnce) break;
        if ((step.needs ?? []).some((name) => !(name in results))) continue;
        waiting.delete(step.name);
        const ending = start(step)
          .then((result) => {
            results[step.name] = result;
          })
          .catch((error) => failures.push({ step, error }))
          .finally(() => running.delete(step.name));
        running.set(step.name, ending);
      }
    }
    // Steps beside a failed one finish: their work is kept, and the next run goes on from there.
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  return { results, failures, worked };
}

/** What people read when a step failed: which, why, the end of its log, what to do. */
export function failureText({ step, error }, { lines = 15, resumes = true } = {}) {
  const text = [`Failed: ${step.title}: ${error.message}`];
  const tail = (error.tail ?? []).filter((line) => !/^\s*Building \[/.test(line)).slice(-lines);
  text.push(...tail.map((line) => `    | ${line.slice(0, 200)}`));
  if (error.log) text.push(`  Full log: ${shown(error.log)}`);
  const hint = step.hint ?? "read the log, mend the cause, and run the same command again";
  text.push(
    `  What to do: ${error instanceof MissingPackages ? "install what is missing, as said below" : (error.remedy ?? hint)}.`,
  );
  if (resumes) text.push("  The next run goes on at this step; what is done stays done.");
  return text.join("\n");
}
