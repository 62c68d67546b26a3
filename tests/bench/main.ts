// `npm run bench`: Lanewise and its peers side by side on this machine, with bars, and whether they are met.
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, resolve } from "node:path";
import { UsageError } from "@lanewise/terminal";
import { type FamilyResult, runFamily } from "./family-run.ts";
import { machineName, shownMachine } from "./machine/name.ts";
import { Watch } from "./machine/quiet.ts";
import { type BenchOptions, readBenchOptions } from "./options.ts";
import { installPeers } from "./peers.ts";
import { profile } from "./profile.ts";
import { asJson, asMarkdown, type BenchResult, shownFamily } from "./publish/publish.ts";
import { verdictOf } from "./ratios.ts";
import { isWebPeer } from "./roster.ts";

async function bench(options: BenchOptions): Promise<BenchResult> {
  const { torch, quick } = options;
  const watch = new Watch();
  const machine = machineName();
  console.log(shownMachine(machine));
  await watch.look();
  sayUnquiet(watch.warnings());
  const scope = { cores: availableParallelism() };
  const sides = new Set(options.families.flatMap((family) => family.wishes(scope)).map(({ side }) => side));
  if ([...sides].some(isWebPeer)) installPeers();
  const results: FamilyResult[] = [];
  for (const family of options.families) {
    const onRound = (round: number, rounds: number): void =>
      void (process.stderr.isTTY && process.stderr.write(`\r${family.name}: round ${round + 1} of ${rounds}  `));
    const result = await runFamily(family, { scope, torch, quick, watch, onRound });
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
    console.log(shownFamily(result));
    results.push(result);
  }
  return { machine, date: new Date().toISOString(), quick, families: results, warnings: watch.warnings() };
}

function sayEnd({ families, warnings, quick }: BenchResult): void {
  const verdicts = families.flatMap(({ ratios }) => ratios.map(verdictOf));
  const count = (verdict: string): number => verdicts.filter((candidate) => candidate === verdict).length;
  console.log(`\nBars: ${count("met")} met, ${count("not met")} not met, ${count("not measured")} not measured.`);
  sayUnquiet(warnings);
  if (quick) console.log("! A quick run tells whether everything works; its figures are no figures.");
}

function sayUnquiet(warnings: readonly string[]): void {
  for (const warning of warnings) console.log(`! The machine is not quiet: ${warning}.`);
}

function write(path: string | undefined, content: string): void {
  if (path === undefined) return;
  mkdirSync(dirname(resolve(path)), { recursive: true });
  writeFileSync(path, content);
  console.log(`Written: ${path}`);
}

try {
  const options = readBenchOptions(process.argv.slice(2));
  if (options.profile) await profile(options.families);
  else {
    const result = await bench(options);
    sayEnd(result);
    write(options.json, asJson(result));
    write(options.markdown, asMarkdown(result));
  }
} catch (error) {
  const asked = error instanceof Error && error.name === "InformationAsked";
  if (asked) console.log(error.message);
  else console.error(error instanceof UsageError ? `npm run bench: ${error.message}` : error);
  process.exitCode = asked ? 0 : error instanceof UsageError ? 2 : 1;
}
