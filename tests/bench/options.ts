// The bench's command line: families by name, then options.
import { flag, readOptions, text, UsageError } from "@lanewise/terminal";
import { type Family, families } from "./families/index.ts";

const program = {
  name: "npm run bench --",
  description:
    `Measures Lanewise and its peers side by side. Name families before the options to run only these: ` +
    `${families.map(({ name }) => name).join(", ")}; page is all of page-...`,
  options: {
    torch: text("A Python interpreter with PyTorch 2, to be measured too.", { placeholder: "python" }),
    json: text("Writes everything that was measured to this file.", { placeholder: "file" }),
    markdown: text("Writes the tables to this file.", { placeholder: "file" }),
    quick: flag("Few short rounds: to see that it works, not for figures."),
    profile: flag(
      "Where the time of a training step goes, kernel by kernel, instead of the bench: of mlp and cifar, and of page-inference.",
    ),
  },
  epilogue: "Example: npm run bench -- mlp --torch /usr/bin/python3 --json out/bench.json",
};

export interface BenchOptions {
  readonly families: readonly Family[];
  readonly torch: string | undefined;
  readonly json: string | undefined;
  readonly markdown: string | undefined;
  readonly quick: boolean;
  readonly profile: boolean;
}

export function readBenchOptions(args: readonly string[]): BenchOptions {
  const firstOption = args.findIndex((arg) => arg.startsWith("-"));
  const names = firstOption < 0 ? args : args.slice(0, firstOption);
  const chosen = names.flatMap((name) => {
    const named = families.filter((candidate) => candidate.name === name || candidate.name.startsWith(`${name}-`));
    if (named.length > 0) return named;
    const known = families.map((candidate) => candidate.name).join(", ");
    throw new UsageError(`no family is called '${name}'; expected some of ${known}, before the options.`);
  });
  const options = readOptions(program, args.slice(names.length));
  return { ...options, families: chosen.length > 0 ? chosen : families };
}
