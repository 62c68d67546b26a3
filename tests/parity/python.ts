// The real NumPy and PyTorch on the other side: runs Python scripts, and says so when there is no such Python.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The interpreter that has NumPy and PyTorch; Debian's python3-numpy and python3-torch are in /usr/bin/python3. */
export const PYTHON = process.env.LANEWISE_PYTHON ?? "/usr/bin/python3";

/**
 * True when `module` can be imported. In CI a missing one is an error; elsewhere the tests that need it are left out,
 * and the terminal says which.
 */
export function hasPython(module: string, tests: string): boolean {
  const result = spawnSync(PYTHON, ["-c", `import ${module}`], { encoding: "utf8" });
  if (result.status === 0) return true;
  const reason = result.error?.message ?? result.stderr.trim().split("\n").at(-1);
  const message = `not tested: ${tests} (${PYTHON} has no ${module}: ${reason})`;
  if (process.env.CI) throw new Error(message);
  console.warn(message);
  return false;
}

/** Runs a script in `folder` and returns what it prints; a script that fails is an error with its own traceback. */
export function python(script: string, folder: string, args: readonly string[] = []): string {
  const result = spawnSync(PYTHON, ["-c", script, ...args], { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 26 });
  if (result.status !== 0) throw new Error(`${PYTHON} failed: ${result.error?.message ?? result.stderr}`);
  return result.stdout;
}

/** A new folder below the system's temporary one, and the call that removes it. */
export function temporaryFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "lanewise-parity-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
