// Ctrl-C: asked once, told twice; in a process of its own, with real signals.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { interruption } from "./interruption.ts";

/** Runs a small program that says "ready", and sends it a signal at each word it prints that is in `at`. */
async function interrupted(body: string, at: readonly string[], signal: NodeJS.Signals = "SIGINT") {
  const source = `import { interruption } from ${JSON.stringify(fileURLToPath(new URL("./interruption.ts", import.meta.url)))};
    const stop = interruption(); const pause = (ms) => new Promise((done) => setTimeout(done, ms)); ${body}`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source]);
  let output = "";
  child.stdout.on("data", (data) => {
    const words = String(data);
    output += words;
    if (at.some((word) => words.includes(word))) child.kill(signal);
  });
  child.stderr.on("data", (data) => {
    output += String(data);
  });
  const [code] = await once(child, "close");
  return { code, output };
}

describe("interruption", () => {
  it("lets the work end cleanly at the first Ctrl-C", async () => {
    const { code, output } = await interrupted(
      `console.log("ready"); while (!stop.requested) await pause(5); stop.end(); console.log("saved", stop.signal.aborted);`,
      ["ready"],
    );
    expect(output).toContain("Ctrl-C again quits at once.");
    expect(output).toContain("saved true");
    expect(code).toBe(0);
  });

  it("takes a request to end as it takes Ctrl-C, and knows the code for it", async () => {
    const { code, output } = await interrupted(
      `console.log("ready"); while (!stop.requested) await pause(5); console.log("saved"); process.exitCode = stop.exitCode;`,
      ["ready"],
      "SIGTERM",
    );
    expect([code, output]).toEqual([143, expect.stringContaining("saved")]);
  });

  it("quits at once with 130 at the second", async () => {
    const { code, output } = await interrupted(
      `console.log("ready"); while (!stop.requested) await pause(5); console.log("working"); await pause(20000); console.log("end");`,
      ["ready", "working"],
    );
    expect(code).toBe(130);
    expect(output).not.toContain("end\n");
  });

  it("gives the signal back at the end", () => {
    const before = process.listenerCount("SIGINT");
    const stop = interruption();
    expect(process.listenerCount("SIGINT")).toBe(before + 1);
    expect([stop.requested, stop.exitCode]).toEqual([false, 0]);
    stop.end();
    expect(process.listenerCount("SIGINT")).toBe(before);
  });
});
