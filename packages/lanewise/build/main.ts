// `npm run package`: builds the published package, and says how to pack it.
import { relative } from "node:path";
import { buildPackage } from "./build.ts";
import { dist } from "./places.ts";

await buildPackage(dist);
const shown = relative(process.cwd(), dist) || ".";
console.log(`The package is in ${shown}; \`npm pack ${shown.startsWith(".") ? shown : `./${shown}`}\` packs it.`);
