// Runs vitest on the newest Node, counts from its JSON report, and takes the text that the suite leaves for the end.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../places.mjs";
import { runAtTerminal } from "../runner/child-process.mjs";
import { binOf } from "../steps/javascript-packages.mjs";
import { judged, vitestTally } from "./tally.mjs";

/** `name` names the report; `args` say which tests. A suite may write out/tests/NAME.txt, which is printed at the end. */
export async function runVitest(name, args, { node, env }) {
  const reports = join(root, "out", "tests");
  const report = join(reports, `${name}.json`);
  const text = join(reports, `${name}.txt`);
  mkdirSync(reports, { recursive: true });
  for (const old of [report, text]) rmSync(old, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const command = [binOf("vitest", "vitest"), "run", ...args, ...reporters];
  const exitCode = await runAtTerminal(node, command, { cwd: root, env });
  let tally = { passed: 0, failed: 0, skipped: 0 };
  try {
    tally = vitestTally(JSON.parse(readFileSync(report, "utf8")));
  } catch {
    // no report: vitest itself broke down, and has said why
  }
  const left = existsSync(text) ? { text: readFileSync(text, "utf8").trimEnd() } : {};
  return { ...judged(tally, exitCode), ...left };
}
