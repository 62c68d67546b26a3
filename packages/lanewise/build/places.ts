// Where the package's sources lie, and where its published form is built.
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../..", import.meta.url));
export const packages = join(root, "packages");
export const packageFolder = join(packages, "lanewise");
export const kernelsFolder = join(packages, "kernels");

/** The published package, as npm packs it. */
export const dist = join(packageFolder, "dist");
