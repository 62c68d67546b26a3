// Muon: momentum whose matrices are orthogonalized before the step.

import { kernels } from "@lanewise/kernels";
import { livingValue, type Shape, type Tensor } from "@lanewise/tensor";
import { checkNumbers, Optimizer, type OptimizerKind, type ParameterGroup } from "./optimizer.ts";

/**
 * What the rate is multiplied by, of a matrix of `out` outputs and `inputs` inputs (PyTorch's names and rules):
 * "original" √max(1, out / inputs); "match_rms_adamw" 0.2 √max(out, inputs), with which rates of AdamW fit (arXiv
 * 2502.16982); "spectral_unclamped" √(out / inputs); "none" 1.
 */
export type AdjustLrFn = "original" | "match_rms_adamw" | "spectral_unclamped" | "none";

const FACTORS: { readonly [A in AdjustLrFn]: (out: number, inputs: number) => number } = {
  original: (out, inputs) => Math.sqrt(Math.max(1, out / inputs)),
  match_rms_adamw: (out, inputs) => 0.2 * Math.sqrt(Math.max(out, inputs)),
  spectral_unclamped: (out, inputs) => Math.sqrt(out / inputs),
  none: () => 1,
};

export interface MuonOptions {
  /** The learning rate; 1e-3 where not given. */
  readonly lr?: number;
  /** The share of the last step's direction that is kept; 0.95 where not given. */
  readonly momentum?: number;
  /** Steps along the momentum as it will be after its next move; true where not given. */
  readonly nesterov?: boolean;
  /** λ, decoupled: p ← (1 − lr λ) p before the step; 0.1 where not given. */
  readonly weightDecay?: number;
  /** Iterations of Newton and Schulz; 5 where not given. */
  readonly nsSteps?: number;
  /** What the rate is multiplied by; "original" where not given. */
  readonly adjustLrFn?: AdjustLrFn;
  /**
   * Before each step brings ‖p‖ to √out, whatever the decay, so that each output's weights have length 1 in the mean. With
   * `adjustLrFn: "none"` this is the Muon that trains CIFAR-10 networks (github.com/KellerJordan/cifar10-airbench).
   */
  readonly normalizeParameters?: boolean;
}

type Settings = Required<MuonOptions>;

const muon: OptimizerKind<Settings> = {
  name: "Muon",
  buffers: ["momentumBuffer"],
  check({ lr, momentum, weightDecay, nsSteps, adjustLrFn }) {
    checkNumbers("Muon", { lr, weightDecay }, { momentum });
    if (!(Number.isInteger(nsSteps) && nsSteps >= 0 && nsSteps < 100))
      throw new RangeError(`Muon: nsSteps ${nsSteps} came, expected a whole number from 0 to 99`);
    if (!(adjustLrFn in FACTORS))
      throw new RangeError(`Muon: adjustLrFn '${adjustLrFn}' came, expected one of ${Object.keys(FACTORS).join(", ")}`);
  },
};

/**
 * Muon (K. Jordan and others, 2024, https://kellerjordan.github.io/posts/muon/), for matrices and the filters of
 * convolutions; biases and the like are for SGD or AdamW.
 *
 * v ← μ v + (1 − μ) g; d = v, or with Nesterov's step μ v + (1 − μ) g; p ← (1 − lr λ) p − lr · factor · O(d), where O
 * brings all singular values of [inputs, out] near 1: x = d / ‖d‖, then `nsSteps` times x ← a x + (b A + c A²) x with
 * A = x xᵀ and a, b, c = 3.4445, −4.7750, 2.0315. Filters [KH, KW, Cin, Cout] are the matrix [KH · KW · Cin, Cout]. All of
 * it in f32, where PyTorch's torch.optim.Muon iterates in bf16.
 */
export class Muon extends Optimizer<Settings> {
  constructor(parameters: readonly Tensor[] | readonly ParameterGroup<Settings>[], options: MuonOptions = {}) {
    const { lr = 1e-3, momentum = 0.95, nesterov = true, weightDecay = 0.1 } = options;
    const { nsSteps = 5, adjustLrFn = "original", normalizeParameters = false } = options;
    super(muon, parameters, { lr, momentum, nesterov, weightDecay, nsSteps, adjustLrFn, normalizeParameters });
    for (const { shape } of this.groups.flatMap((group) => group.parameters)) {
      if (shape.length < 2)
        throw new RangeError(
          `Muon: a parameter of shape [${shape.join(", ")}] came, expected two axes or more; give it to SGD or AdamW`,
        );
    }
  }

  protected override update(parameter: Tensor, gradient: Tensor, settings: Settings): void {
    const { lr, momentum, nesterov, weightDecay, nsSteps, adjustLrFn, normalizeParameters } = settings;
    const p = livingValue(parameter, "Muon");
    const g = livingValue(gradient, "Muon");
    const velocity = livingValue(this.buffer(parameter, "momentumBuffer"), "Muon");
    const { inputs, out } = matrixOf(p.shape);
    kernels().muon_step(
      inputs,
      out,
      nsSteps,
      lr * FACTORS[adjustLrFn](out, inputs),
      momentum,
      nesterov,
      1 - lr * weightDecay,
      normalizeParameters ? Math.sqrt(out) : 0,
      g.handle,
      p.handle,
      velocity.handle,
    );
    p.storage.version += 1;
  }
}

/** A parameter as a matrix: outputs are the last axis of weights in memory, inputs all the others. */
function matrixOf(shape: Shape): { inputs: number; out: number } {
  return { inputs: shape.slice(0, -1).reduce((product, size) => product * size, 1), out: shape.at(-1)! };
}
