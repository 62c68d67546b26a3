// What a page and its training worker say to each other. Orders carry a number, by which their replies find them.
import type { EpochRecord, StepEvent } from "../progress.ts";

/** Either end of the line: a worker as its page sees it, a worker's own scope, or a MessagePort. */
export interface Port {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  addEventListener(type: "message" | "error", listener: (event: Heard) => void): void;
  removeEventListener(type: "message" | "error", listener: (event: Heard) => void): void;
  /** Of a MessagePort alone. */
  start?(): void;
}

/** A message, or what is wrong with a worker. */
export interface Heard {
  readonly data?: unknown;
  readonly message?: string;
}

/** From the page. */
export type Order =
  | { readonly id: number; readonly order: "start"; readonly settings: unknown }
  | { readonly id: number; readonly order: "pause" | "resume" | "abort" | "live" }
  | { readonly id: number; readonly order: "ask"; readonly name: string; readonly value: unknown };

/** From the worker: what an order came to, or how the training goes. */
export type Reply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: Failure }
  | { readonly step: StepEvent }
  | { readonly epoch: EpochRecord };

/** An error as it crosses the line. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
}

export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const { name, message, stack } = error;
  return { name, message, stack };
}

/** The error again; its cause is the stack in the worker. */
export function errorOf({ name, message, stack }: Failure): Error {
  const error = new Error(message, stack === undefined ? {} : { cause: stack });
  error.name = name;
  return error;
}
