// Rounding to half precision; expected bits are NumPy's (float32 values .astype(float16)).
import { expect, test } from "vitest";
import { narrowToHalf, widenBrainFloat, widenHalf } from "./half.ts";

test("rounds to nearest, ties to even, over subnormals, overflow, infinities and NaN", () => {
  // np.array([...], np.float32).astype(np.float16).view(np.uint16)
  const rows: [number, number][] = [
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [1 + 2 ** -11, 0x3c00], // a tie, down to even
    [1 + 3 * 2 ** -11, 0x3c02], // a tie, up to even
    [1 + 2 ** -11 + 2 ** -20, 0x3c01],
    [-2.5, 0xc100],
    [65504, 0x7bff],
    [65519.996, 0x7bff],
    [65520, 0x7c00], // a tie, up
    [1e10, 0x7c00],
    [Number.NEGATIVE_INFINITY, 0xfc00],
    [Number.NaN, 0x7e00],
    [2 ** -14, 0x0400],
    [2 ** -14 - 2 ** -26, 0x0400],
    [2 ** -24, 0x0001],
    [2 ** -25, 0x0000], // a tie, down to even
    [2 ** -25 + 2 ** -40, 0x0001],
    [1.5 * 2 ** -24, 0x0002], // a tie, up to even
    [2 ** -26, 0x0000],
    [1e-40, 0x0000],
  ];
  const bits = narrowToHalf(Float32Array.from(rows, ([value]) => value));
  expect([...bits]).toEqual(rows.map(([, wanted]) => wanted));
});

test("every half but the NaNs comes back from widening", () => {
  const all = Uint16Array.from({ length: 65_536 }, (_, bits) => bits).filter((bits) => (bits & 0x7fff) <= 0x7c00);
  expect(narrowToHalf(widenHalf(all))).toEqual(all);
});

test("F33 bf16 widens exactly: 3F80, 7F80, FF80, 7FC0, 0001", () => {
  const wide = widenBrainFloat(Uint16Array.of(0x3f80, 0x7f80, 0xff80, 0x7fc0, 0x0001));
  expect([...wide]).toEqual([1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 2 ** -133]);
});
