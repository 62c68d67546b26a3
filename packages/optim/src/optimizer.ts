// Optimizer: what all of them share: the parameters in their groups, the state by parameter, saving and resuming.

import { keep, type Shape, sizeOf, type Tensor, zeros } from "@lanewise/tensor";

/** Parameters that share settings. */
export interface ParameterGroup<Settings> {
  readonly parameters: readonly Tensor[];
  readonly settings: Partial<Settings>;
}

/**
 * An optimizer's state as plain arrays, by parameter index and name: "0.momentumBuffer". Where an optimizer counts the
 * steps of each parameter, as Adam does, "0.step" is that count, of shape [].
 */
export interface OptimizerState<Settings> {
  /** "SGD", "Adam" and so on: another kind's state is refused. */
  readonly kind: string;
  readonly step: number;
  readonly groups: readonly Settings[];
  readonly arrays: ReadonlyMap<string, { readonly shape: Shape; readonly data: Float32Array }>;
}

interface Group<Settings> {
  readonly parameters: readonly Tensor[];
  settings: Settings;
}

/** What a kind of optimizer says of itself. */
export interface OptimizerKind<Settings> {
  readonly name: string;
  /** The names of what it remembers of each parameter. */
  readonly buffers: readonly string[];
  /** Whether it counts the steps of each parameter. */
  readonly counts?: boolean;
  /** Throws where settings make no sense. */
  check(settings: Settings): void;
}

/** The name in a state of how many steps a parameter has had. */
const STEP = "step";

export abstract class Optimizer<Settings extends object> {
  /** The groups; their settings may be changed between steps: a schedule sets `lr` here. */
  readonly groups: readonly Group<Settings>[];
  readonly kind: string;
  readonly #described: OptimizerKind<Settings>;
  readonly #buffers = new Map<Tensor, Map<string, Tensor>>();
  readonly #counts = new Map<Tensor, number>();
  #steps = 0;

  protected constructor(
    kind: OptimizerKind<Settings>,
    parameters: readonly Tensor[] | readonly ParameterGroup<Settings>[],
    defaults: Settings,
  ) {
    this.kind = kind.name;
    this.#described = kind;
    if (parameters.length === 0) throw new RangeError(`${this.kind}: no parameters came; give it model.parameters()`);
    const groups =
      "parameters" in parameters[0]!
        ? (parameters as readonly ParameterGroup<Settings>[])
        : [{ parameters: parameters as readonly Tensor[], settings: {} }];
    this.groups = groups.map((group) => ({
      parameters: group.parameters,
      settings: { ...defaults, ...group.settings },
    }));
    for (const { settings } of this.groups) kind.check(settings);
    const all = this.#parameters();
    if (new Set(all).size !== all.length)
      throw new RangeError(`${this.kind}: a parameter came twice; each belongs to one group`);
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
    const arrays = new Map<string, { readonly shape: Shape; readonly data: Float32Array }>();
    for (const [index, parameter] of this.#parameters().entries()) {
      for (const [name, buffer] of this.#buffers.get(parameter) ?? [])
        arrays.set(`${index}.${name}`, { shape: buffer.shape, data: buffer.data() });
      const count = this.#counts.get(parameter);
      if (count !== undefined) arrays.set(`${index}.${STEP}`, { shape: [], data: Float32Array.of(count) });
    }
    return { kind: this.kind, step: this.#steps, groups: this.groups.map(({ settings }) => ({ ...settings })), arrays };
  }

  /**
   * Takes over a saved state; it must come from an optimizer of this kind and of the same parameters. Nothing changes if it
   * does not.
   */
  loadState(state: OptimizerState<Settings>): void {
    if (state.kind !== this.kind) {
      throw new Error(`${this.kind}: a state of ${state.kind ?? "no kind"} came, expected one of ${this.kind}`);
    }
    if (!(Number.isInteger(state.step) && state.step >= 0)) {
      throw new Error(`${this.kind}: a state after ${state.step} steps came, expected a whole number from 0`);
    }
    if (state.groups.length !== this.groups.length) {
      throw new Error(`${this.kind}: a state of ${state.groups.length} groups came, expected ${this.groups.length}`);
    }
    for (const settings of state.groups) this.#checkSettings(settings);
    const arrays = [...state.arrays].map(([key, array]) => this.#placed(key, array));
    this.#checkWhole(state.arrays);
    this.#steps = state.step;
    for (const [index, settings] of state.groups.entries()) this.groups[index]!.settings = { ...settings };
    for (const buffers of this.#buffers.values()) for (const buffer of buffers.values()) buffer.release();
    this.#buffers.clear();
    this.#counts.clear();
    for (const { parameter, name, data } of arrays) {
      if (name === STEP) this.#counts.set(parameter, data[0]!);
      else this.buffer(parameter, name).assign(Float32Array.from(data));
    }
  }

  #checkSettings(settings: Settings): void {
    const [came, expected] = [settings, this.groups[0]!.settings].map((each) =>
      Object.keys(each).toSorted().join(", "),
    );
    if (came !== expected) throw new Error(`${this.kind}: settings ${came} came, expected ${expected}`);
    this.#described.check(settings);
  }

  /** Of a parameter that has had a step there is all that its next one reads. */
  #checkWhole(arrays: ReadonlyMap<string, unknown>): void {
    const { buffers, counts = false } = this.#described;
    const each = counts ? [...buffers, STEP] : buffers;
    for (const index of new Set([...arrays.keys()].map((key) => key.split(".")[0]!))) {
      const missing = each.filter((name) => !arrays.has(`${index}.${name}`));
      if (missing.length > 0) {
        throw new Error(`${this.kind}: the state of parameter ${index} came without ${missing.join(", ")}`);
      }
    }
  }

  /** Where an array of a state belongs; throws where it belongs nowhere. */
  #placed(key: string, { shape, data }: { readonly shape: Shape; readonly data: Float32Array }) {
    const [index, name = ""] = key.split(".") as [string, string?];
    const known = [...this.#described.buffers, STEP];
    if (!known.includes(name)) throw new Error(`${this.kind}: state ${key} came, expected only ${known.join(", ")}`);
    const parameters = this.#parameters();
    const parameter = parameters[Number(index)];
    if (parameter === undefined)
      throw new Error(`${this.kind}: state ${key} came, expected parameters from 0 to ${parameters.length - 1}`);
    const expected = name === STEP ? [] : parameter.shape;
    if (expected.join() !== shape.join()) {
      throw new Error(`${this.kind}: state ${key} has shape [${shape.join(", ")}], expected [${expected.join(", ")}]`);
    }
    if (data.length !== sizeOf(shape))
      throw new Error(`${this.kind}: state ${key} has ${data.length} elements, expected ${sizeOf(shape)}`);
    return { parameter, name, data };
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

  /** Counts one more step of a parameter, and says the how-manieth it is, from 1. */
  protected countStep(parameter: Tensor): number {
    const count = (this.#counts.get(parameter) ?? 0) + 1;
    this.#counts.set(parameter, count);
    return count;
  }

  #parameters(): Tensor[] {
    return this.groups.flatMap((group) => group.parameters);
  }
}

/** Throws unless each number is finite and at least 0 (and below 1 where it is one of `shares`). */
export function checkNumbers(
  kind: string,
  numbers: Readonly<Record<string, number>>,
  shares: Readonly<Record<string, number>> = {},
): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (!(Number.isFinite(value) && value >= 0))
      throw new RangeError(`${kind}: ${name} ${value} came, expected a finite number from 0`);
  }
  for (const [name, value] of Object.entries(shares)) {
    if (!(value >= 0 && value < 1))
      throw new RangeError(`${kind}: ${name} ${value} came, expected a number from 0 to below 1`);
  }
}
