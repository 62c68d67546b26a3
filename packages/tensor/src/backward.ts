// The backward pass: gradients flow from a result to its leaves, newest node first.

import { kernels } from "@lanewise/kernels";
import { LifetimeError } from "./errors.ts";
import { leaveToCollector } from "./scope.ts";
import { formatShape, type Shape } from "./shape.ts";
import { type GraphNode, LeafNode, OpNode } from "./tape.ts";
import { livingValue, Tensor } from "./tensor.ts";
import { Value, withTemporary } from "./value.ts";

/** Adds the gradient of `root` (of shape `shape`) to each leaf below it; `seed` null stands for one. */
export function backward(root: GraphNode, shape: Shape, seed: Value | null, retainGraph: boolean): void {
  const order = nodesBelow(root);
  for (const node of order) if (node instanceof OpNode) checkSaved(node);
  const gradients = new Map<GraphNode, Value>();
  gradients.set(root, seed?.share() ?? ones(shape));
  try {
    for (const node of order) {
      const gradient = gradients.get(node);
      if (gradient === undefined) continue;
      gradients.delete(node);
      try {
        if (node instanceof LeafNode) deposit(node, gradient);
        else if (node instanceof OpNode) passOn(node, gradient, gradients);
      } finally {
        gradient.release();
      }
      if (node instanceof OpNode && !retainGraph) node.free();
    }
  } finally {
    for (const gradient of gradients.values()) gradient.release();
  }
}

function ones(shape: Shape): Value {
  const value = Value.alloc(shape);
  kernels().fill(value.size, 1, value.handle);
  return value;
}

/** All nodes from which gradients are wanted, newest first: each comes after all that was computed from it. */
function nodesBelow(root: GraphNode): GraphNode[] {
  const seen = new Set<GraphNode>([root]);
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!(node instanceof OpNode)) continue;
    for (const input of node.inputs) {
      if (input === null || seen.has(input)) continue;
      seen.add(input);
      waiting.push(input);
    }
  }
  return [...seen].sort((a, b) => b.id - a.id);
}

function checkSaved(node: OpNode): void {
  const layer = node.layer === "" ? "" : ` in layer ${node.layer}`;
  if (node.saved === null) {
    throw new LifetimeError(
      `backward(): what ${node.record.name}${layer} saved was freed by an earlier backward pass; ` +
        "call the first one with { retainGraph: true } to go through the graph twice",
    );
  }
  for (const [name, { value, version }] of node.saved) {
    if (value.storage.version !== version) {
      throw new LifetimeError(
        `backward(): ${name} of ${node.record.name}${layer} (shape ${formatShape(value.shape)}) was changed in place after ` +
          "the forward pass; step the optimizer after backward(), not before",
      );
    }
  }
}

function passOn(node: OpNode, dy: Value, gradients: Map<GraphNode, Value>): void {
  const { record, options } = node;
  const context: Record<string, unknown> = { dy, options };
  for (const [name, { value }] of node.saved ?? []) context[name] = value;
  const incoming = record.incoming?.(options as never) ?? null;
  if (incoming === null) {
    passToInputs(node, dy, context, gradients);
    return;
  }
  withTemporary(dy.shape, (dz) => {
    incoming.gradient(kernels(), context as never, dz);
    passToInputs(node, dz, { ...context, dy: dz }, gradients);
  });
}

function passToInputs(node: OpNode, dy: Value, context: object, gradients: Map<GraphNode, Value>): void {
  passTogether(node, context, gradients);
  for (const [index, input] of node.inputs.entries()) {
    const rule = node.record.backward[node.record.inputs[index]!];
    if (input === null || rule === undefined || rule === "together") continue;
    const shape = node.inputShapes[index]!;
    if (rule === "dy") {
      accumulate(gradients, input, dy.share(shape));
      continue;
    }
    const gradient = Value.alloc(shape);
    try {
      rule.gradient(kernels(), context as never, gradient);
    } catch (error) {
      gradient.release();
      throw error;
    }
    accumulate(gradients, input, gradient);
  }
}

/** The gradients that the op works out in one call. */
function passTogether(node: OpNode, context: object, gradients: Map<GraphNode, Value>): void {
  const { record, inputs } = node;
  if (record.together === undefined) return;
  const wanted = new Map<string, Value>();
  const arrived: [GraphNode, Value][] = [];
  try {
    for (const [index, input] of inputs.entries()) {
      const name = record.inputs[index]!;
      if (input === null || record.backward[name] !== "together") continue;
      const gradient = Value.alloc(node.inputShapes[index]!);
      wanted.set(name, gradient);
      arrived.push([input, gradient]);
    }
    if (arrived.length > 0) {
      const rule = record.together(node.options as never);
      rule.gradients(kernels(), context as never, Object.fromEntries(wanted) as never);
    }
  } catch (error) {
    for (const gradient of wanted.values()) gradient.release();
    throw error;
  }
  for (const [input, gradient] of arrived) accumulate(gradients, input, gradient);
}

/** Adds `gradient`, which the call takes over, to what has arrived at `node`. */
function accumulate(gradients: Map<GraphNode, Value>, node: GraphNode, gradient: Value): void {
  const before = gradients.get(node);
  if (before === undefined) {
    gradients.set(node, gradient);
    return;
  }
  gradients.set(node, sum(before, gradient));
}

/** a + b in the memory of whichever nobody else owns; takes both over. */
function sum(a: Value, b: Value): Value {
  const [target, other] = a.storage.exclusive ? [a, b] : [b, a];
  if (target.storage.exclusive) {
    kernels().accumulate(target.size, other.handle, target.handle);
    other.release();
    return target;
  }
  const total = Value.alloc(a.shape);
  kernels().add_forward(1, total.size, 0, 0, a.handle, b.handle, total.handle);
  a.release();
  b.release();
  return total;
}

function copyOf(value: Value, shape: Shape): Value {
  const copy = Value.alloc(shape);
  kernels().copy(copy.size, value.handle, copy.handle);
  return copy;
}

/** Adds a gradient to the `grad` of its leaf, if somebody still holds the leaf. */
function deposit(node: LeafNode, gradient: Value): void {
  const leaf = node.tensor.deref();
  if (leaf === undefined || leaf.released) return;
  if (leaf.grad === null || leaf.grad.released) {
    // What somebody else holds, a gradient that was given to backward() for instance, is copied.
    const own = gradient.storage.exclusive ? gradient.share(leaf.shape) : copyOf(gradient, leaf.shape);
    const grad = new Tensor(own, "backward");
    // It ends with its leaf: that may have been made long before this scope, or in it.
    if (leaf.cell.scope !== null) leaf.cell.scope.add(grad.cell);
    else if (grad.cell.scope !== null) leaveToCollector(grad, grad.cell);
    leaf.grad = grad;
    return;
  }
  const before = livingValue(leaf.grad, "backward()");
  if (before.storage.exclusive) {
    kernels().accumulate(before.size, gradient.handle, before.handle);
    before.storage.version += 1;
    return;
  }
  const total = sum(before.share(), gradient.share());
  leaf.zeroGrad();
  deposit(node, total);
  total.release();
}
