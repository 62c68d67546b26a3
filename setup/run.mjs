// The commands of the repository: `node setup/run.mjs COMMAND [ARGUMENTS]`, which npm's scripts call.
import { check } from "./commands/check.mjs";
import { format } from "./commands/format.mjs";
import { runScript } from "./commands/run-script.mjs";
import { setUp } from "./commands/set-up.mjs";
import { test } from "./commands/test.mjs";
import { endAll } from "./runner/child-process.mjs";
import { build, forTests } from "./steps/all.mjs";

const script = (path) => async (args) => {
  const ready = await setUp(build);
  return ready ? runScript(path, args, ready) : 1;
};

const commands = {
  mnist: script("apps/mnist-mlp/src/p1.ts"),
  cifar: script("apps/cifar-cnn/src/p2.ts"),
  theory: script("apps/theory/src/theory.ts"),
  demo: script("apps/browser-demo/src/demo.ts"),
  bench: script("tests/bench/main.ts"),
  package: script("packages/lanewise/build/main.ts"),
  setup: async () => {
    const ready = await setUp(build);
    if (ready) console.log("Everything is set up: `npm start` trains, `npm test` tests.");
    return ready ? 0 : 1;
  },
  check: async () => {
    const ready = await setUp(build);
    return ready ? check(ready) : 1;
  },
  format: async () => {
    const ready = await setUp(build);
    return ready ? format(ready) : 1;
  },
  test: async (args) => {
    const ready = await setUp(forTests);
    return ready ? test(ready, args) : 1;
  },
};

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.once(signal, () => {
    endAll();
    if (process.listenerCount(signal) > 0) return; // a program at the terminal ends by itself
    console.error("\nStopped. What is done stays done; the next run goes on from here.");
    process.exit(signal === "SIGINT" ? 130 : 143);
  });
}

const [name = "", ...args] = process.argv.slice(2);
const command = commands[name];
if (!command) {
  console.error(`Unknown command "${name}". Expected one of: ${Object.keys(commands).join(", ")}.`);
  process.exit(2);
}
try {
  process.exitCode = await command(args);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
