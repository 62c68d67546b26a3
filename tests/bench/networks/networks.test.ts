// The networks that libraries are compared on: their reference against PyTorch, the forms that the libraries are given.
import { expect, it } from "vitest";
import { stateOf } from "./lanewise.ts";
import { checksum, examples, networkNamed } from "./network.ts";
import { channelsFirst, onnxGraph, toChannelsFirst } from "./onnx.ts";
import { erf, referenceLogits } from "./reference.ts";

// PyTorch 2.15 in f64: networks_in_torch.py.
const torch = {
  mlp: [
    0.27520172969208745, -0.895917381658081, -0.6270841763716558, 0.36693271357296364, 0.07942140458239082,
    -0.1003811391366701, -0.009570520682372935, -1.2205040727066612, -0.27455546638961104, -0.16574792160407875,
  ],
  cifar: [
    0.1300726791335969, -0.6234840567685368, 0.256706305371327, -0.2137126462733625, 0.4600268249021409,
    0.35176647373447256, -0.37246047879931543, -0.056109964932497806, 0.015662961124887253, 0.4441122393889503,
  ],
};

it.each(["mlp", "cifar"] as const)("%s: the reference gives PyTorch's logits", (name) => {
  const network = networkNamed(name);
  const logits = referenceLogits(network, examples(network, 1));
  for (const [at, logit] of torch[name].entries()) expect(logits[at]).toBeCloseTo(logit, 12);
});

it("knows erf: Abramowitz and Stegun's table 7.1", () => {
  for (const [x, value] of [
    [0.5, 0.5204998778],
    [1, 0.8427007929],
    [2, 0.995322265],
    [-1, -0.8427007929],
    [0, 0],
    [7, 1],
  ] as const)
    expect(erf(x)).toBeCloseTo(value, 9);
  // Both forms meet: erf(2.5) is 0.999593047982555.
  expect(erf(2.5)).toBeCloseTo(0.999593047982555, 14);
  expect(erf(2.5 + 1e-13)).toBeCloseTo(0.999593047982555, 13);
});

it("sums the last example's logits by their place", () => {
  expect(checksum([9, 9, 1, 2], 2)).toBe(1 * 1 + 2 * 2);
});

it("names a network that is not known", () => {
  expect(() => networkNamed("lstm")).toThrow("No network is called lstm; expected one of mlp, cifar.");
});

it("is an ONNX graph: layers in a chain, weights as they lie, images with channels first", () => {
  const { nodes, constants, inputs, output } = onnxGraph(networkNamed("cifar"), 32);
  expect(inputs).toEqual([{ name: "x", shape: [32, 3, 32, 32] }]);
  expect(output).toEqual({ name: "y", shape: [32, 10] });
  expect(nodes.slice(0, 4)).toEqual([
    {
      op: "Conv",
      inputs: ["x", "w0", "b0"],
      output: "h0",
      attributes: { kernel_shape: [2, 2], pads: [0, 0, 0, 0], strides: [1, 1] },
    },
    { op: "Gelu", inputs: ["h0"], output: "h1", attributes: { approximate: "none" } },
    {
      op: "Conv",
      inputs: ["h1", "w2"],
      output: "h2",
      attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [1, 1] },
    },
    { op: "MaxPool", inputs: ["h2"], output: "h3", attributes: { kernel_shape: [2, 2], strides: [2, 2] } },
  ]);
  expect(nodes.at(-1)).toMatchObject({ op: "Mul", output: "y" });
  expect(constants.find(({ name }) => name === "w2")?.shape).toEqual([64, 24, 3, 3]);
});

it("puts channels first: two images of 1 x 2 pixels and 3 channels", () => {
  expect(channelsFirst([1, 2, 3])).toEqual([3, 1, 2]);
  const last = Float32Array.of(1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16);
  expect([...toChannelsFirst(last, [1, 2, 3])]).toEqual([1, 4, 2, 5, 3, 6, 11, 14, 12, 15, 13, 16]);
});

it("is a state dict with PyTorch's names", () => {
  const state = stateOf(networkNamed("cifar"));
  expect([...state.keys()].slice(0, 8)).toEqual([
    "0.weight",
    "0.bias",
    "2.weight",
    "4.weight",
    "4.bias",
    "4.running_mean",
    "4.running_var",
    "4.num_batches_tracked",
  ]);
  expect(state.get("0.weight")?.shape).toEqual([24, 3, 2, 2]);
});
