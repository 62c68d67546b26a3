// Digits and photos prepared against NumPy (fixtures/prepare.py), against MNIST's own pictures, and at their limits.
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import reference from "../../fixtures/prepare.json" with { type: "json" };
import { readIdx } from "../idx.ts";
import { drawn, grey } from "./drawing.fixture.ts";
import { imageInput, inputWarning, mnistInput, prepareDigit, preparePhoto } from "./index.ts";

function digitOf(image: Parameters<typeof prepareDigit>[0]): Float32Array {
  const prepared = prepareDigit(image);
  if (prepared.kind !== "digit") throw new Error(prepared.kind);
  return prepared.pixels;
}

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, at) => Math.max(most, Math.abs(value - b[at]!)), 0);

describe("digits", () => {
  it.each(reference.digits)("U03: $name is what NumPy makes of it", ({ pixels, ...drawing }) => {
    expect(largestDifference(digitOf(drawn(drawing)), pixels)).toBeLessThan(1e-6);
  });

  it("U03: dark on light, light on dark, and either on nothing are one digit", () => {
    const [dark, light, , , ,] = reference.digits;
    expect(largestDifference(digitOf(drawn(dark!)), digitOf(drawn(light!)))).toBeLessThan(0.005);
    const [, , , black, white] = reference.digits;
    expect(largestDifference(digitOf(drawn(black!)), digitOf(drawn(white!)))).toBeLessThan(0.005);
  });

  it("U04: nothing is drawn on an empty canvas, whatever its colour, nor on a transparent, noisy or tiny one", () => {
    const empty = { width: 40, height: 30, ink: [0, 0, 0, 255], discs: [] };
    for (const ground of [
      [255, 255, 255, 255],
      [0, 0, 0, 255],
      [120, 20, 200, 255],
      [0, 0, 0, 0],
    ]) {
      for (const noise of [0, 7]) {
        expect(prepareDigit(drawn({ ...empty, ground, noise }))).toEqual({ kind: "nothing drawn" });
      }
    }
    expect(prepareDigit(grey(1, 1, [77]))).toEqual({ kind: "nothing drawn" });
  });

  it("one speck of ink is a digit without a NaN", () => {
    const speck = new Uint8Array(25);
    speck[12] = 255;
    expect(digitOf(grey(5, 5, speck)).every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it("bytes that do not fit the size are refused with both", () => {
    expect(() => prepareDigit({ width: 4, height: 4, data: new Uint8Array(48) })).toThrow(/48 bytes of 4 x 4/);
  });
});

describe("MNIST's own pictures", () => {
  let images: Uint8Array;
  beforeAll(async () => {
    const file = new URL("../../../../apps/mnist-mlp/sample/t10k-images-idx3-ubyte.gz", import.meta.url);
    const idx = await readIdx(new Uint8Array(gunzipSync(await readFile(file))));
    images = idx.data as Uint8Array;
  });

  it("U06: come back as training has them, all of the sample but those that are smaller than the box", () => {
    let changed = 0;
    for (let at = 0; at < 500; at++) {
      const bytes = images.subarray(784 * at, 784 * (at + 1));
      const trained = Float32Array.from(bytes, (byte) => byte / 255);
      // Where no pixel of a picture is 255, its ink comes back a little stronger.
      if (largestDifference(digitOf(grey(28, 28, bytes)), trained) > 0.02) changed++;
    }
    expect(changed).toBeLessThanOrEqual(1);
  });
});

describe("photos", () => {
  it.each(reference.photos)("$width x $height is what NumPy makes of it", ({ width, height, bytes }) => {
    const data = new Uint8ClampedArray(4 * width * height);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const colours = [(x * 7 + y * 3) % 256, (x * y) % 256, (x * x + y * 11) % 256, 255];
        data.set(colours, 4 * (y * width + x));
      }
    }
    const prepared = preparePhoto({ width, height, data });
    // A mean that is a half up to rounding may go either way.
    expect(largestDifference(prepared, bytes)).toBeLessThanOrEqual(1);
    expect(prepared.filter((byte, at) => byte !== bytes[at]).length).toBeLessThanOrEqual(3);
  });

  it("what is transparent is white: half of black on nothing is 255 - 128 = 127", () => {
    const data = new Uint8ClampedArray([0, 0, 0, 128]);
    expect([...preparePhoto({ width: 1, height: 1, data }, { side: 1 })]).toEqual([127, 127, 127]);
  });
});

describe("the description that is kept with a network", () => {
  it("comes back from JSON, and is checked", () => {
    expect(imageInput(JSON.parse(JSON.stringify(mnistInput)))).toEqual(mnistInput);
    expect(() => imageInput({ kind: "digit", side: 28, box: 30 }, "net.pt: input")).toThrow(
      /^net\.pt: input is .*box ≤ side/,
    );
    expect(() => imageInput({ kind: "photo", side: 1e9, mean: [0, 0, 0], std: [1, 1, 1] })).toThrow(/expected side/);
    expect(() => imageInput(null)).toThrow(/expected kind/);
  });
});

describe("what goes into a network", () => {
  it("U07: is warned of where it is all zero, constant or not a number", () => {
    expect(inputWarning(new Float32Array(784))).toMatch(/all 784 values of the input are 0/);
    expect(inputWarning(new Float32Array(12).fill(-1.5))).toMatch(/all 12 values of the input are -1.5/);
    expect(inputWarning([0, Number.NaN])).toMatch(/value 1 of the input is NaN/);
    expect(inputWarning([0, 0, 0.1])).toBeNull();
  });
});
