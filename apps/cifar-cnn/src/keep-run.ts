// Keeps a run among the results: node --import tsx apps/cifar-cnn/src/keep-run.ts FOLDER NAME "MACHINE"
// Writes results/NAME.json, the run's figures, and results/NAME.pt, its network with 16-bit weights and what it takes.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeModel } from "@lanewise/models";
import { percent, thousands } from "@lanewise/terminal";
import { pt } from "lanewise/io";
import { writeAside } from "lanewise/io/node";
import { cardOf } from "./outputs/card.ts";
import type { Metrics } from "./outputs/metrics.ts";

const RESULTS = fileURLToPath(new URL("../results/", import.meta.url));

async function keepRun(folder: string, name: string, machine: string): Promise<void> {
  const state = pt.read(await readFile(join(folder, "p2_model.pkl")));
  const metrics: Metrics = JSON.parse(await readFile(join(folder, "metrics.json"), "utf8"));
  const right = percent(metrics.testAccuracy);
  const { trainImages, testImages } = metrics.data;
  const about = `Trained on ${thousands(trainImages)} images of CIFAR-10; it tells ${right} of its ${thousands(testImages)} test images right.`;
  const card = cardOf(metrics.recipe, about);
  if (card === null) throw new Error(`${folder}: the network is ${metrics.recipe.network}; whitened alone is kept`);
  await writeAside(join(RESULTS, `${name}.pt`), writeModel(state, card));
  await writeAside(join(RESULTS, `${name}.json`), `${JSON.stringify({ ...metrics, machine }, null, 2)}\n`);
}

const [folder, name, machine = ""] = process.argv.slice(2);
if (folder === undefined || name === undefined) throw new Error("expected the run's folder and a name for it");
await keepRun(folder, name, machine);
