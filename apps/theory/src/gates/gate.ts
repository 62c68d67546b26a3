// Logic gates as truth tables of one or two inputs.

export interface Gate {
  readonly name: string;
  /** 1 or 2. */
  readonly inputs: number;
  /** The output of each row, rows in the order 00, 01, 10, 11 of x1 x2 (0, 1 for one input). */
  readonly outputs: readonly (0 | 1)[];
}

const gate = (name: string, bits: string): Gate => ({
  name,
  inputs: Math.log2(bits.length),
  outputs: [...bits].map((bit) => (bit === "1" ? 1 : 0)),
});

/** Gates that need no table to be given. */
const known: Readonly<Record<string, string>> = {
  not: "10",
  and: "0001",
  or: "0111",
  xor: "0110",
  xnor: "1001",
  nand: "1110",
  nor: "1000",
};

/** The inputs of each row. */
export function rowsOf({ inputs }: Gate): readonly (readonly number[])[] {
  return inputs === 1
    ? [[0], [1]]
    : [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ];
}

/** A gate by its name, or by a name and its outputs: `xor`, `implies=1101`. Throws a sentence for the user. */
export function readGate(text: string): Gate {
  const [name = "", bits, ...more] = text.trim().split("=");
  const outputs = bits ?? known[name.toLowerCase()];
  const names = Object.keys(known).join(", ");
  if (name === "" || outputs === undefined || more.length > 0) {
    throw new RangeError(`'${text}' came; expected one of ${names}, or a name with its outputs as in implies=1101`);
  }
  if (!/^([01]{2}|[01]{4})$/.test(outputs)) {
    throw new RangeError(
      `'${text}' came; expected two outputs (for the input 0 and 1) or four (for 00, 01, 10, 11), each 0 or 1`,
    );
  }
  return gate(name.toUpperCase(), outputs);
}
