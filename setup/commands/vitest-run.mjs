// Runs vitest on the newest Node and counts from its JSON report.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../places.mjs";
import { runAtTerminal } from "../runner/child-process.mjs";
import { binOf } from "../steps/javascript-packages.mjs";
import { judged, vitestTally } from "./tally.mjs";

/** `name` names the report; `args` say which tests. */
export async function runVitest(name, args, { node, env }) {
  const reports = join(root, "out", "tests");
  const report = join(reports, `${name}.json`);
  mkdirSync(reports, { recursive: true });
  rmSync(report, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const command = [binOf("vitest", "vitest"), "run", ...args, ...reporters];
  const exitCode = await runAtTerminal(node, command, { cwd: root, env });
  let tally = { passed: 0, failed: 0, skipped: 0 };
  try {
    tally = vitestTally(JSON.parse(readFileSync(report, "utf8")));
  } catch {
    // no report: vitest itself broke down, and has said why
  }
  return judged(tally, exitCode);
}
