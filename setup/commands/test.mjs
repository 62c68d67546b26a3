// `npm test`: the check, then every suite; each suite's time and one closing line for all of them.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../places.mjs";
import { commandToType, isDebian } from "../runner/apt.mjs";
import { duration } from "../runner/progress.mjs";
import { filesBelow } from "../runner/stamps.mjs";
import { checkAll } from "./check.mjs";
import { added, closingLine } from "./tally.mjs";
import { runVitest } from "./vitest-run.mjs";

const tests = join(root, "tests");
const isTest = (file) => /\.test(-d)?\.ts$/.test(file);

/** A suite is a folder of tests/ with a test in it; a vitest.config.ts of its own changes the common settings. */
export function findSuites(folder = tests) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
    .map(({ name }) => ({ name, place: join(folder, name), own: join(folder, name, "vitest.config.ts") }))
    .filter(({ place, own }) => existsSync(own) || filesBelow(place).some(isTest))
    .map(({ name, place, own }) => ({
      name,
      args: existsSync(own) ? ["--config", own] : ["--config", join(folder, "vitest.config.ts"), "--dir", place],
    }));
}

/** Without a browser or Python the rest is tested, and what was not is said; in CI nothing may be left out. */
function sayMissing(missing) {
  if (!missing.length) return;
  for (const { what } of missing) console.log(`Not tested: ${what}.`);
  const typed = isDebian() && `type: ${commandToType(missing.flatMap(({ packages }) => packages))}`;
  console.log(
    `To test that too, ${typed || "install it, or name it by LANEWISE_CHROMIUM, LANEWISE_FIREFOX, LANEWISE_PYTHON"}.`,
  );
}

export async function test(ready, names = []) {
  if (ready.missing.length && process.env.CI) {
    sayMissing(ready.missing);
    console.error("In CI everything is tested; install what is named above and run again.");
    return 1;
  }
  const known = findSuites();
  const unknown = names.filter((name) => !known.some((suite) => suite.name === name));
  if (unknown.length) {
    console.error(
      `No such suite: ${unknown.join(", ")}. Expected some of: ${known.map(({ name }) => name).join(", ")}.`,
    );
    return 2;
  }
  const began = performance.now();
  const checked = names.length ? { tallies: [], failedLooks: [] } : await checkAll(ready);
  const rows = checked.tallies;
  for (const suite of names.length ? known.filter(({ name }) => names.includes(name)) : known) {
    console.log(`\nSuite ${suite.name}`);
    const start = performance.now();
    const tally = await runVitest(suite.name, suite.args, ready);
    rows.push({ name: suite.name, ms: performance.now() - start, ...tally });
  }
  console.log("");
  const width = Math.max(...rows.map(({ name }) => name.length), 0);
  for (const { name, ms, reason, ...tally } of rows) {
    const time = ms === undefined ? "" : duration(ms);
    console.log(`  ${name.padEnd(width)}  ${time.padStart(12)}  ${closingLine(tally)}${reason ? ` (${reason})` : ""}`);
  }
  for (const look of checked.failedLooks) console.error(`Failed: ${look}.`);
  sayMissing(ready.missing);
  console.log(`All of it took ${duration(performance.now() - began)}.`);
  // A look that failed is no test, yet the closing line must not read as if all were well.
  const sum = added([...rows, { passed: 0, failed: checked.failedLooks.length, skipped: 0 }]);
  console.log(closingLine(sum));
  return sum.failed ? 1 : 0;
}
