// Programs started by set-up: what is heard of them, how their failure reads, and that none outlives it.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ask, endAll, runLogged } from "./child-process.mjs";

const folder = mkdtempSync(join(tmpdir(), "programs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const log = join(folder, "deep", "x.log");
const script = (text) => [process.execPath, ["-e", text]];

test("lines are heard without colours, and all of it is in the log", async () => {
  const heard = [];
  const [node, args] = script('process.stdout.write("\\x1b[32mone\\x1b[0m\\rtwo\\n"); console.error("three")');
  await runLogged(node, args, { log, onLine: (line) => heard.push(line) });
  expect(heard.sort()).toEqual(["one", "three", "two"]);
  expect(readFileSync(log, "utf8")).toContain("three");
});

test("a failure carries the exit code, the last lines and the log's path", async () => {
  const [node, args] = script('console.log("why"); process.exitCode = 3');
  const error = await runLogged(node, args, { log }).catch((thrown) => thrown);
  expect(error.message).toMatch(/ended with exit code 3$/);
  expect([error.tail, error.log]).toEqual([["why"], log]);
});

test("a program that does not exist is named", async () => {
  await expect(runLogged(join(folder, "none"), [], { log })).rejects.toThrow(/none did not start: .*ENOENT/);
  expect(ask(join(folder, "none"), [])).toBeUndefined();
});

test("endAll ends a program with the programs it started", async () => {
  const nested = `require("node:child_process").spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"]).pid`;
  const [node, args] = script(`console.log(${nested}); setTimeout(() => {}, 60000)`);
  let grandchild;
  const ending = runLogged(node, args, {
    log,
    onLine: (line) => {
      grandchild = Number(line);
      endAll();
    },
  });
  await expect(ending).rejects.toThrow("SIGTERM");
  await expect.poll(() => isAlive(grandchild), { timeout: 5000 }).toBe(false);
});

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
};

test("what comes after a program at the terminal does not begin once we were told to end", async () => {
  const module = new URL("./child-process.mjs", import.meta.url).href;
  const text = `import { runAtTerminal } from ${JSON.stringify(module)};
    await runAtTerminal(process.execPath, ["-e", "console.log('first'); setTimeout(() => {}, 60000)"]);
    console.log("second");`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", text], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (bytes) => {
    said += bytes;
    if (said.includes("first")) child.kill("SIGTERM");
  });
  const code = await new Promise((done) => child.on("close", done));
  expect([code, said]).toEqual([143, "first\n"]);
});
