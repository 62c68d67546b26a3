// Before the tests: builds the package, packs it with npm, and installs the tarball into an empty project.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";
import { buildPackage } from "../../packages/lanewise/build/build.ts";

/** What npm says of a tarball. */
export interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
  readonly bundled: readonly string[];
}

declare module "vitest" {
  interface ProvidedContext {
    packed: Packed;
    /** The empty project into which the tarball was installed, far from this repository's packages. */
    project: string;
  }
}

const npm = async (args: readonly string[], cwd: string): Promise<string> => {
  const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ""}` };
  const { stdout } = await promisify(execFile)("npm", args, { cwd, env, shell: process.platform === "win32" });
  return stdout;
};

export default async function setup({ provide }: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "lanewise-loading-"));
  const project = join(folder, "project");
  const built = join(folder, "built");
  await buildPackage(built);
  const [packed] = Object.values(JSON.parse(await npm(["pack", "--json", built], folder)) as Record<string, Packed>);
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "empty", private: true }));
  // Offline: whatever it needed besides itself could not be had.
  await npm(["install", "--offline", "--no-audit", "--no-fund", join(folder, packed!.filename)], project);
  provide("packed", packed!);
  provide("project", project);
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
