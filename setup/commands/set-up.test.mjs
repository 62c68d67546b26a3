// What set-up says goes to stderr: the stdout of `npm run -s theory -- --json` is JSON on a fresh machine too.
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const module = new URL("./set-up.mjs", import.meta.url).href;

/** Sets up with one step that has work to do, then prints as a program at the terminal would. */
function program(work) {
  const text = `import { setUp } from ${JSON.stringify(module)};
    const known = (name, result) => ({ name, title: name, done: () => result });
    const ready = await setUp([
      known("javascript-packages", { node: process.execPath }),
      known("rust-toolchain", { bin: "bin" }),
      { name: "set-up-test", title: "Something new", run: async () => { ${work} } },
    ]);
    if (ready) console.log(JSON.stringify({ answer: 42 }));`;
  return spawnSync(process.execPath, ["--input-type=module", "-e", text], { encoding: "utf8" });
}

test("progress and the time that it took leave stdout to the program", () => {
  const { stdout, stderr } = program("");
  expect(JSON.parse(stdout)).toEqual({ answer: 42 });
  expect(stderr).toMatch(/Something new \.\.\..*done {3}Something new.*Set-up took \d+\.\d s\./s);
});

test("so does what failed", () => {
  const { stdout, stderr } = program('throw new Error("no disk")');
  expect(stdout).toBe("");
  expect(stderr).toContain("Failed: Something new: no disk");
});
