// NumPy alone reads p1_model.npz and the images, computes the network, and counts the errors that metrics.json reports.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { newTrial, runP1, type Trial } from "@lanewise/mnist-mlp/trial";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasPython, python } from "./python.ts";

const COMPUTE = `
import json, sys, numpy as np
out, data = sys.argv[1:]
model = np.load(out + '/p1_model.npz')
config = json.loads(model['config'].tobytes())
x = np.fromfile(data + '/t10k-images-idx3-ubyte', np.uint8, offset=16).reshape(-1, config['inputSize'])
y = np.fromfile(data + '/t10k-labels-idx1-ubyte', np.uint8, offset=8)
f = dict(relu=lambda z: np.maximum(z, 0), tanh=np.tanh, sigmoid=lambda z: 1 / (1 + np.exp(-z)), identity=lambda z: z)
a = x.astype(np.float32) / config['divisor']
layers = len(config['hidden']) + 1
for layer in range(1, layers + 1):
    a = a @ model['W%d' % layer] + model['b%d' % layer]
    if layer < layers: a = f[config['activation']](a)
print(json.dumps(dict(error=float((a.argmax(1) != y).mean()), files=sorted(model.files), images=len(y))))
`;

describe.runIf(hasPython("numpy", "p1_model.npz against NumPy"))("p1_model.npz", () => {
  let trial: Trial;
  beforeAll(async () => {
    trial = await newTrial({ train: 600, test: 300 });
  });
  afterAll(() => trial.remove());

  test.each([
    ["relu", "he", "48,24"],
    ["tanh", "xavier", "32"],
    ["sigmoid", "xavier", "32"],
    ["relu", "he", "none"],
  ])(
    "NumPy gets the reported error of a network with %s, %s weights and hidden layers %s",
    async (activation, init, hidden) => {
      const out = join(trial.folder, `${activation}-${hidden}`);
      const network = ["--activation", activation, "--init", init, "--hidden", hidden];
      const run = await runP1(["--data", trial.data, "--out", out, "--epochs", "4", "--without-report", ...network]);
      expect(run.code).toBe(0);
      const numpy = JSON.parse(python(COMPUTE, trial.folder, [out, trial.data]));
      const metrics = JSON.parse(readFileSync(join(out, "metrics.json"), "utf8"));
      expect(numpy.images).toBe(300);
      expect(numpy.error).toBeCloseTo(metrics.testError, 12);
      // Some error is left, and something was learned: the comparison says something.
      expect(metrics.testError).toBeGreaterThan(0);
      expect(metrics.testError).toBeLessThan(0.6);
    },
  );
});
