// Format, lint, types and unit tests: what must hold before every commit, under a minute once built.
import { join } from "node:path";
import { root } from "../places.mjs";
import { runLogged } from "../runner/child-process.mjs";
import { createProgress } from "../runner/progress.mjs";
import { failureText, runSteps } from "../runner/steps.mjs";
import { binOf } from "../steps/javascript-packages.mjs";
import { buildStd, wasmEnv, wasmTarget } from "../steps/wasm-compiler.mjs";
import { added, cargoTally, closingLine, judged } from "./tally.mjs";
import { runVitest } from "./vitest-run.mjs";

const looks = ({ node, env, results }) => {
  const rust = { ...env, CARGO_TARGET_DIR: join(root, "target") };
  const javascript = (name, title, script, args, hint) => ({
    name: `check-${name}`,
    title,
    hint,
    run: async ({ log, hear }) =>
      void (await runLogged(node, [script, ...args], { cwd: root, env, log, onLine: hear })),
  });
  const cargo = (name, title, args, environment, hint) => ({
    name: `check-${name}`,
    title,
    hint,
    run: async ({ log, hear }) => ({
      lines: await runLogged(environment.CARGO, args, { cwd: root, env: environment, log, onLine: hear }),
    }),
  });
  const denied = ["--", "-D", "warnings"];
  const clippy = wasmEnv(results["rust-toolchain"], "fast");
  const forWasm = ["--target", wasmTarget, ...buildStd];
  return [
    javascript("format", "Format and lint (Biome)", binOf("@biomejs/biome", "biome"), ["check", "."], "npm run format"),
    javascript("types", "Types (tsc)", binOf("typescript", "tsc"), ["-p", "."], "mend the types"),
    cargo("rustfmt", "Format (rustfmt)", ["fmt", "--all", "--check"], rust, "npm run format"),
    cargo("clippy", "Lint (clippy, wasm)", ["clippy", ...forWasm, ...denied], clippy, "mend what clippy names"),
    cargo("cargo-test", "Unit tests (cargo)", ["test", "--workspace"], rust, "mend the failed test"),
  ];
};

const title = (text) => console.log(`\n${text}`);

/** All looks, then the unit tests at the terminal; gives the tallies of the tests and how many looks failed. */
export async function checkAll(ready) {
  title("Check");
  // What each look says is this command's result, not set-up.
  const progress = createProgress({ out: process.stdout });
  const { results, failures } = await runSteps(looks(ready), { progress, atOnce: 2, keepGoing: true });
  progress.stop();
  for (const failure of failures) console.error(`\n${failureText(failure, { lines: 60, resumes: false })}`);
  const failedCargo = failures.find(({ step }) => step.name === "check-cargo-test");
  const cargoLines = results["check-cargo-test"]?.lines ?? failedCargo?.error.tail ?? [];
  title("Unit tests (vitest)");
  const tallies = [
    { name: "unit tests (cargo)", ...judged(cargoTally(cargoLines), failedCargo ? 1 : 0) },
    { name: "unit tests (vitest)", ...(await runVitest("unit", [], ready)) },
  ];
  return { tallies, failedLooks: failures.filter((failure) => failure !== failedCargo).map(({ step }) => step.title) };
}

export async function check(ready) {
  const { tallies, failedLooks } = await checkAll(ready);
  const sum = added(tallies);
  for (const { name, reason } of tallies) if (reason) console.error(`Failed: ${name} ${reason}.`);
  for (const look of failedLooks) console.error(`Failed: ${look}.`);
  console.log(`\n${closingLine(sum)}`);
  return failedLooks.length || sum.failed ? 1 : 0;
}
