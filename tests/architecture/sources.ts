// The project's files as git knows them, and what their imports say.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** Paths of all files that are tracked, or would be: relative to the root. */
export function files(): string[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    cwd: root,
    encoding: "utf8",
  });
  const deleted = execFileSync("git", ["ls-files", "--deleted", "-z"], { cwd: root, encoding: "utf8" }).split("\0");
  return listed.split("\0").filter((path) => path !== "" && !deleted.includes(path));
}

export function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

export function isSource(path: string): boolean {
  return /\.(ts|tsx|rs|mjs|js)$/.test(path) && !path.includes("/fixtures/");
}

export function isTest(path: string): boolean {
  return /\.(test|cases|fixture)\.(ts|mjs)$/.test(path);
}

/** What a module names in import and export declarations and in dynamic imports. */
export function importsOf(path: string): string[] {
  const text = read(path);
  return [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*"([^"]+)"|(?:^|\n)import\s+"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/g,
    ),
  ].map((match) => (match[1] ?? match[2] ?? match[3])!);
}
