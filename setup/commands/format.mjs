// Rewrites all sources in the house's format.
import { root } from "../places.mjs";
import { runAtTerminal } from "../runner/child-process.mjs";
import { binOf } from "../steps/javascript-packages.mjs";

export async function format({ node, env }) {
  const biome = await runAtTerminal(node, [binOf("@biomejs/biome", "biome"), "check", "--write", "."], {
    cwd: root,
    env,
  });
  const rust = await runAtTerminal(env.CARGO, ["fmt", "--all"], { cwd: root, env });
  return biome || rust;
}
