// Sequential: layers one after the other; misfits do not compile, and at run time name the layer.

import { inLayer, type Shape, type Tensor } from "@lanewise/tensor";
import { fuse, type Step } from "./fusion.ts";
import { Module } from "./module.ts";
import type { Apply, Fits, Rule } from "./rule.ts";

type RuleOf<L> = L extends Module<infer R> ? R : never;

/** The shape that comes out when `S` goes through `Ls`, or the first mismatch. */
type Chain<Ls extends readonly Module[], S> = S extends Shape
  ? Ls extends readonly [infer First, ...infer Rest extends readonly Module[]]
    ? unknown extends Fits<RuleOf<First>, S>
      ? Chain<Rest, Apply<RuleOf<First>, S>>
      : Fits<RuleOf<First>, S>
    : number extends Ls["length"]
      ? Shape
      : S
  : S;

type Domain<Ls extends readonly Module[]> = Ls extends readonly [infer First, ...unknown[]]
  ? RuleOf<First>["domain"]
  : Shape;

interface SequentialRule<Ls extends readonly Module[]> extends Rule {
  readonly out: Chain<Ls, this["in"]> extends infer Out extends Shape ? Out : Shape;
  readonly fits: Chain<Ls, this["in"]> extends Shape ? unknown : Chain<Ls, this["in"]>;
  readonly domain: Domain<Ls>;
}

/** `unknown` where each layer takes what the one before gives, else the mismatch. */
type LayersFit<Ls extends readonly Module[]> = Chain<Ls, Domain<Ls>> extends Shape ? unknown : Chain<Ls, Domain<Ls>>;

interface NamedStep extends Step {
  readonly path: string;
}

/** Runs its layers in order. What lies between them ends as soon as nothing needs it. */
export class Sequential<const Ls extends readonly Module[]> extends Module<SequentialRule<Ls>> {
  readonly kind = "Sequential";
  readonly layers: Ls;
  readonly #steps: readonly NamedStep[];

  constructor(...layers: Ls & LayersFit<Ls>) {
    super();
    this.layers = layers;
    this.#steps = fuse(layers).map((step) => ({ ...step, path: pathOf(step, layers) }));
  }

  forward<S extends Shape>(x: Tensor<S & Fits<SequentialRule<Ls>, S>>): Tensor<Apply<SequentialRule<Ls>, S>> {
    const input = x as Tensor;
    let current = input;
    for (const step of this.#steps) {
      const before = current;
      current = inLayer(step.path, () => step.forward(before));
      // The tape holds what it needs of it; nobody else can have seen it, unless a layer kept it.
      if (before !== input && before !== current && !before.cell.kept) before.release();
    }
    return current as Tensor<Apply<SequentialRule<Ls>, S>>;
  }

  override children(): readonly (readonly [string, Module])[] {
    return this.layers.map((layer, index) => [String(index), layer] as const);
  }
}

/** Its layers by place and kind, for errors. */
function pathOf({ first, last }: Step, layers: readonly Module[]): string {
  const kinds = layers.slice(first, last + 1).map((layer) => layer.kind);
  return `${first} (${kinds.join(" + ")})`;
}
