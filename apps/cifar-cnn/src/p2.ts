// The program: trains the network of a recipe on CIFAR-10, and writes the model, its figures and a report.
import { namedOptions, parseOptions, runMain } from "@lanewise/terminal";
import { program } from "./options.ts";
import { run } from "./run.ts";

const given = parseOptions(program);
await runMain("p2", () => run(given, namedOptions(program)));
