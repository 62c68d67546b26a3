// Tables of a bench in Markdown; the profile's shares.
import { expect, it } from "vitest";
import { shownFigure } from "../doubts.ts";
import { profileTable } from "../profile.ts";
import { BufferBytes, describeCall } from "../sides/kernel-times.ts";
import { markdownTable } from "./tables.ts";

it("writes Markdown, with bars escaped", () => {
  expect(markdownTable({ columns: ["a", "b"], rows: [["1", "x|y"]] })).toBe("| a | b |\n| --- | --- |\n| 1 | x\\|y |");
});

it("shows three digits, and thousands apart", () => {
  expect([42.123, 123.4, 50_200].map(shownFigure)).toEqual(["42.1", "123", "50,200"]);
});

it("counts products and convolutions by their sizes", () => {
  // Batches, m, n, k as the kernel takes them; 2 * 64 * 256 * 784 = 25,690,112.
  expect(describeCall("gemm_tn", [1, 1, 64, 256, 784, 0])).toEqual({ label: "gemm_tn 64x784x256", flop: 25_690_112 });
  expect(describeCall("linear_forward", [64, 784, 256])).toEqual({
    label: "linear_forward 64x784x256",
    flop: 25_690_112,
  });
  expect(describeCall("relu_backward", [100])).toEqual({ label: "relu_backward", flop: 0 });
  // 10 images of 9 x 7, 4 to 6 channels in 2 groups, 3 x 3, stride 2, a pixel of padding: 5 x 4 places, each 2 * 9 * 2 * 6.
  const geometry = [10, 9, 7, 4, 6, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 2, 0];
  expect(describeCall("conv2d_forward", geometry)).toEqual({
    label: "conv2d_forward 3x3 4->6 9x7",
    flop: 10 * 5 * 4 * 2 * 9 * 2 * 6,
  });
  // Stride 1 and one group: Winograd's, with a quarter.
  const winograd = [1, 4, 4, 1, 1, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1];
  expect(describeCall("conv2d_forward", [...winograd, 0])).toMatchObject({ flop: 288, leastFlop: 72 });
  expect(describeCall("conv2d_forward", [...winograd, 1])).not.toHaveProperty("leastFlop");
});

it("follows the buffers that live, and what a call passes of them", () => {
  const memory = new BufferBytes();
  memory.follow("alloc", [100], 4097);
  memory.begin();
  memory.follow("alloc", [40], 4098);
  memory.follow("free", [4097], undefined);
  memory.follow("alloc", [8], 4099);
  expect([memory.atFirst, memory.peak]).toEqual([100, 140]);
  // Numbers first, then handles, 0 for one that is not there; 4097 has been released.
  expect(memory.passed([4098, 1.5, 4098, 0, 4099])).toBe(48);
  expect(memory.passed([4097])).toBe(0);
});

it("gives each kernel its share and its ceiling, and the rest to what is outside", () => {
  const kernels = [
    { kernel: "relu_backward", calls: 20, seconds: 0.002, flop: 0, leastFlop: 0, bytes: 8e6 },
    { kernel: "gemm 64x784x256", calls: 10, seconds: 0.006, flop: 1.2e8, leastFlop: 1.2e8, bytes: 6e6 },
  ];
  const report = { seconds: 0.01, kernels, peakBytes: 0, bytesAtFirst: 0 };
  const lines = profileTable(report, 10, { flopPerSecond: 4e10, bytesPerSecond: 1.6e10 })
    .split("\n")
    .slice(2)
    .map((line) => line.trim().split(/\s{2,}/));
  expect(lines).toEqual([
    ["gemm 64x784x256", "1", "600.0", "60.0 %", "20.0", "1.0", "50 %"],
    ["relu_backward", "2", "200.0", "20.0 %", "4.0", "25 %"],
    ["(outside the kernels)", "200.0", "20.0 %"],
  ]);
});
