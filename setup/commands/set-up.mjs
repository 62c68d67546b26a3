// Brings the machine to where the commands can run, and says in one place what went wrong if it cannot; all on stderr.
import { commandFor } from "../runner/apt.mjs";
import { createProgress, duration } from "../runner/progress.mjs";
import { failureText, runSteps } from "../runner/steps.mjs";
import { nodeEnv } from "../steps/javascript-packages.mjs";
import { rustEnv } from "../steps/rust-toolchain.mjs";

/** Runs the steps; gives their results and the environment for scripts, or undefined after saying what failed. */
export async function setUp(steps) {
  const began = performance.now();
  const progress = createProgress();
  const { results, failures, worked } = await runSteps(steps, { progress });
  progress.stop();
  for (const failure of failures) console.error(`\n${failureText(failure)}`);
  const command = commandFor(failures.map(({ error }) => error));
  if (command) console.error(`\nType this one command, then the same again:\n\n    ${command}\n`);
  if (failures.length) return undefined;
  if (worked) console.error(`Set-up took ${duration(performance.now() - began)}.\n`);
  const { node } = results["javascript-packages"];
  const env = nodeEnv(node, rustEnv(results["rust-toolchain"]));
  for (const step of Object.values(results)) if (step.missing) Object.assign(env, step.env);
  return { results, node, env, missing: Object.values(results).flatMap((step) => step.missing ?? []) };
}
