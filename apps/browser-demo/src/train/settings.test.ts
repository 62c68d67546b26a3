// The form's text as settings, what is wrong in words, and the counts of weights.
import { expect, test } from "vitest";
import { countParameters, DEFAULT_TEXT, describeNetwork, type FormText, readSettings, textOf } from "./settings.ts";

const read = (changes: Partial<FormText> = {}) => readSettings({ ...DEFAULT_TEXT, ...changes });

test("what stands in a fresh form is a training", () => {
  const sgd = { optimizer: "sgd", lr: 0.05, momentum: 0.9, batchSize: 64, epochs: 10, seed: 1 };
  expect(read()).toEqual({ settings: { network: "mlp", widths: [256, 128], ...sgd } });
  expect(read({ network: "cnn", optimizer: "adam", lr: "1e-3" })).toEqual({
    settings: { ...sgd, network: "cnn", widths: [16, 32], optimizer: "adam", lr: 0.001, momentum: 0 },
  });
});

test.each([
  ["hidden", "", []],
  ["hidden", " 12 ", [12]],
  ["hidden", "8 16;32", [8, 16, 32]],
  ["lr", "0,05", 0.05],
  ["lr", " .5 ", 0.5],
] as const)("%s: '%s' is read", (name, text, expected) => {
  const came = read({ [name]: text });
  expect("settings" in came && (name === "hidden" ? came.settings.widths : came.settings[name])).toEqual(expected);
});

test.each([
  ["hidden", "256, x", "'x' came. Give whole numbers from 1 to 1024, such as 256, 128."],
  ["hidden", "0", "'0' came"],
  ["hidden", "2000", "'2000' came"],
  ["hidden", "1,2,3,4,5", "5 numbers came. Give 4 at most"],
  ["lr", "", "Nothing stands here. Give a number such as 0.05."],
  ["lr", "fast", "'fast' is no number"],
  ["lr", "0", "0 came. Give a number above 0, and 10 at most."],
  ["lr", "1,000.5", "'1,000.5' is no number"],
  ["momentum", "1", "1 came. Give a number from 0 to 0.999."],
  ["batchSize", "1.5", "'1.5' came. Give a whole number from 1 to 1000."],
  ["epochs", "-1", "'-1' came. Give a whole number from 1 to 100."],
  ["seed", "1000000", "'1000000' came. Give a whole number from 0 to 999999."],
] as const)("%s: '%s' is answered in words", (name, text, words) => {
  const came = read({ [name]: text });
  expect("problems" in came ? [...came.problems] : []).toEqual([[name, expect.stringContaining(words)]]);
});

test("fields that do not count are not looked at, others are all told at once", () => {
  expect(read({ channels: "none" })).toHaveProperty("settings");
  expect(read({ optimizer: "adam", momentum: "much" })).toHaveProperty("settings");
  const came = read({ network: "cnn", channels: "16", lr: "x", seed: "y" });
  expect("problems" in came && [...came.problems.keys()]).toEqual(["channels", "lr", "seed"]);
});

test("settings become the form's text again", () => {
  const changes = { network: "cnn", channels: "4, 8", optimizer: "adamw", lr: "0.002", seed: "7" };
  const came = read(changes);
  expect("settings" in came && textOf(came.settings)).toEqual({ ...DEFAULT_TEXT, ...changes });
});

test("networks by name, and their weights, counted by hand", () => {
  // 784·256 + 256 + 256·128 + 128 + 128·10 + 10
  expect(countParameters({ network: "mlp", widths: [256, 128] })).toBe(235_146);
  expect(countParameters({ network: "mlp", widths: [] })).toBe(7_850);
  // 16·9 + 16 + 32·16·9 + 32 + 10·32·49 + 10
  expect(countParameters({ network: "cnn", widths: [16, 32] })).toBe(20_490);
  expect(describeNetwork({ network: "mlp", widths: [256, 128] })).toBe("MLP 784–256–128–10");
  expect(describeNetwork({ network: "cnn", widths: [16, 32] })).toBe("CNN of 16 and 32 channels");
});
