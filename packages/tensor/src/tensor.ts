// Tensor: a typed shape, an element type, a buffer of the kernels and, where gradients are wanted, a place in the graph.

import { backward } from "./backward.ts";
import type { ArrayOf, DType } from "./dtype.ts";
import { currentLayer, LifetimeError, ShapeError } from "./errors.ts";
import { adopt, type Cell, endCell, endedError, forgetCollector, leaveToCollector } from "./scope.ts";
import { formatShape, type Shape, sameShape } from "./shape.ts";
import { type GraphNode, LeafNode } from "./tape.ts";
import type { Value } from "./value.ts";

/**
 * An n-dimensional array. `S` is its shape as far as the compiler knows it, `D` its element type.
 *
 * Tensors are made by `tensor`, `zeros`, the random functions and by ops; they end with the turn or scope that made them,
 * unless they are kept.
 */
export class Tensor<out S extends Shape = Shape, out D extends DType = "f32"> {
  readonly shape: S;
  readonly dtype: D;
  /** The sum of the gradients of all backward passes since the last `zeroGrad`; null before the first. */
  grad: Tensor<S> | null = null;
  /** @internal */
  readonly cell: Cell;

  /** @internal Use `tensor(...)` and its kin. */
  constructor(value: Value, op: string, node: GraphNode | null = null) {
    this.shape = value.shape as S;
    this.dtype = value.dtype as D;
    this.cell = { value, node, scope: null, kept: false, op, layer: currentLayer(), ended: "" };
    adopt(this, this.cell);
  }

  get size(): number {
    return this.shape.reduce((product, length) => product * length, 1);
  }

  /** True where a backward pass will reach this tensor: a parameter, or computed from one. */
  get requiresGrad(): boolean {
    return this.cell.node !== null;
  }

  /** Marks a tensor that no op computed as one whose gradient is wanted, or no longer wanted. */
  set requiresGrad(wanted: boolean) {
    const { cell } = this;
    if (cell.node !== null && !(cell.node instanceof LeafNode)) {
      throw new LifetimeError(
        `requiresGrad: this tensor was computed by ${cell.op}; only tensors that no op computed can change it`,
      );
    }
    if (this.dtype !== "f32" && wanted) {
      throw new ShapeError("requiresGrad", `gradients exist for f32 alone, this tensor is ${this.dtype}`);
    }
    if (wanted === this.requiresGrad) return;
    cell.node?.release();
    cell.node = wanted ? new LeafNode(new WeakRef(this as Tensor)) : null;
  }

  /** A copy of the elements, row by row; computed when the call returns. */
  data(): ArrayOf[D] {
    return livingValue(this, "data()").read() as ArrayOf[D];
  }

  /** The one element of a tensor of size 1. */
  item(): D extends "bool" ? boolean : number {
    const value = livingValue(this, "item()");
    if (value.size !== 1) {
      throw new ShapeError(
        "item()",
        `shape ${formatShape(this.shape)} came, expected one element; data() gives them all`,
      );
    }
    const element = value.read()[0]!;
    return (this.dtype === "bool" ? element !== 0 : element) as D extends "bool" ? boolean : number;
  }

  /** Replaces the elements in place: a parameter's loaded weights, for instance. */
  assign(data: ArrayOf[D]): this {
    const value = livingValue(this, "assign()");
    if (data.length !== value.size) {
      throw new ShapeError(
        "assign()",
        `${data.length} elements came, expected ${value.size} for shape ${formatShape(this.shape)}`,
      );
    }
    checkElements(this.dtype, data);
    value.write(data);
    value.storage.version += 1;
    return this;
  }

  /**
   * Adds d(this)/d(leaf) to the `grad` of each tensor that requires it.
   *
   * Frees what the forward pass saved, unless `retainGraph`. A tensor of more than one element needs `gradient`, the
   * gradient of the final result with respect to it, of the same shape.
   */
  backward(options: { readonly gradient?: Tensor<S>; readonly retainGraph?: boolean } = {}): void {
    const value = livingValue(this, "backward()");
    const { node } = this.cell;
    if (node === null) {
      throw new LifetimeError(
        `backward(): no gradient can flow from this tensor, made by ${this.cell.op}: nothing it was computed from requires ` +
          "one (or it was made under noGrad)",
      );
    }
    if (options.gradient === undefined && value.size !== 1) {
      throw new ShapeError(
        "backward()",
        `shape ${formatShape(this.shape)} came, expected one element; reduce it with mean() or sum(), or give { gradient }`,
      );
    }
    if (options.gradient !== undefined && !sameShape(options.gradient.shape, this.shape)) {
      throw new ShapeError(
        "backward()",
        `a gradient of shape ${formatShape(options.gradient.shape)} came, expected ${formatShape(this.shape)}`,
      );
    }
    const seed = options.gradient === undefined ? null : livingValue(options.gradient, "backward()");
    backward(node, this.shape, seed, options.retainGraph === true);
  }

  /** Forgets the gradient. */
  zeroGrad(): void {
    this.grad?.release();
    this.grad = null;
  }

  /** The same elements, outside the graph: no gradient flows through the result. */
  detach(): Tensor<S, D> {
    return new Tensor(livingValue(this, "detach()").share(), "detach");
  }

  /** Gives the buffer back now. Scopes and the collector do it by themselves; this is for those who want it sooner. */
  release(): void {
    if (this.cell.value === null) return;
    if (this.cell.scope === null) forgetCollector(this.cell);
    endCell(this.cell, "by release()");
  }

  [Symbol.dispose](): void {
    this.release();
  }

  get released(): boolean {
    return this.cell.value === null;
  }

  toString(): string {
    return `Tensor(${formatShape(this.shape)}, ${this.dtype})`;
  }
}

/** @internal The living value of a tensor; the error names `use` and where the tensor was made and ended. */
export function livingValue(tensor: Tensor<Shape, DType>, use: string): Value {
  if (tensor.cell.value === null) throw endedError(tensor.cell, use);
  return tensor.cell.value;
}

/** Lets a tensor outlive its scope and turn. It ends when nobody holds it any more. */
export function keep<T extends Tensor<Shape, DType>>(tensor: T): T {
  livingValue(tensor, "keep()");
  tensor.cell.kept = true;
  for (const each of [tensor, tensor.grad]) {
    if (each !== null && each.cell.scope !== null) leaveToCollector(each, each.cell);
  }
  return tensor;
}

const ARRAYS = { f32: Float32Array, i32: Int32Array, u8: Uint8Array, bool: Uint8Array } as const;

/** Bytes of another type would be taken for numbers of this one. */
function checkElements(dtype: DType, data: ArrayOf[DType]): void {
  const expected = ARRAYS[dtype];
  if (!(data instanceof expected)) {
    const came = (data as object).constructor.name;
    throw new ShapeError("assign()", `${came} came, expected ${expected.name} for a tensor of ${dtype}`);
  }
  const wrong = dtype === "bool" ? data.findIndex((element) => element > 1) : -1;
  if (wrong >= 0) throw new ShapeError("assign()", `element ${wrong} is ${data[wrong]}, expected 0 or 1 for bool`);
}
