// The drawing of a network: its numbers, the order of weights, and what it refuses.
import { describe, expect, it } from "vitest";
import { networkDrawing } from "./network.ts";

const layers = [{ units: ["a", "b<c"] }, { label: "output", units: ["y"], biases: [-1.5] }];

describe("network drawings", () => {
  it("write weights and biases with a true minus, and no line for a weight of nothing", () => {
    const svg = networkDrawing({ layers, weights: [[[-2], [0]]] });
    expect(svg.match(/<line /g)).toHaveLength(1);
    for (const text of [">−2<", ">bias −1.5<", ">output<", ">b&lt;c<"]) expect(svg).toContain(text);
  });

  it("leave lines bare where their number is no text", () => {
    const svg = networkDrawing({ layers: [{ units: ["a"] }, { units: ["y"] }], weights: [[[1]]], format: () => "" });
    expect(svg).toContain("<line ");
    expect(svg).not.toContain("<rect");
  });

  it("refuse matrices of another shape, saying both", () => {
    expect(() => networkDrawing({ layers, weights: [] })).toThrow("0 weight matrices came for 2 layers");
    expect(() => networkDrawing({ layers, weights: [[[1, 2]]] })).toThrow("weights 1 are 1 x 2, expected 2 x 1");
    const short = [{ units: ["a"], biases: [1, 2] }];
    expect(() => networkDrawing({ layers: short, weights: [] })).toThrow("2 biases came for the units [a]");
  });
});
