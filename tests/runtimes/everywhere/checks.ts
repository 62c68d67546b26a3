// The cases of all ops and of all layers: checked against their references here, and what came, by name.
import { layerCases } from "@lanewise/nn/layer-cases";
import { opCases } from "@lanewise/tensor/op-cases";
import { checkLayer, checkOp } from "@lanewise/testing";
import { type Found, joined } from "./found.ts";

/** `named`: what each case belongs to, and its check, which gives the values that came. */
function checked(named: Iterable<readonly [name: string, check: () => number[]]>): Found {
  const values = new Map<string, number[][]>();
  const failures: string[] = [];
  for (const [name, check] of named) {
    try {
      values.set(name, [...(values.get(name) ?? []), check()]);
    } catch (error) {
      failures.push((error as Error).message);
    }
  }
  return { parts: Object.fromEntries([...values].map(([name, all]) => [name, joined(all)])), failures };
}

export const checkOps = (): Found => checked(opCases.map((test) => [test.op, () => checkOp(test)] as const));

export const checkLayers = (): Found =>
  checked(layerCases.map((test) => [test.label, () => checkLayer(test)] as const));
