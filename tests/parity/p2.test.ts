// PyTorch alone loads p2_model.pkl into the module of p2_model.py and tells the test images as the program does.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { whitenedNetwork } from "@lanewise/cifar-cnn/network";
import { newTrial, runP2, type Trial } from "@lanewise/cifar-cnn/trial";
import { Augment, cifar10 } from "@lanewise/data";
import { loadTorchState } from "@lanewise/interop";
import { init, noGrad, scope, type Tensor } from "@lanewise/tensor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasPython, python } from "./python.ts";

const COMPUTE = `
import json, sys, numpy as np, torch
out, data = sys.argv[1:]
sys.path.insert(0, out)
sys.dont_write_bytecode = True
from p2_model import Net
net = Net()
net.load_state_dict(torch.load(out + '/p2_model.pkl', weights_only=True))
net.eval()
records = np.fromfile(data + '/test_batch.bin', np.uint8).reshape(-1, 3073)
mean = np.float32([0.4914, 0.4822, 0.4465]).reshape(1, 3, 1, 1)
std = np.float32([0.2470, 0.2435, 0.2616]).reshape(1, 3, 1, 1)
x = (records[:, 1:].reshape(-1, 3, 32, 32).astype(np.float32) / 255 - mean) / std
with torch.no_grad():
    logits = net(torch.from_numpy(x)).numpy()
print(json.dumps(dict(logits=logits.ravel().tolist(), accuracy=float((logits.argmax(1) == records[:, 0]).mean()))))
`;

describe.runIf(hasPython("numpy, torch", "p2_model.pkl against PyTorch"))("p2_model.pkl", () => {
  let trial: Trial;
  beforeAll(async () => {
    trial = await newTrial();
  });
  afterAll(() => trial.remove());

  test.each(["on", "off"])(
    "turbo %s: PyTorch gets the same logits and the reported accuracy",
    async (turbo) => {
      const out = join(trial.folder, `turbo-${turbo}`);
      const args = ["--data", trial.data, "--out", out, "--widths", "16,24,24", "--batch-size", "40", "--epochs", "20"];
      expect((await runP2([...args, "--turbo", turbo, "--without-report"])).code).toBe(0);
      const torch = JSON.parse(python(COMPUTE, trial.folder, [out, trial.data])) as {
        logits: number[];
        accuracy: number;
      };
      const { testAccuracy } = JSON.parse(readFileSync(join(out, "metrics.json"), "utf8")) as { testAccuracy: number };
      expect(torch.accuracy).toBeCloseTo(testAccuracy, 12);
      // Something was learned and something is left: the comparison says something.
      expect(testAccuracy).toBeGreaterThan(0.1);
      expect(testAccuracy).toBeLessThan(1);

      await init({ threads: 2 });
      const model = whitenedNetwork({ widths: [16, 24, 24], filters: null, dirac: false });
      loadTorchState(model, readFileSync(join(out, "p2_model.pkl")));
      model.eval();
      const { test: images } = await cifar10({ path: trial.data });
      const view = new Augment({ divisor: 255, mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] });
      const logits = scope(() => noGrad(() => (model.forward(view.plain(images.x)) as Tensor).data()));
      const worst = logits.reduce((most, value, at) => Math.max(most, Math.abs(value - torch.logits[at]!)), 0);
      expect(worst).toBeLessThan(1e-4);
    },
    60_000,
  );
});
