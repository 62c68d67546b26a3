// The multilayer perceptron, its gradients written out by hand: no tape runs, each line below is one formula.
import { add, argmax, keep, linear, matmulNT, matmulTN, noGrad, sum, type Tensor } from "lanewise";
import { type OptimizerState, SGD, type SGDOptions } from "lanewise/optim";
import type { Activation, Matrix } from "./activation.ts";
import type { Criterion, Labels } from "./criterion.ts";
import type { BiasInit, WeightInit } from "./initializers.ts";

export interface MLPOptions {
  readonly inputSize: number;
  readonly outputSize: number;
  /** The widths of the hidden layers; none for a linear classifier. */
  readonly hiddens: readonly number[];
  /** One for each layer: the hidden ones and the last. Each layer needs an object of its own. */
  readonly activations: readonly Activation[];
  readonly weightInitFn: WeightInit;
  readonly biasInitFn: BiasInit;
  readonly criterion: Criterion;
  /** The learning rate; `mlp.lr` may be set between steps. */
  readonly lr: number;
  /** The share of the last direction that is kept (default 0). */
  readonly momentum?: number;
  /** Added to each weight's gradient, times the weight (default 0). Biases have none. */
  readonly weightDecay?: number;
}

/** All of a network that changes while it trains, as copies. */
export interface MLPState {
  readonly weights: readonly MatrixState[];
  readonly biases: readonly MatrixState[];
  readonly optimizer: OptimizerState<Required<SGDOptions>>;
}

interface MatrixState {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export class MLP {
  /** W of each layer, [in, out]. */
  readonly weights: readonly Matrix[];
  /** b of each layer, [out]. */
  readonly biases: readonly Tensor<readonly [number]>[];
  readonly activations: readonly Activation[];
  readonly criterion: Criterion;
  /** True between `train()` and `eval()`: `backward` is for training alone. */
  training = true;
  readonly #optimizer: SGD;
  /** What went into each layer in the last `forward`. */
  #inputs: Matrix[] = [];
  #output: Matrix | null = null;

  constructor(options: MLPOptions) {
    const { inputSize, outputSize, hiddens, activations, weightInitFn, biasInitFn, lr, momentum = 0 } = options;
    const sizes = [inputSize, ...hiddens, outputSize];
    const layers = sizes.length - 1;
    if (activations.length !== layers || new Set(activations).size !== layers) {
      throw new RangeError(
        `MLP: ${activations.length} activations came, ${new Set(activations).size} of them different; expected one object ` +
          `for each of the ${layers} layers ${sizes.join("-")}, since each remembers its own output`,
      );
    }
    this.weights = activations.map((_, layer) => keep(weightInitFn(sizes[layer]!, sizes[layer + 1]!)));
    this.biases = activations.map((_, layer) => keep(biasInitFn(sizes[layer + 1]!)));
    this.activations = activations;
    this.criterion = options.criterion;
    const { weightDecay = 0 } = options;
    this.#optimizer = new SGD(
      [
        { parameters: this.weights as unknown as readonly Tensor[], settings: { weightDecay } },
        { parameters: this.biases as unknown as readonly Tensor[], settings: {} },
      ],
      { lr, momentum },
    );
  }

  get lr(): number {
    return this.#optimizer.groups[0]!.settings.lr;
  }

  set lr(lr: number) {
    for (const group of this.#optimizer.groups) group.settings = { ...group.settings, lr };
  }

  /** The logits of a batch [B, inputSize]: for each layer z = x W + b and x' = activation(z). */
  forward(x: Matrix): Matrix {
    return noGrad(() => {
      this.#inputs = [];
      let value = x;
      for (const [layer, activation] of this.activations.entries()) {
        this.#inputs.push(value);
        value = activation.forward(linear(value, this.weights[layer]!, this.biases[layer]!) as Matrix);
      }
      this.#output = value;
      return value;
    });
  }

  /**
   * Adds the gradients of the mean loss of the last `forward` to those there are. From the last layer to the first:
   * dz = dy · activation'(z), dW = xᵀ dz, db = Σ dz over the batch, dx = dz Wᵀ.
   */
  backward(labels: Labels): void {
    if (!this.training) throw new Error("MLP: backward in evaluation; call train() before training goes on");
    noGrad(() => {
      let dy = this.criterion.backward(this.#lastOutput("backward"), labels);
      for (let layer = this.weights.length - 1; layer >= 0; layer--) {
        const dz = this.activations[layer]!.backward(dy);
        accumulate(this.weights[layer]! as unknown as Tensor, matmulTN(this.#inputs[layer]!, dz));
        accumulate(this.biases[layer]! as unknown as Tensor, sum(dz, { axis: 0 }));
        // Nothing asks for the gradient of the images.
        if (layer > 0) dy = matmulNT(dz, this.weights[layer]!);
      }
    });
  }

  /** One step of gradient descent with momentum, by the library's kernel: v ← μ v + g + λ W, W ← W − lr v. */
  step(): void {
    this.#optimizer.step();
  }

  zeroGrads(): void {
    this.#optimizer.zeroGrad();
  }

  /** The mean loss of the last `forward`. */
  getLoss(labels: Labels): number {
    return noGrad(() => this.criterion.forward(this.#lastOutput("getLoss"), labels).item());
  }

  /** The number of wrong predictions of the last `forward`. */
  getError(labels: Labels): number {
    const predicted = argmax(this.#lastOutput("getError"), 1).data();
    return labels.data().reduce((wrong, label, row) => wrong + (label === predicted[row] ? 0 : 1), 0);
  }

  train(): void {
    this.training = true;
  }

  eval(): void {
    this.training = false;
  }

  /** What training goes on from: weights, biases, momentum and the number of steps. */
  state(): MLPState {
    const copy = (tensor: Tensor): MatrixState => ({ shape: [...tensor.shape], data: tensor.data() });
    return {
      weights: this.weights.map((weight) => copy(weight as unknown as Tensor)),
      biases: this.biases.map((bias) => copy(bias as unknown as Tensor)),
      optimizer: this.#optimizer.state(),
    };
  }

  /** Takes over the state of a network of the same layers. */
  loadState(state: MLPState): void {
    const parameters = [...this.weights, ...this.biases] as unknown as readonly Tensor[];
    const came = [...state.weights, ...state.biases];
    const shapes = (all: readonly { readonly shape: readonly number[] }[]) =>
      all.map(({ shape }) => `[${shape}]`).join(" ");
    if (shapes(came) !== shapes(parameters)) {
      throw new Error(`MLP: a state of ${shapes(came)} came, expected ${shapes(parameters)}`);
    }
    this.#optimizer.loadState(state.optimizer);
    for (const [index, parameter] of parameters.entries()) parameter.assign(Float32Array.from(came[index]!.data));
  }

  /** Gives the memory of weights, biases and gradients back now; the collector would later. */
  release(): void {
    this.zeroGrads();
    for (const parameter of [...this.weights, ...this.biases]) parameter.release();
  }

  #lastOutput(asked: string): Matrix {
    if (this.#output === null) throw new Error(`MLP: ${asked} came before any forward; call forward(x) first`);
    return this.#output;
  }
}

/** Adds to a parameter's gradient, which outlives the turn of the loop that computed it. */
function accumulate(parameter: Tensor, gradient: Tensor<never> | Tensor): void {
  const added = gradient as Tensor;
  const before = parameter.grad;
  parameter.grad = keep(before === null ? added : (add(before, added) as Tensor));
  before?.release();
}
