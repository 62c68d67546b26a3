// The same functions and descents in f32 on Lanewise: slopes by its tape, steps by its ops and by its optimizer.
import { elu, keep, noGrad, relu, scope, sigmoid, sum, type Tensor, tensor } from "lanewise";
import { SGD } from "lanewise/optim";
import type { Descent } from "./descent.ts";

const geluOf = (x: Tensor<readonly [number]>, c: number) => x.mul(sigmoid(x.mul(c)));

export interface Curves {
  readonly gelu: Float32Array;
  readonly slope: Float32Array;
  readonly relu: Float32Array;
  readonly elu: Float32Array;
}

/** The three functions at some points, and GELU's slope as the tape gives it. */
export function curves(points: readonly number[], c: number, alpha: number): Curves {
  return scope(() => {
    const x = tensor([...points], { requiresGrad: true });
    const y = geluOf(x, c);
    sum(y).backward();
    return { gelu: y.data(), slope: x.grad!.data(), relu: relu(x).data(), elu: elu(x, alpha).data() };
  });
}

export interface Lane extends Descent {
  readonly start: number;
}

/** x of all descents at once, a lane each, after 0 and after each of the given numbers of steps. */
export function descendLanes(lanes: readonly Lane[], c: number, marks: readonly number[]): Map<number, Float32Array> {
  const column = (of: (lane: Lane) => number) => keep(tensor(Float32Array.from(lanes, of)));
  const rate = column((lane) => lane.rate);
  const kept = column(({ velocity, beta }) => (velocity === "none" ? 0 : beta));
  const taken = column(({ velocity, beta }) => (velocity === "none" ? 1 : 1 - beta));
  const movesOld = column(({ velocity }) => (velocity === "old" ? 1 : 0));
  const movesNew = column(({ velocity }) => (velocity === "old" ? 0 : 1));
  const x = column((lane) => lane.start);
  x.requiresGrad = true;
  const v = column(() => 0);
  const gradient = () => {
    x.zeroGrad();
    sum(geluOf(x, c)).backward();
    return x.grad!;
  };
  const at = new Map([[0, x.data()]]);
  scope(() => v.assign(gradient().data()));
  for (let step = 1; step <= Math.max(...marks); step++) {
    scope(() => {
      const slope = gradient();
      noGrad(() => {
        const next = v.mul(kept).add(slope.mul(taken));
        const move = v.mul(movesOld).add(next.mul(movesNew));
        x.assign(x.sub(move.mul(rate)).data());
        v.assign(next.data());
      });
    });
    if (marks.includes(step)) at.set(step, x.data());
  }
  x.zeroGrad();
  for (const each of [rate, kept, taken, movesOld, movesNew, x, v]) each.release();
  return at;
}

/** x after each step of the library's SGD, whose momentum with dampening β is the rule in which the new v moves x. */
export function descendBySgd({ start, rate, beta }: Lane, c: number, steps: number): number[] {
  const x = keep(tensor([start], { requiresGrad: true }));
  const optimizer = new SGD([x as never], { lr: rate, momentum: beta, dampening: beta });
  const path = [start];
  for (let step = 0; step < steps; step++) {
    scope(() => sum(geluOf(x, c)).backward());
    optimizer.step();
    optimizer.zeroGrad();
    path.push(x.item());
  }
  x.release();
  return path;
}
