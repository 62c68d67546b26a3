// Builds the published package: scripts, declarations, manifest, README and licences in one folder, without a dependency.
import { copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildDeclarations } from "./declarations.ts";
import { publishedManifest } from "./manifest.ts";
import { packageFolder, root } from "./places.ts";
import { buildScripts } from "./scripts.ts";
import { licencesOf } from "./third-parties.ts";

/** Fills `folder` anew; what was there stays until all is built. */
export async function buildPackage(folder: string): Promise<void> {
  const aside = `${folder}.${process.pid}.new`;
  mkdirSync(join(root, "out"), { recursive: true });
  mkdirSync(join(aside, "wasm"), { recursive: true });
  try {
    const [sources] = await Promise.all([buildScripts(aside, root), buildDeclarations(join(aside, "types"))]);
    writeFileSync(join(aside, "package.json"), `${JSON.stringify(publishedManifest(), null, 2)}\n`);
    writeFileSync(join(aside, "THIRD-PARTY-LICENSES"), licencesOf(sources, root));
    copyFileSync(join(packageFolder, "README.md"), join(aside, "README.md"));
    for (const file of ["LICENSE-MIT", "LICENSE-APACHE"]) copyFileSync(join(root, file), join(aside, file));
    rmSync(folder, { recursive: true, force: true });
    renameSync(aside, folder);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
