// Projects that have nothing but the installed package and a few files.
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, inject } from "vitest";

const programFile = (name: string): string => fileURLToPath(new URL(`./program/${name}`, import.meta.url));

/** What the program tells, see program/program.js. */
export interface Told {
  readonly losses: readonly number[];
  readonly binary: string;
  readonly threads: number;
  readonly reasons: readonly string[];
  readonly advice: readonly string[];
}

/** A new project with the package installed, the program, and `files` by their paths. */
export function newProject(files: Readonly<Record<string, string>>): string {
  const installed = inject("project");
  const folder = mkdtempSync(`${installed}-`);
  cpSync(join(installed, "node_modules"), join(folder, "node_modules"), { recursive: true });
  cpSync(programFile("program.js"), join(folder, "program.js"));
  const manifest = JSON.stringify({ name: "project", private: true, type: "module" });
  for (const [path, text] of Object.entries({ "package.json": manifest, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** A new project with a page, whose script trains, itself or in a module worker. */
export function newPage(): string {
  const project = newProject({});
  for (const name of ["page.js", "in-worker.js", "index.html"]) cpSync(programFile(name), join(project, name));
  return project;
}

/** Against NumPy's f64, see fixtures/mlp.py: ten steps round some hundred times to 24 bits. */
export function expectLosses(losses: readonly number[], expected: readonly number[]): void {
  expect(losses).toHaveLength(expected.length);
  for (const [step, loss] of losses.entries()) expect(loss).toBeCloseTo(expected[step]!, 5);
}
