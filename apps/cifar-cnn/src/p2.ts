// The program: trains the network of a recipe on CIFAR-10, and writes the model, its figures and a report.
import { namedOptions, parseOptions } from "@lanewise/terminal";
import { program } from "./options.ts";
import { run } from "./run.ts";

const given = parseOptions(program);
try {
  process.exitCode = await run(given, namedOptions(program));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
// The threads would keep the process alive.
process.exit();
