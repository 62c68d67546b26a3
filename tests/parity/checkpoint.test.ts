// A checkpoint is an .npz: NumPy alone reads its weights, what its optimizer remembers, and how far the run is.
import { join } from "node:path";
import { DataLoader, Dataset } from "@lanewise/data";
import { Linear, Sequential } from "@lanewise/nn";
import { SGD } from "@lanewise/optim";
import { init } from "@lanewise/tensor";
import { classifierStep, train } from "@lanewise/train";
import { checkpointFile } from "@lanewise/train/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasPython, python, temporaryFolder } from "./python.ts";

const READ = `
import json, numpy as np
file = np.load('run.npz')
header = json.loads(file['checkpoint'].tobytes())
weight, momentum = file['model/0.weight'], file['optimizer/arrays/0.momentumBuffer']
print(json.dumps(dict(
    names=[name for name in file.files if name != 'checkpoint'], weight=weight.tolist(), momentum=momentum.T.tolist(),
    step=header['progress']['step'], epochs=len(header['progress']['history']), settings=header['settings'])))
`;

describe.runIf(hasPython("numpy", "reading checkpoints with NumPy"))("NumPy", () => {
  const { folder, remove } = temporaryFolder();
  afterAll(remove);
  beforeAll(() => init({ strict: true, threads: 1 }));

  test("reads a checkpoint: arrays under their part's name, all else as JSON", async () => {
    const data = new Dataset({
      shape: [3] as const,
      raw: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 0, 1),
      labels: Int32Array.of(0, 1, 0, 1),
      source: "by hand",
      sha256: "",
    });
    const model = new Sequential(new Linear(3, 2));
    const optimizer = new SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });
    await train({
      loader: new DataLoader(data, { batchSize: 2 }),
      epochs: 3,
      step: classifierStep({ model, optimizer }),
      checkpoint: {
        store: checkpointFile(join(folder, "run.npz")),
        checkpointed: { model, optimizer },
        settings: { lr: 0.01, name: "größe" },
      },
    });
    const read = JSON.parse(python(READ, folder));
    const rows = (array: Float32Array) => [Array.from(array.subarray(0, 3)), Array.from(array.subarray(3, 6))];
    expect(read).toMatchObject({
      names: [
        "model/0.weight",
        "model/0.bias",
        "optimizer/arrays/0.momentumBuffer",
        "optimizer/arrays/1.momentumBuffer",
      ],
      step: 6,
      epochs: 3,
      settings: { lr: 0.01, name: "größe" },
    });
    // A state dict's weight is [out, in]; the buffer lies as the parameter does, [in, out].
    expect(read.weight).toEqual(rows(model.stateDict().get("0.weight")!.data as Float32Array));
    expect([read.momentum.length, read.momentum[0].length]).toEqual([2, 3]);
  });
});
