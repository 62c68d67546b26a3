// Functions of one value with numbers that shape them: ELU, leaky ReLU, clamp.

import type { Kernels } from "@lanewise/kernels";
import { apply, opRecord } from "../../define-op.ts";
import type { Shape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";

type Numbers = readonly number[];

/** An op whose kernels take `numbers` after the length; the backward one reads x. */
function shaped(
  name: string,
  forward: (k: Kernels, len: number, numbers: Numbers, x: number, y: number) => void,
  backward: (k: Kernels, len: number, numbers: Numbers, x: number, dy: number, dx: number) => void,
): <S extends Shape>(x: Tensor<S>, numbers: Numbers) => Tensor<S> {
  const record = opRecord<"x", never, Numbers>({
    name,
    inputs: ["x"],
    forward: (k, { x, y, options }) => forward(k, x.size, options, x.handle, y.handle),
    backward: {
      x: {
        needs: ["x"],
        gradient: (k, { x, dy, options }, dx) => backward(k, x.size, options, x.handle, dy.handle, dx.handle),
      },
    },
  });
  return <S extends Shape>(x: Tensor<S>, numbers: Numbers) => apply(record, [x], x.shape, numbers) as Tensor<S>;
}

const eluOp = shaped(
  "elu",
  (k, len, [alpha], x, y) => k.elu_forward(len, alpha!, x, y),
  (k, len, [alpha], x, dy, dx) => k.elu_backward(len, alpha!, x, dy, dx),
);

/** x above 0, α (eˣ − 1) below (D. Clevert et al., arXiv 1511.07289). */
export function elu<S extends Shape>(x: Tensor<S>, alpha = 1): Tensor<S> {
  return eluOp(x, [alpha]);
}

const leakyReluOp = shaped(
  "leakyRelu",
  (k, len, [slope], x, y) => k.leaky_relu_forward(len, slope!, x, y),
  (k, len, [slope], x, dy, dx) => k.leaky_relu_backward(len, slope!, x, dy, dx),
);

/** x above 0, slope · x below. */
export function leakyRelu<S extends Shape>(x: Tensor<S>, slope = 0.01): Tensor<S> {
  return leakyReluOp(x, [slope]);
}

const clampOp = shaped(
  "clamp",
  (k, len, [low, high], x, y) => k.clamp_forward(len, low!, high!, x, y),
  (k, len, [low, high], x, dy, dx) => k.clamp_backward(len, low!, high!, x, dy, dx),
);

/** x within [low, high]; NaN stays. The gradient passes inside and at the ends. */
export function clamp<S extends Shape>(x: Tensor<S>, low: number, high: number): Tensor<S> {
  if (!(low <= high)) throw new RangeError(`clamp: low ${low} and high ${high} came, expected low at most high`);
  return clampOp(x, [low, high]);
}
