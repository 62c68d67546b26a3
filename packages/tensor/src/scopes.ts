// scope(fn): what a function makes ends with it, but for what it returns or keeps.

import { LifetimeError } from "./errors.ts";
import { callSite, closeScope, moveOut, openScope } from "./scope.ts";
import { Tensor } from "./tensor.ts";

/**
 * Scopes whose place in the code is looked up for messages. A mistake about lifetimes shows in the first of them; a loop of
 * small inferences should not pay for places that nobody reads.
 */
const PLACED = 1_000;
let scopes = 0;

/**
 * Runs `run`; the tensors it makes end with it, except those that are kept or that it returns: a tensor, or tensors in
 * arrays, plain objects, maps and sets.
 *
 * Synchronous only: a promise returned from it is an error, since its tensors would end before it is done.
 */
export function scope<R>(run: () => R): R {
  scopes += 1;
  const site = scopes <= PLACED ? callSite(2) : "";
  const opened = openScope({ toString: () => `scope()${site}` });
  let returned: Tensor[] = [];
  try {
    const result = run();
    if (result instanceof Promise) {
      throw new LifetimeError(
        "scope: the function returned a promise, whose tensors would end before it is done; scope covers synchronous code " +
          "only. Use keep() and release(), or `using`, in asynchronous code",
      );
    }
    returned = tensorsIn(result);
    return result;
  } finally {
    closeScopeBut(opened, returned);
  }
}

function closeScopeBut(opened: ReturnType<typeof openScope>, returned: readonly Tensor[]): void {
  if (returned.length === 0) {
    closeScope(opened);
    return;
  }
  const withGradients = returned.flatMap((tensor) => (tensor.grad === null ? [tensor] : [tensor, tensor.grad]));
  const own = [...new Set(withGradients)].filter((tensor) => tensor.cell.scope === opened);
  for (const tensor of own) tensor.cell.scope = null;
  closeScope(opened);
  for (const tensor of own) {
    tensor.cell.scope = opened;
    moveOut(tensor, tensor.cell);
  }
}

function tensorsIn(result: unknown): Tensor[] {
  if (typeof result !== "object" || result === null || ArrayBuffer.isView(result)) return [];
  const found: Tensor[] = [];
  const seen = new Set<unknown>();
  const visit = (item: unknown): void => {
    if (typeof item !== "object" || item === null || seen.has(item)) return;
    seen.add(item);
    if (item instanceof Tensor) found.push(item);
    else if (Array.isArray(item) || item instanceof Set) for (const part of item) visit(part);
    else if (item instanceof Map) for (const [key, part] of item) [key, part].forEach(visit);
    else if (Object.getPrototypeOf(item) === Object.prototype) Object.values(item).forEach(visit);
  };
  visit(result);
  return found;
}
