// Activations: what a layer does to its weighted sums. Each remembers its last result, from which its derivative follows.
import { cast, mul, ones, relu, sigmoid, square, sub, type Tensor, tanh, tensor } from "lanewise";

/** A batch: one example a row. */
export type Matrix = Tensor<readonly [number, number]>;

/** An activation of the coursework: `forward` computes it, `backward` multiplies by its derivative there. */
export abstract class Activation {
  #output: Matrix | null = null;

  /** The activation of x, element by element; remembered for the derivative. */
  forward(x: Matrix): Matrix {
    this.#output = this.compute(x);
    return this.#output;
  }

  /** The derivative at the x of the last `forward`. */
  abstract derivative(): Matrix;

  /** dL/dx from dL/dy, y being what the last `forward` gave. */
  backward(dy: Matrix): Matrix {
    return mul(dy, this.derivative());
  }

  protected abstract compute(x: Matrix): Matrix;

  /** What the last `forward` gave. */
  protected get output(): Matrix {
    if (this.#output === null) {
      throw new Error(`${this.constructor.name}: a derivative was asked for before any forward; call forward(x) first`);
    }
    return this.#output;
  }
}

/** σ(x) = 1 / (1 + e⁻ˣ), with σ′ = σ (1 − σ). */
export class Sigmoid extends Activation {
  protected override compute(x: Matrix): Matrix {
    return sigmoid(x);
  }

  override derivative(): Matrix {
    return sub(this.output, square(this.output));
  }
}

/** tanh x, with tanh′ = 1 − tanh². */
export class Tanh extends Activation {
  protected override compute(x: Matrix): Matrix {
    return tanh(x);
  }

  override derivative(): Matrix {
    return sub(tensor(1), square(this.output)) as Matrix;
  }
}

/** max(x, 0), whose derivative is 1 where x > 0, else 0. */
export class ReLU extends Activation {
  protected override compute(x: Matrix): Matrix {
    return relu(x);
  }

  override derivative(): Matrix {
    // What is not 0 after the rectifier was positive before it.
    return cast(cast(this.output, "bool"), "f32");
  }
}

/** x itself: for a network without nonlinearity, and for the last layer, whose softmax is part of the loss. */
export class Identity extends Activation {
  protected override compute(x: Matrix): Matrix {
    return x;
  }

  override derivative(): Matrix {
    return ones(this.output.shape);
  }

  override backward(dy: Matrix): Matrix {
    return dy;
  }
}
