// A reference of the network in f64, plain loops from the formulas: what the gradients are compared with.

export interface Reference {
  readonly sizes: readonly number[];
  readonly activations: readonly ((z: number) => number)[];
  /** W of each layer, row by row, [in, out]. */
  readonly weights: readonly Float64Array[];
  readonly biases: readonly Float64Array[];
}

/** The mean cross entropy of a batch, by the logarithm of the softmax with the maximum subtracted. */
export function referenceLoss(
  net: Reference,
  images: readonly (readonly number[])[],
  labels: readonly number[],
  labelSmoothing = 0,
): number {
  let total = 0;
  for (const [row, image] of images.entries()) {
    let value = Float64Array.from(image);
    for (const [layer, activation] of net.activations.entries()) {
      value = affine(value, net.weights[layer]!, net.biases[layer]!).map(activation);
    }
    const largest = Math.max(...value);
    const sum = value.reduce((so, logit) => so + Math.exp(logit - largest), 0);
    const surprises = Array.from(value, (logit) => Math.log(sum) + largest - logit);
    const mean = surprises.reduce((so, surprise) => so + surprise, 0) / surprises.length;
    total += (1 - labelSmoothing) * surprises[labels[row]!]! + labelSmoothing * mean;
  }
  return total / images.length;
}

function affine(x: Float64Array, weight: Float64Array, bias: Float64Array): Float64Array {
  return bias.map((start, column) =>
    x.reduce((sum, value, row) => sum + value * weight[row * bias.length + column]!, start),
  );
}

/** Central differences of the loss for each element of one array of the network, which is put back. */
export function differences(loss: () => number, values: Float64Array, step = 1e-5): number[] {
  return Array.from(values, (value, at) => {
    values[at] = value + step;
    const above = loss();
    values[at] = value - step;
    const below = loss();
    values[at] = value;
    return (above - below) / (2 * step);
  });
}
