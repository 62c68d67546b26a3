// Starts a TypeScript program of the work tree, by tsx on the newest Node, with the user's own arguments.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../places.mjs";
import { runAtTerminal } from "../runner/child-process.mjs";

export function runScript(script, args, { node, env }) {
  const path = join(root, script);
  if (!existsSync(path)) throw new Error(`${script} is not in the work tree: ${root} is not a whole clone.`);
  // tsx inside the program's own process: its command would stand between, and end the program soon after Ctrl-C.
  const tsx = pathToFileURL(createRequire(join(root, "package.json")).resolve("tsx")).href;
  // Where the user stands, not where npm went: paths in the arguments are theirs.
  return runAtTerminal(node, ["--import", tsx, path, ...args], { cwd: process.env.INIT_CWD ?? root, env });
}
