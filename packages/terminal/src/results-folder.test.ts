// One folder, one run: claimed by processes of their own, left by clean ends and by kills.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lanewise-results-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const module = fileURLToPath(new URL("./results-folder.ts", import.meta.url));
const source = (path: string, then: string) =>
  `import { claimResultsFolder } from ${JSON.stringify(module)};
   try { claimResultsFolder(${JSON.stringify(path)}, "p2"); console.log("held"); ${then} }
   catch (error) { console.log(error.message); process.exitCode = 1; }`;

/** What a program says that claims `path` and ends. */
function claimed(path: string): string {
  const args = ["--input-type=module", "--eval", source(path, "")];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 60_000 });
  return (stdout + stderr).trim();
}

/** A program that holds `path` until it is killed. */
async function holding(path: string) {
  const child = spawn(process.execPath, [
    "--input-type=module",
    "--eval",
    source(path, "setInterval(() => {}, 1000);"),
  ]);
  await once(child.stdout, "data");
  return {
    pid: child.pid,
    async kill() {
      child.kill("SIGKILL");
      await once(child, "close");
    },
  };
}

test("is made with the folders above it, and left as empty as it was", () => {
  const path = join(folder, "a", "b");
  expect(claimed(path)).toBe("held");
  expect(readdirSync(path)).toEqual([]);
  expect(claimed(path)).toBe("held");
});

test("a second run is refused by the first one's name, until that ends, if by a kill", async () => {
  const first = await holding(folder);
  expect(claimed(folder)).toMatch(
    new RegExp(
      `^${folder} is in use by a run of p2 \\(process ${first.pid}, since 20.*\\); name another folder, or wait`,
    ),
  );
  await first.kill();
  expect(readdirSync(folder)).toEqual([".in-use.json"]);
  expect(claimed(folder)).toBe("held");
  expect(readdirSync(folder)).toEqual([]);
});

test("a later process with the number of one that was killed holds nothing", () => {
  const note = { program: "p2", pid: process.pid, host: hostname(), began: "1", since: "2026-01-01" };
  writeFileSync(join(folder, ".in-use.json"), JSON.stringify(note));
  const expected = existsSync("/proc/self/stat") ? "held" : expect.stringContaining("is in use");
  expect(claimed(folder)).toEqual(expected);
});

test("a run on another machine is believed to go on, and a note that says nothing is not", () => {
  const note = join(folder, ".in-use.json");
  writeFileSync(note, JSON.stringify({ program: "p1", pid: 7, host: "elsewhere", began: null, since: "2026-01-01" }));
  expect(claimed(folder)).toContain(`is in use by a run of p1 (process 7 on elsewhere, since 2026-01-01)`);
  expect(claimed(folder)).toContain(`if it is over, delete ${note}`);
  writeFileSync(note, "");
  expect(claimed(folder)).toBe("held");
});

test("what hinders is said in words, before anything is computed", () => {
  const file = join(folder, "file");
  writeFileSync(file, "x");
  expect(claimed(file)).toBe(`${file} is a file; expected a folder, or a name that is free`);
  expect(claimed(join(file, "x"))).toBe(
    `${join(file, "x")} cannot be made: part of its path is a file; name another folder`,
  );
  expect(readFileSync(file, "utf8")).toBe("x");
});

// /proc refuses folders as if their parent were absent, on which Node's own recursive call tries again without end.
test.runIf(existsSync("/proc/self"))("a place where no folder can be is an error, not a wait", () => {
  expect(claimed("/proc/lanewise/results")).toMatch(
    /^\/proc\/lanewise\/results cannot be written to: .*; name another/,
  );
});
