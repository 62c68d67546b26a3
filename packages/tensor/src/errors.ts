// Errors that say where they arose: the op, and the path of the layer that called it.

let layerPath = "";

/** Runs `run` inside the layer `name`; errors and tensors made there carry the path. */
export function inLayer<R>(name: string, run: () => R): R {
  const outer = layerPath;
  layerPath = outer === "" ? name : `${outer}.${name}`;
  try {
    return run();
  } finally {
    layerPath = outer;
  }
}

/** The path of the layer that is running, "" outside of all. */
export function currentLayer(): string {
  return layerPath;
}

/** " in layer features.0", or nothing outside of layers. */
export function where(): string {
  return layerPath === "" ? "" : ` in layer ${layerPath}`;
}

/** What a shape rule finds wrong; the op that asked puts its name before it. */
export class ShapeProblem extends Error {
  override readonly name = "ShapeProblem";
}

/** Shapes, sizes or element types that an op does not take. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";

  constructor(op: string, problem: string) {
    super(`${op}${where()}: ${problem}`);
  }
}

/** Use of a tensor after its end, or of a graph after its backward pass. */
export class LifetimeError extends Error {
  override readonly name = "LifetimeError";
}
