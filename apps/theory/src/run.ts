// One run from options to files: answers first, since the report's packages take longer to load than all of them to find.
import { join } from "node:path";
import { claimResultsFolder, wrapped } from "@lanewise/terminal";
import { init } from "lanewise";
import { writeAside } from "lanewise/io/node";
import { backpropProblem } from "./backprop/index.ts";
import { convolutionProblem } from "./convolution/index.ts";
import { checkedChannels, readInput } from "./convolution/input.ts";
import { gatesProblem } from "./gates/index.ts";
import { geluProblem } from "./gelu/index.ts";
import type { GivenOptions } from "./options.ts";
import { type Solved, solved } from "./problem.ts";

/** By a problem's number: reads its own options, whose mistakes are said before anything is solved; then solves it. */
const problems: Readonly<Record<number, (given: GivenOptions) => () => Solved>> = {
  1: ({ coefficient, alpha, start, rate, secondRate, plateauStart, beta, compareAt }) => {
    const options = { coefficient, alpha, start, rate, secondRate, plateauStart, beta, compareAt };
    return () => solved(geluProblem, options);
  },
  2: ({ gates, searchStarts, seed }) => {
    return () => solved(gatesProblem, { gates, searchStarts, seed });
  },
  3: ({ inputs, hidden, classes, trials, seed }) => {
    return () => solved(backpropProblem, { ...defined({ inputs, hidden, classes }), trials, seed });
  },
  4: ({ maps, padding, pool, poolStride, cell, channels, seed }) => {
    const input = readInput({ maps, padding, pool, poolStride, cell });
    const counts = checkedChannels(channels, input);
    return () => solved(convolutionProblem, { input, channels: counts, seed });
  },
};

export async function run(given: GivenOptions): Promise<void> {
  const tasks = given.problem.map((number) => problems[number]!(given));
  claimResultsFolder(given.out, "theory");
  // Everything here is small, and the strict binary gives the same digits on every machine.
  await init({ strict: true, threads: 1 });
  const answers: Solved[] = [];
  for (const solve of tasks) {
    const answer = solve();
    answers.push(answer);
    if (!given.json) console.log(`${headline(answer)}\n\n${wrapped(answer.tables())}\n`);
  }
  const json = `${JSON.stringify(jsonOf(answers), null, 2)}\n`;
  if (given.json) process.stdout.write(json);
  await writeAside(join(given.out, "theory.json"), json);
  const files = ["theory.json"];
  if (!given.withoutReport) {
    const { pdfOf } = await import("./report.ts");
    await writeAside(join(given.out, "theory.pdf"), await pdfOf(answers));
    files.push("theory.pdf");
  }
  console[given.json ? "error" : "log"](`${given.out}: ${files.join(", ")}`);
}

function headline({ number, title }: Solved): string {
  const text = `Problem ${number}: ${title}`;
  return `${text}\n${"═".repeat(text.length)}`;
}

function jsonOf(answers: readonly Solved[]): Record<string, unknown> {
  return Object.fromEntries(
    answers.map(({ number, title, answer }) => [`problem${number}`, { title, ...(answer as object) }]),
  );
}

function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
