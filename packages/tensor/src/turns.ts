// A synchronous loop whose every turn is a scope: what a turn makes ends with it, unless it is kept.

import { LifetimeError } from "./errors.ts";
import { callSite, closeScope, leaveScope, openScope, type Scope } from "./scope.ts";

/**
 * Iterates `source`; each item and all that the loop's body makes from it belong to one turn. Break, return and throw end
 * the turn too. An `await` in the body is noticed at the next turn and is an error: a turn must not span other code.
 *
 * @param name what is iterated, for messages
 */
export function turns<T>(name: string, source: Iterator<T>): IterableIterator<T, undefined> {
  const site = callSite(3);
  let turn = 0;
  let scope: Scope | null = null;
  let interrupted = false;

  const end = (): void => {
    if (scope !== null) closeScope(scope);
    scope = null;
  };

  return {
    [Symbol.iterator]() {
      return this;
    },

    next(): IteratorResult<T, undefined> {
      end();
      if (interrupted) {
        source.return?.();
        throw new LifetimeError(
          `the loop over ${name}${site} awaited something in turn ${turn}: a turn of a synchronous loop ends its tensors, ` +
            "which code that runs meanwhile could still need. Write `for await (const batch of loader)` instead.",
        );
      }
      turn += 1;
      const opened = openScope(`turn ${turn} of the loop over ${name}${site}`);
      scope = opened;
      queueMicrotask(() => {
        // Runs only once the synchronous code has ended: the loop awaits, or was left without being closed.
        if (scope !== opened) return;
        interrupted = true;
        leaveScope(opened);
      });
      try {
        const item = source.next();
        if (item.done !== true) return item;
      } catch (error) {
        end();
        throw error;
      }
      end();
      return { done: true, value: undefined };
    },

    return(): IteratorResult<T, undefined> {
      end();
      source.return?.();
      return { done: true, value: undefined };
    },
  };
}

/**
 * The same for `for await`: a turn owns its item alone, since other code may run in the middle of it. What the body makes
 * is under the care of nobody but the collector, or of the scopes that the body opens.
 */
export function asyncTurns<T>(name: string, source: Iterator<T>): AsyncGenerator<T, undefined> {
  return owningTurns(`the loop over ${name}${callSite(3)}`, source);
}

async function* owningTurns<T>(loop: string, source: Iterator<T>): AsyncGenerator<T, undefined> {
  try {
    for (let turn = 1; ; turn++) {
      const scope = openScope(`turn ${turn} of ${loop}`);
      try {
        let item: IteratorResult<T>;
        try {
          item = source.next();
        } finally {
          leaveScope(scope);
        }
        if (item.done === true) return undefined;
        yield item.value;
      } finally {
        closeScope(scope);
      }
    }
  } finally {
    source.return?.();
  }
}
