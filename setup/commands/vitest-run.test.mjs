// What a suite reports and what it leaves for the end are of this run, never of an earlier one.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../places.mjs";
import { runVitest } from "./vitest-run.mjs";

const reports = join(root, "out", "tests");
const report = { numPassedTests: 2, numFailedTests: 0, testResults: [] };

/** Runs a suite by a shell script in the place of Node. */
async function runBy(script) {
  const folder = mkdtempSync(join(tmpdir(), "vitest-run-"));
  const node = join(folder, "node");
  writeFileSync(node, `#!/bin/sh\n${script}\n`);
  chmodSync(node, 0o755);
  try {
    return await runVitest("vitest-run-trial", [], { node, env: process.env });
  } finally {
    rmSync(folder, { recursive: true });
    for (const kind of ["json", "txt"]) rmSync(join(reports, `vitest-run-trial.${kind}`), { force: true });
  }
}

const write = (kind, text) => `printf '%s\\n' '${text}' > "${join(reports, `vitest-run-trial.${kind}`)}"`;

test.skipIf(process.platform === "win32")("the text that a suite leaves comes with its tally", async () => {
  const script = [write("json", JSON.stringify(report)), write("txt", "a table")].join("\n");
  expect(await runBy(script)).toEqual({ passed: 2, failed: 0, skipped: 0, text: "a table" });
});

test.skipIf(process.platform === "win32")("what an earlier run left is not taken for this one's", async () => {
  mkdirSync(reports, { recursive: true });
  for (const kind of ["json", "txt"])
    writeFileSync(join(reports, `vitest-run-trial.${kind}`), kind === "json" ? JSON.stringify(report) : "an old table");
  expect(await runBy("exit 3")).toEqual({ passed: 0, failed: 1, skipped: 0, reason: "ended with exit code 3" });
});
