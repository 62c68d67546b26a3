// `npm test`: the check, then every suite; what suites leave for the end, each one's time, and one closing line for all.
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

/** Without a browser or Python the rest is tested, and what was not is said so that nobody overlooks it. */
export function missingText(missing, debian = isDebian()) {
  if (!missing.length) return [];
  const command = debian ? `type: ${commandToType(missing.flatMap(({ packages }) => packages))}` : undefined;
  const named = "install it, or name it by LANEWISE_CHROMIUM, LANEWISE_FIREFOX or LANEWISE_PYTHON";
  const lines = [...missing.map(({ what }) => `NOT TESTED: ${what}.`), `To test that too, ${command ?? named}.`];
  const rule = "!".repeat(Math.min(Math.max(...lines.map(({ length }) => length)), 120));
  return [rule, ...lines, rule];
}

/** In CI nothing may be left out; the words say what is missing, or there is nothing to say. */
export function refusalInCi(missing, ci = process.env.CI) {
  if (!missing.length || !ci || ci === "false") return undefined;
  return [...missingText(missing), "In CI everything is tested: install what is named above and run again."].join("\n");
}

export async function test(ready, names = []) {
  const refusal = refusalInCi(ready.missing);
  if (refusal) {
    console.error(refusal);
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
  for (const { text } of rows) if (text) console.log(`\n${text}`);
  console.log("");
  const width = Math.max(...rows.map(({ name }) => name.length), 0);
  for (const { name, ms, reason, ...tally } of rows) {
    const time = ms === undefined ? "" : duration(ms);
    console.log(`  ${name.padEnd(width)}  ${time.padStart(12)}  ${closingLine(tally)}${reason ? ` (${reason})` : ""}`);
  }
  for (const look of checked.failedLooks) console.error(`Failed: ${look}.`);
  for (const line of missingText(ready.missing)) console.log(line);
  console.log(`All of it took ${duration(performance.now() - began)}.`);
  // A look that failed is no test, yet the closing line must not read as if all were well.
  const sum = added([...rows, { passed: 0, failed: checked.failedLooks.length, skipped: 0 }]);
  console.log(closingLine(sum));
  return sum.failed ? 1 : 0;
}
