// The option that lists gates.
import { type OptionSpec, UsageError } from "@lanewise/terminal";
import { type Gate, readGate } from "./gate.ts";

export function gateList(said: { group: string }): OptionSpec<readonly Gate[]> {
  const read = (text: string) => {
    try {
      const gates = text.split(",").map(readGate);
      const twice = gates.find(({ name }, at) => gates.findIndex((other) => other.name === name) < at);
      if (twice !== undefined) throw new RangeError(`${twice.name} came twice; expected each gate once`);
      return gates;
    } catch (error) {
      throw new UsageError(`--gates: ${(error as Error).message}.`);
    }
  };
  const fallback = ["not", "and", "or", "xor", "xnor"].map(readGate);
  const show = (gates: readonly Gate[]) => gates.map(({ name }) => name.toLowerCase()).join(",");
  return {
    kind: { placeholder: "gate,gate,...", read, show },
    explanation:
      "Gates to build: not, and, or, xor, xnor, nand, nor, or any other by its outputs for 00, 01, 10, 11 as in implies=1101.",
    fallback,
    ...said,
  };
}
