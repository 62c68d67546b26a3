// Tables of a bench in Markdown; the profile's shares.
import { expect, it } from "vitest";
import { shownFigure } from "../doubts.ts";
import { profileTable } from "../profile.ts";
import { describeCall } from "../sides/kernel-times.ts";
import { markdownTable } from "./tables.ts";

it("writes Markdown, with bars escaped", () => {
  expect(markdownTable({ columns: ["a", "b"], rows: [["1", "x|y"]] })).toBe("| a | b |\n| --- | --- |\n| 1 | x\\|y |");
});

it("shows three digits, and thousands apart", () => {
  expect([42.123, 123.4, 50_200].map(shownFigure)).toEqual(["42.1", "123", "50,200"]);
});

it("counts products by their sizes, with 2 m n k operations", () => {
  // Batches, m, n, k as the kernel takes them; 2 * 64 * 256 * 784 = 25,690,112.
  expect(describeCall("gemm_tn", [1, 1, 64, 256, 784, 0])).toEqual({ label: "gemm_tn 64x784x256", flop: 25_690_112 });
  expect(describeCall("linear_forward", [64, 784, 256])).toEqual({
    label: "linear_forward 64x784x256",
    flop: 25_690_112,
  });
  expect(describeCall("relu_backward", [100])).toEqual({ label: "relu_backward", flop: 0 });
});

it("gives each kernel its share, and the rest to what is outside", () => {
  const kernels = [
    { kernel: "relu_backward", calls: 20, seconds: 0.002, flop: 0 },
    { kernel: "gemm 64x784x256", calls: 10, seconds: 0.006, flop: 1.2e8 },
  ];
  const lines = profileTable(0.01, kernels, 10)
    .split("\n")
    .slice(2)
    .map((line) => line.split(/\s{2,}/));
  expect(lines).toEqual([
    ["gemm 64x784x256", "1", "600.0", "60.0 %", "20.0"],
    ["relu_backward", "2", "200.0", "20.0 %"],
    ["(outside the kernels)", "200.0", "20.0 %"],
  ]);
});
