// Models that were trained in a page and downloaded give the same outputs in Node and in the real PyTorch.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mnist } from "@lanewise/data";
import { loadTorchState } from "@lanewise/interop";
import { npz, readPtMetadata } from "@lanewise/io";
import { loadArrays } from "@lanewise/io/node";
import { Conv2d, Flatten, Linear, MaxPool2d, type Module, ReLU, Sequential, type StateArray } from "@lanewise/nn";
import { init, noGrad, type Tensor } from "@lanewise/tensor";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hasPython, python } from "../parity/python.ts";
import { closeBrowsers, installedBrowsers } from "../runtimes/browser.ts";
import { chooseNetwork, downloaded, fill, trainToTheEnd } from "./training.ts";
import { textAt, untilText, visit } from "./visit.ts";

const SAMPLE = new URL("../../apps/mnist-mlp/sample/", import.meta.url);
const TORCH = readFileSync(fileURLToPath(new URL("downloaded_model.py", import.meta.url)), "utf8");

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lanewise-demo-"));
  await init({ threads: 1 });
});
afterAll(async () => {
  await closeBrowsers();
  rmSync(folder, { recursive: true, force: true });
});

const networks = [
  {
    kind: "mlp",
    settings: { hidden: "24, 12" },
    layers: () => [new Linear(784, 24), new ReLU(), new Linear(24, 12), new ReLU(), new Linear(12, 10)],
  },
  {
    kind: "cnn",
    settings: { channels: "3, 5" },
    layers: () => [
      ...[new Conv2d(1, 3, 3, { padding: 1 }), new ReLU(), new MaxPool2d(2)],
      ...[new Conv2d(3, 5, 3, { padding: 1 }), new ReLU(), new MaxPool2d(2)],
      ...[new Flatten(), new Linear(5 * 49, 10)],
    ],
  },
] as const;

interface Taken {
  readonly npz: Uint8Array;
  readonly pt: Uint8Array;
  /** The module that the page shows. */
  readonly module: string;
  /** Of the 2,000 test images, as the page says. */
  readonly wrong: number;
}

/** Trains in Chromium, or in the browser that there is, and takes all away. */
function trained(kind: "mlp" | "cnn", settings: Readonly<Record<string, string>>): Promise<Taken> {
  return visit({ browser: installedBrowsers[0]!, page: "train", isolated: false }, async ({ page }) => {
    await chooseNetwork(page, kind);
    await fill(page, { ...settings, epochs: "1", batchSize: "50" });
    await trainToTheEnd(page);
    await page.click(".train .model summary");
    await untilText(page, ".train pre", /class Digits/);
    const said = /([\d,]+) of 2,000 test images wrong/.exec(await textAt(page, ".train .model"))!;
    return {
      npz: await downloaded(page, "Download .npz"),
      pt: await downloaded(page, "Download .pt"),
      module: await textAt(page, ".train pre"),
      wrong: Number(said[1]!.replace(",", "")),
    };
  });
}

const torch = hasPython("torch", "models of the Train page in the real PyTorch");

test.skipIf(installedBrowsers.length === 0).each(networks)(
  "U06: $kind: the page's, Node's and PyTorch's outputs are the same",
  async ({ kind, settings, layers }) => {
    const taken = await trained(kind, settings);
    const model = new Sequential(...(layers() as readonly Module[]));
    const state = npz.read(taken.npz) as ReadonlyMap<string, unknown> as ReadonlyMap<string, StateArray>;
    model.loadStateDict(state);
    loadTorchState(model, taken.pt);
    // How a drawing becomes what the network takes travels along: 28 pixels a side, the digit within 20.
    expect(readPtMetadata(taken.pt)).toMatchObject({ input: { kind: "digit", side: 28, box: 20 }, network: { kind } });
    // Both files hold the same numbers, or this would be another state.
    expect(model.stateDict()).toEqual(state);

    const { test: images } = await mnist({ path: SAMPLE });
    const x = (kind === "cnn" ? images.reshape([28, 28, 1]) : images).x as unknown as Tensor;
    const logits = noGrad(() => (model.forward(x) as Tensor).data());
    const wrongIn = (all: ArrayLike<number>): number =>
      images.labels.reduce((wrong, label, at) => wrong + (best(all, at) === label ? 0 : 1), 0);
    expect(wrongIn(logits)).toBe(taken.wrong);

    if (!torch) return;
    for (const [name, content] of [
      ["digits.py", taken.module],
      ["digits.pt", taken.pt],
      ["digits.npz", taken.npz],
    ] as const)
      writeFileSync(join(folder, name), content);
    python(TORCH, folder, [fileURLToPath(new URL("t10k-images-idx3-ubyte.gz", SAMPLE)), kind]);
    const theirs = (await loadArrays(join(folder, "logits.npz"))).get("logits")!.data as Float32Array;
    expect(wrongIn(theirs)).toBe(taken.wrong);
    const largest = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const difference = theirs.reduce((most, value, at) => Math.max(most, Math.abs(value - logits[at]!)), 0);
    // f32 sums of some hundred products each, in another order.
    expect(difference / largest).toBeLessThan(1e-5);
  },
);

/** The place of the largest of ten. */
function best(all: ArrayLike<number>, row: number): number {
  const ten = Array.from({ length: 10 }, (_, at) => all[10 * row + at]!);
  return ten.indexOf(Math.max(...ten));
}
