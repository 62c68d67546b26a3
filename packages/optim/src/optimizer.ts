// Optimizer: what all of them share: the parameters in their groups, the state by parameter, saving and resuming.

import { keep, type Shape, type Tensor, zeros } from "@lanewise/tensor";

/** Parameters that share settings. */
export interface ParameterGroup<Settings> {
  readonly parameters: readonly Tensor[];
  readonly settings: Partial<Settings>;
}

/** An optimizer's state as plain arrays, by parameter index and name: "0.momentumBuffer". */
export interface OptimizerState<Settings> {
  readonly step: number;
  readonly groups: readonly Settings[];
  readonly arrays: ReadonlyMap<string, { readonly shape: Shape; readonly data: Float32Array }>;
}

interface Group<Settings> {
  readonly parameters: readonly Tensor[];
  settings: Settings;
}

export abstract class Optimizer<Settings extends object> {
  /** The groups; their settings may be changed between steps: a schedule sets `lr` here. */
  readonly groups: readonly Group<Settings>[];
  readonly kind: string;
  readonly #buffers = new Map<Tensor, Map<string, Tensor>>();
  #steps = 0;

  protected constructor(
    kind: string,
    parameters: readonly Tensor[] | readonly ParameterGroup<Settings>[],
    defaults: Settings,
  ) {
    this.kind = kind;
    if (parameters.length === 0) throw new RangeError(`${kind}: no parameters came; give it model.parameters()`);
    const groups =
      "parameters" in parameters[0]!
        ? (parameters as readonly ParameterGroup<Settings>[])
        : [{ parameters: parameters as readonly Tensor[], settings: {} }];
    this.groups = groups.map((group) => ({
      parameters: group.parameters,
      settings: { ...defaults, ...group.settings },
    }));
    const all = this.#parameters();
    if (new Set(all).size !== all.length)
      throw new RangeError(`${kind}: a parameter came twice; each belongs to one group`);
  }

  /** The number of steps that were made. */
  get steps(): number {
    return this.#steps;
  }

  /** Updates each parameter that has a gradient, in place. */
  step(): void {
    this.#steps += 1;
    for (const { parameters, settings } of this.groups) {
      for (const parameter of parameters) if (parameter.grad !== null) this.update(parameter, parameter.grad, settings);
    }
  }

  /** Forgets the gradients of all parameters. */
  zeroGrad(): void {
    for (const parameter of this.#parameters()) parameter.zeroGrad();
  }

  /** The state as copies, to be saved; with the parameters it is all that a resumed run needs. */
  state(): OptimizerState<Settings> {
    const arrays = this.#parameters().flatMap((parameter, index) =>
      [...(this.#buffers.get(parameter) ?? [])].map(
        ([name, buffer]) => [`${index}.${name}`, { shape: buffer.shape, data: buffer.data() }] as const,
      ),
    );
    return { step: this.#steps, groups: this.groups.map(({ settings }) => ({ ...settings })), arrays: new Map(arrays) };
  }

  /** Takes over a saved state; it must come from an optimizer of the same parameters. */
  loadState(state: OptimizerState<Settings>): void {
    const parameters = this.#parameters();
    if (state.groups.length !== this.groups.length) {
      throw new Error(`${this.kind}: a state of ${state.groups.length} groups came, expected ${this.groups.length}`);
    }
    for (const [key, { shape }] of state.arrays) {
      const parameter = parameters[Number(key.split(".")[0])];
      if (parameter?.shape.join() !== shape.join()) {
        throw new Error(
          `${this.kind}: state ${key} has shape [${shape.join(", ")}], expected [${parameter?.shape.join(", ") ?? "no such parameter"}]`,
        );
      }
    }
    this.#steps = state.step;
    for (const [index, settings] of state.groups.entries()) this.groups[index]!.settings = { ...settings };
    for (const buffers of this.#buffers.values()) for (const buffer of buffers.values()) buffer.release();
    this.#buffers.clear();
    for (const [key, { data }] of state.arrays) {
      const [index, name] = key.split(".") as [string, string];
      this.buffer(parameters[Number(index)]!, name).assign(Float32Array.from(data));
    }
  }

  /** Updates one parameter. */
  protected abstract update(parameter: Tensor, gradient: Tensor, settings: Settings): void;

  /** The buffer of a parameter under a name; zeros the first time. It lives as long as the optimizer. */
  protected buffer(parameter: Tensor, name: string): Tensor {
    const buffers = this.#buffers.get(parameter) ?? new Map<string, Tensor>();
    this.#buffers.set(parameter, buffers);
    const existing = buffers.get(name);
    if (existing !== undefined) return existing;
    const made = keep(zeros(parameter.shape));
    buffers.set(name, made);
    return made;
  }

  /** Whether a parameter has had a step that used this buffer, here or in the run that was loaded. */
  protected hasBuffer(parameter: Tensor, name: string): boolean {
    return this.#buffers.get(parameter)?.has(name) === true;
  }

  #parameters(): Tensor[] {
    return this.groups.flatMap((group) => group.parameters);
  }
}
