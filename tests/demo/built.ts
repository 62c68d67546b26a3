// The static build of the demo, made once for all tests of the suite.
import { fileURLToPath } from "node:url";
import { buildDemo } from "@lanewise/browser-demo/build";

export const DIST = fileURLToPath(new URL("../../out/demo/dist", import.meta.url));

export default async function setup(): Promise<void> {
  await buildDemo(DIST);
}
