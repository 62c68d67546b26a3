// Starts a TypeScript program of the work tree, by tsx on the newest Node, with the user's own arguments.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../places.mjs";
import { runAtTerminal } from "../runner/child-process.mjs";
import { binOf } from "../steps/javascript-packages.mjs";

export function runScript(script, args, { node, env }) {
  const path = join(root, script);
  if (!existsSync(path)) throw new Error(`${script} is not in the work tree: ${root} is not a whole clone.`);
  // Where the user stands, not where npm went: paths in the arguments are theirs.
  return runAtTerminal(node, [binOf("tsx", "tsx"), path, ...args], { cwd: process.env.INIT_CWD ?? root, env });
}
