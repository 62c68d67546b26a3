// @lanewise/terminal/trial: for tests that run a whole program as a process.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

export interface Outcome {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

export interface TrialOptions {
  /** Sees all that was written to the standard error stream so far, and may send signals. */
  readonly onErrors?: (soFar: string, kill: (signal: NodeJS.Signals) => void) => void;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs the TypeScript program at `program` to its end, by tsx. */
export function runProgram(
  program: URL,
  args: readonly string[],
  { onErrors, env = process.env }: TrialOptions = {},
): Promise<Outcome> {
  // tsx inside the program's own process, as the repository starts it: its command would answer signals itself.
  const tsx = pathToFileURL(createRequire(program).resolve("tsx")).href;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", tsx, fileURLToPath(program), ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env,
    });
    let output = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
      onErrors?.(errors, (signal) => child.kill(signal));
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output, errors }));
  });
}
