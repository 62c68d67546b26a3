// The handful of ops that read well when chained, as methods of Tensor.

import { full } from "../create.ts";
import type { DType } from "../dtype.ts";
import type { Shape } from "../shape.ts";
import type { Broadcast, Product, Reduced, ReduceOptions, Reshaped } from "../shape-rules.ts";
import { Tensor } from "../tensor.ts";
import { add, div, mul, neg, sub } from "./elementwise/index.ts";
import { reshape } from "./layout.ts";
import { matmul } from "./matmul.ts";
import { mean, sum } from "./reduce.ts";

declare module "../tensor.ts" {
  interface Tensor<out S extends Shape = Shape, out D extends DType = "f32"> {
    /** this + other, broadcast. */
    add<B extends Shape>(other: Tensor<B>): Tensor<Broadcast<S, B>>;
    add(other: number): Tensor<S>;
    /** this − other, broadcast. */
    sub<B extends Shape>(other: Tensor<B>): Tensor<Broadcast<S, B>>;
    sub(other: number): Tensor<S>;
    /** this · other, element by element, broadcast. */
    mul<B extends Shape>(other: Tensor<B>): Tensor<Broadcast<S, B>>;
    mul(other: number): Tensor<S>;
    /** this / other, broadcast. */
    div<B extends Shape>(other: Tensor<B>): Tensor<Broadcast<S, B>>;
    div(other: number): Tensor<S>;
    neg(): Tensor<S>;
    /** Matrix product. */
    matmul<B extends Shape>(other: Tensor<B>): Tensor<Product<S, B>>;
    sum<const O extends ReduceOptions>(options?: O): Tensor<Reduced<S, O> & Shape>;
    mean<const O extends ReduceOptions>(options?: O): Tensor<Reduced<S, O> & Shape>;
    reshape<const To extends Shape>(to: To): Tensor<Reshaped<To>, D>;
  }
}

type Binary = (a: Tensor, b: Tensor) => Tensor;

function chained(op: Binary) {
  return function (this: Tensor, other: Tensor | number): Tensor {
    return op(this, typeof other === "number" ? full([], other) : other);
  };
}

Object.assign(Tensor.prototype, {
  add: chained(add as Binary),
  sub: chained(sub as Binary),
  mul: chained(mul as Binary),
  div: chained(div as Binary),
  neg(this: Tensor) {
    return neg(this);
  },
  matmul(this: Tensor, other: Tensor) {
    return (matmul as Binary)(this, other);
  },
  sum(this: Tensor, options?: ReduceOptions) {
    return sum(this, options);
  },
  mean(this: Tensor, options?: ReduceOptions) {
    return mean(this, options);
  },
  reshape(this: Tensor, to: Shape) {
    return reshape(this, to);
  },
});
