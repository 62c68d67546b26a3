// Augment: what may happen to an image, that chance is the seed's alone, and what is refused.
import { init, type Tensor, tensor } from "@lanewise/tensor";
import { beforeAll, expect, test } from "vitest";
import { Augment, type AugmentOptions } from "./augment.ts";

beforeAll(() => init({ strict: true, threads: 1 }));

const SIDE = 5;
const COUNT = 400;
/** Every image the same: pixel (row, col) is 10 row + col, so that what is seen tells where it comes from. */
const pixel = (row: number, col: number) => 10 * row + col;
const images = (count: number) =>
  tensor(
    Uint8Array.from({ length: count * SIDE * SIDE }, (_, at) => pixel(Math.floor(at / SIDE) % SIDE, at % SIDE)),
    { shape: [count, SIDE, SIDE, 1] as const, dtype: "u8" },
  ) as Tensor<readonly [number, number, number, 1], "u8">;
const indices = Int32Array.from({ length: COUNT }, (_, at) => at);
const seen = (options: AugmentOptions, epoch: number, of = indices) => {
  const data = new Augment({ divisor: 1, seed: 1, ...options }).train(images(of.length), of, epoch).data();
  return Array.from({ length: of.length }, (_, at) => [...data.subarray(at * SIDE * SIDE, (at + 1) * SIDE * SIDE)]);
};
const square = (of: (row: number, col: number) => number) =>
  Array.from({ length: SIDE * SIDE }, (_, at) => of(Math.floor(at / SIDE), at % SIDE));
const plain = square(pixel);
const mirrored = square((row, col) => pixel(row, SIDE - 1 - col));
const isMirrored = (image: readonly number[]) => {
  expect([plain, mirrored]).toContainEqual(image);
  return image[0] !== 0;
};

test("alternating: about half begin mirrored, and every epoch turns each image round", () => {
  const epochs = [0, 1, 2, 3].map((epoch) => seen({ flip: "alternating" }, epoch).map(isMirrored));
  const first = epochs[0]!.filter(Boolean).length;
  // 400 fair coins: 6 deviations of 10 about 200.
  expect(Math.abs(first - COUNT / 2)).toBeLessThan(60);
  expect(epochs[1]).toEqual(epochs[0]!.map((each) => !each));
  expect(epochs[2]).toEqual(epochs[0]);
  expect(epochs[3]).toEqual(epochs[1]);
});

test("random: each epoch throws its own coins", () => {
  const [one, other] = [0, 1].map((epoch) => seen({ flip: "random" }, epoch).map(isMirrored));
  const differing = one!.filter((each, at) => each !== other![at]).length;
  expect(Math.abs(differing - COUNT / 2)).toBeLessThan(60);
});

test.each(["reflect", "zero"] as const)("translate, %s: each of the 25 moves, about as often", (padding) => {
  const inside = (at: number) => at >= 0 && at < SIDE;
  const mirror = (at: number) => (at < 0 ? -at : at < SIDE ? at : 2 * (SIDE - 1) - at);
  const moved = (down: number, right: number) =>
    square((row, col) => {
      const [from, at] = [row + down, col + right];
      if (padding === "zero") return inside(from) && inside(at) ? pixel(from, at) : 0;
      return pixel(mirror(from), mirror(at));
    });
  const counts = new Map<string, number>();
  for (let down = -2; down <= 2; down++)
    for (let right = -2; right <= 2; right++) counts.set(`${moved(down, right)}`, 0);
  expect(counts.size).toBe(25);
  for (const image of seen({ translate: { pixels: 2, padding } }, 4)) {
    expect(counts.has(`${image}`)).toBe(true);
    counts.set(`${image}`, counts.get(`${image}`)! + 1);
  }
  // 400 in 25 boxes: 16 each, deviation 4.
  expect(Math.min(...counts.values())).toBeGreaterThan(0);
  expect(Math.max(...counts.values())).toBeLessThan(40);
});

test("what an image gets does not depend on its batch, only on seed, epoch and index", () => {
  const options = { flip: "random", translate: { pixels: 2, padding: "reflect" } } as const;
  const whole = seen(options, 2);
  const some = Int32Array.of(300, 7, 44);
  expect(seen(options, 2, some)).toEqual([...some].map((index) => whole[index]));
  expect(seen({ ...options, seed: 2 }, 2)).not.toEqual(whole);
  expect(seen(options, 3)).not.toEqual(whole);
});

test("a part cut out, a hole, and numbers: (byte / divisor - mean) / std", () => {
  const augment = new Augment({ divisor: 10, mean: 1, std: 2, crop: { size: 3, place: "centre" } });
  const expected = [11, 12, 13, 21, 22, 23, 31, 32, 33].map((byte) => (byte / 10 - 1) / 2);
  for (const [at, value] of augment.plain(images(1)).data().entries()) expect(value).toBeCloseTo(expected[at]!, 6);
  const holed = seen({ cutout: { size: 3 } }, 0).map(
    (image) => image.filter((value, at) => value !== plain[at]).length,
  );
  // At most 3 x 3; a corner's hole shows 2 x 2, and pixel (0, 0) is 0 with and without one.
  expect(Math.max(...holed)).toBe(9);
  expect(Math.min(...holed)).toBeGreaterThanOrEqual(3);
});

test("what cannot be is refused by name", () => {
  expect(() => new Augment({ flip: "sometimes" as never })).toThrow(/flip "sometimes" came, expected/);
  expect(() => new Augment({ translate: { pixels: 0.5 } })).toThrow(/translate.pixels 0.5 came/);
  expect(() => new Augment({ cutout: { size: -1 } })).toThrow(/cutout.size -1 came/);
  expect(() => new Augment({ affine: { scale: [2, 1] } })).toThrow(/affine.scale 2 to 1 came/);
  expect(() => new Augment({}).train(images(2), Int32Array.of(1), 0)).toThrow(
    /1 indices came, expected one for each of 2/,
  );
  expect(() => new Augment({ crop: { size: 6, place: "centre" } }).plain(images(1))).toThrow(/crop.size 6 x 6 came/);
  // Five pixels beyond the border a mirror shows nothing.
  const far = new Augment({ translate: { pixels: 5, padding: "reflect" }, seed: 1 });
  expect(() => far.train(images(COUNT), indices, 0)).toThrow(/beyond the mirror image|move it less/);
});
