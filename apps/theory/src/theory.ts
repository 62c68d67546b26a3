// The program: answers the problems that the options name, at the terminal, as JSON and as a report.
import { parseOptions } from "@lanewise/terminal";
import { program } from "./options.ts";
import { run } from "./run.ts";

const given = parseOptions(program);
try {
  await run(given);
} catch (error) {
  console.error(`theory: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
