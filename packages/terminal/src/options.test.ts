// Options: what is read, what is refused and in which words.
import { describe, expect, it } from "vitest";
import {
  choice,
  flag,
  InformationAsked,
  integer,
  integers,
  namedOptions,
  number,
  readOptions,
  text,
  UsageError,
} from "./options.ts";

const program = {
  name: "train",
  description: "Trains a network.",
  options: {
    batchSize: integer("Images in a step.", { default: 64, min: 1, short: "b", group: "Training" }),
    lr: number("Learning rate.", { default: 0.1, above: 0, group: "Training" }),
    momentum: number("Share of the last step kept.", { default: 0.9, min: 0, below: 1 }),
    hiddens: integers("Widths of the hidden layers.", { default: [256, 128], min: 1 }),
    activation: choice("Between the layers.", ["relu", "tanh", "sigmoid"], { default: "relu" }),
    threads: integer("Threads; all cores if not said.", { min: 1 }),
    out: text("Folder of the results.", { default: "out/mnist", placeholder: "folder" }),
    strict: flag("The same bits on every machine."),
  },
  epilogue: "Example: train --lr 0.05",
};
const read = (line: string) => readOptions(program, line ? line.split(" ") : [], { width: 80 });
const refusal = (...args: string[]) => {
  try {
    readOptions(program, args);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return "nothing refused";
};

describe("options", () => {
  it("gives defaults where nothing is said", () => {
    expect(read("")).toEqual({
      batchSize: 64,
      lr: 0.1,
      momentum: 0.9,
      hiddens: [256, 128],
      activation: "relu",
      out: "out/mnist",
      strict: false,
    });
    expect(read("").threads).toBeUndefined();
  });

  it("reads every kind, with a space, an equals sign, or a letter", () => {
    const values = read("-b 32 --lr=1e-3 --hiddens 64,32,16 --activation tanh --strict --threads 2 --out x");
    expect(values).toMatchObject({ batchSize: 32, lr: 0.001, hiddens: [64, 32, 16], activation: "tanh", strict: true });
    expect(values).toMatchObject({ threads: 2, out: "x" });
    expect(read("--hiddens none").hiddens).toEqual([]);
    const width: number = values.batchSize; // the static types are the values' own
    const threads: number | undefined = values.threads;
    const activation: "relu" | "tanh" | "sigmoid" = values.activation;
    expect([width, threads, activation]).toEqual([32, 2, "tanh"]);
  });

  it("tells which options were named, also where they say the default", () => {
    const named = (line: string) => [...namedOptions(program, line ? line.split(" ") : [])];
    expect(named("")).toEqual([]);
    expect(named("-b 64 --strict --out=x")).toEqual(["batchSize", "out", "strict"]);
  });

  it("suggests the nearest for an unknown option", () => {
    expect(refusal("--batchsize", "3")).toBe("unknown option '--batchsize' (Did you mean --batch-size?)");
    expect(refusal("--momentun", "3")).toContain("--momentum");
  });

  it.each([
    [["--lr", "fast"], "'fast' came; expected a number above 0."],
    [["--lr", "0"], "'0' came; expected a number above 0."],
    [["--lr", "0x10"], "'0x10' came; expected a number above 0."],
    [["--lr", "NaN"], "'NaN' came; expected a number above 0."],
    [["--lr", ""], "'' came; expected a number above 0."],
    [["--momentum", "1"], "'1' came; expected a number at least 0 and below 1."],
    [["--batch-size", "1.5"], "'1.5' came; expected a whole number at least 1."],
    [["--batch-size", "-3"], "'-3' came; expected a whole number at least 1."],
    [["--hiddens", "64,,2"], "'64,,2' came; expected whole numbers at least 1, with commas between as in 256,128"],
    [["--activation", "gelu"], "'gelu' came; expected one of relu, tanh, sigmoid."],
    [["--out", "--strict"], "'--strict' came; expected a folder (write ./--strict"],
    [["--lr"], "option '--lr <number>' argument missing"],
    [["mnist"], "'mnist' came; expected options only, which begin with --."],
  ])("refuses %j and says what was expected", (args, words) => {
    expect(refusal(...args)).toContain(words);
  });

  it("names the option in a refusal", () => {
    expect(refusal("--lr", "fast")).toBe("--lr <number>: 'fast' came; expected a number above 0.");
  });

  it("explains each option in --help", () => {
    let help = "";
    try {
      read("--help");
    } catch (error) {
      if (error instanceof InformationAsked) help = error.message;
    }
    for (const line of [
      "Usage: train [options]",
      "Training:",
      "-b, --batch-size <n>",
      "Images in a step. (default: 64)",
      "--hiddens <n,n,...>",
      "(default: 256,128)",
      "One of: relu, tanh, sigmoid.",
      "Example: train --lr 0.05",
    ]) {
      expect(help).toContain(line);
    }
    expect(help).not.toContain("false");
  });
});
