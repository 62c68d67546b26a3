// The licences of what others wrote and the published scripts contain.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** One text of all licences, from the sources that went into the scripts. */
export function licencesOf(sources: readonly string[], workingFolder: string): string {
  const folders = new Set(
    sources.flatMap(
      (source) => /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(resolve(workingFolder, source))?.[1] ?? [],
    ),
  );
  const notices = [...folders].map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
    if (file === undefined || !existsSync(join(folder, file)))
      throw new Error(`${name} has no licence text in ${folder}`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
  });
  const head = "The scripts of this package contain the following works.\n";
  return [head, ...notices.toSorted()].join(`\n${"-".repeat(80)}\n\n`);
}
