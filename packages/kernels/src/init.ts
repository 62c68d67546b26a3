// init: once for the whole process or page; every kernel call after it is synchronous.
import { host } from "#host";
import { setMachine } from "./machine.ts";
import { checkOptions, conflicts, type InitOptions } from "./options.ts";
import { start } from "./start.ts";

let first: { readonly options: InitOptions; readonly done: Promise<void> } | undefined;

/**
 * Picks the binary, makes the memory, starts the threads. The first call decides; later ones wait for the same start, and
 * may not ask for anything else.
 */
export async function init(options: InitOptions = {}): Promise<void> {
  const asked = checkOptions(options);
  if (first === undefined) {
    first = { options: asked, done: start(asked).then(setMachine) };
    // A failed start is not the last word: the next call may bring a better address.
    first.done.catch(() => {
      first = undefined;
    });
    return first.done;
  }
  const different = conflicts(first.options, asked);
  if (different.length > 0) {
    throw new Error(
      `init was called before, with other options: ${different.join("; ")}. They hold for the whole ${host.place}: ` +
        "call init once, at the beginning, or without options where anything will do.",
    );
  }
  return first.done;
}
