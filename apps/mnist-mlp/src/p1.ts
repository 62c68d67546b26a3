// The program: trains the network that the options describe on MNIST, and writes the model, its figures and a report.
import { namedOptions, parseOptions, runMain } from "@lanewise/terminal";
import { program } from "./options.ts";
import { run } from "./run.ts";

const given = parseOptions(program);
await runMain("p1", () => run(given, namedOptions(program)));
