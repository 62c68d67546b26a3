// Calls an exported function of the module under test, and gives its result as JSON.
import * as tested from "tested-module";

export interface Call {
  readonly name: string;
  readonly values: readonly unknown[];
}

/** What came of a call: JSON, or the error's text. */
export type Outcome = { readonly json: string } | { readonly error: string };

export async function call({ name, values }: Call): Promise<Outcome> {
  try {
    const run = (tested as Readonly<Record<string, (...values: unknown[]) => unknown>>)[name];
    if (run === undefined) throw new Error(`the module exports no ${name}`);
    return { json: JSON.stringify((await run(...values)) ?? null) };
  } catch (error) {
    return { error: error instanceof Error ? `${error.name}: ${error.message}\n${error.stack}` : String(error) };
  }
}
