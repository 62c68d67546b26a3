// Random convolutions by kind: odd sizes, sides smaller than the kernel, one image and none, every padding. One seed, one list.

export type Sides = { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number };
type Two = readonly [number, number];

/** A convolution as the options of `conv2d` say it. */
export interface Geometry {
  readonly batch: number;
  readonly size: Two;
  readonly channels: number;
  readonly filters: number;
  readonly kernel: Two;
  readonly stride: Two;
  readonly dilation: Two;
  readonly groups: number;
  readonly padding: number | Two | Sides | "valid" | "same" | "same-tf";
  /** With a 2x2 max-pool behind it. */
  readonly pooled: boolean;
}

/** Numbers for geometries: needs no kernels, so that a list of tests can be made of it. */
class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number from `from` to `to`. */
  whole(from: number, to: number): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let mixed = this.#state ^ (this.#state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    mixed ^= mixed >>> 15;
    return from + ((mixed >>> 0) % (to - from + 1));
  }

  of<T>(items: readonly T[]): T {
    return items[this.whole(0, items.length - 1)]!;
  }

  two<T>(items: readonly T[]): readonly [T, T] {
    return [this.of(items), this.of(items)];
  }
}

const SIZES = [1, 2, 3, 5, 7, 8, 12, 15, 20, 31];
const CHANNELS = [1, 2, 3, 4, 5, 8, 9, 16, 17, 24, 33];

const plain = (dice: Dice): Geometry => ({
  batch: dice.whole(1, 3),
  size: dice.two(SIZES),
  channels: dice.of(CHANNELS),
  filters: dice.of(CHANNELS),
  kernel: [3, 3],
  stride: [1, 1],
  dilation: [1, 1],
  groups: 1,
  padding: dice.of([0, 1, 1, 1, 2]),
  pooled: false,
});

/** Each kind's way to a geometry; what does not fit on its image is thrown away. */
const KINDS: Readonly<Record<string, (dice: Dice) => Geometry>> = {
  "3x3 at stride 1": plain,
  "3x3 at stride 1, one image": (dice) => ({ ...plain(dice), batch: 1, size: dice.two([1, 3, 7, 15, 31]) }),
  "3x3 with a max-pool": (dice) => ({ ...plain(dice), pooled: true }),
  "with a max-pool, not 3x3 or not at stride 1": (dice) => ({
    ...plain(dice),
    kernel: dice.two([1, 2, 4, 5]),
    stride: dice.two([1, 2]),
    pooled: true,
  }),
  "1x1": (dice) => ({ ...plain(dice), kernel: [1, 1], stride: dice.two([1, 1, 2, 3]), padding: dice.of([0, 0, 1]) }),
  "any kernel, stride and dilation": (dice) => ({
    ...plain(dice),
    kernel: dice.two([1, 2, 3, 4, 5, 7]),
    stride: dice.two([1, 2, 3, 4]),
    dilation: dice.two([1, 1, 2, 3]),
    padding: dice.two([0, 1, 2, 3, 6]),
  }),
  "large kernels on few channels": (dice) => ({
    ...plain(dice),
    channels: dice.of([1, 2, 3, 4]),
    kernel: dice.two([5, 7, 11]),
    stride: dice.two([1, 2, 4]),
    padding: dice.of([2, 3, 5]),
  }),
  groups: (dice) => {
    const groups = dice.of([2, 3, 4]);
    const [channels, filters] = [groups * dice.whole(1, 6), groups * dice.whole(1, 6)];
    return { ...plain(dice), kernel: dice.two([1, 2, 3, 5]), stride: dice.two([1, 2]), groups, channels, filters };
  },
  depthwise: (dice) => {
    const channels = dice.of([2, 3, 4, 8, 9, 16, 17, 33]);
    const geometry = { ...plain(dice), channels, groups: channels, filters: channels * dice.of([1, 1, 1, 2]) };
    return { ...geometry, kernel: dice.two([3, 3, 5]), stride: dice.two([1, 1, 2]), dilation: dice.two([1, 1, 2]) };
  },
  "a padding for each side": (dice) => {
    const [top, bottom] = dice.two([0, 1, 2, 4]);
    const [left, right] = dice.two([0, 1, 2, 4]);
    const kernel = dice.of([[3, 3] as Two, dice.two([1, 2, 3, 5])]);
    return { ...plain(dice), kernel, stride: dice.two([1, 1, 2]), padding: { top, bottom, left, right } };
  },
  "padding by name": (dice) => {
    const padding = dice.of(["valid", "same", "same-tf"] as const);
    const stride = padding === "same" ? ([1, 1] as const) : dice.two([1, 2, 3]);
    return { ...plain(dice), kernel: dice.two([1, 2, 3, 4, 6]), dilation: dice.two([1, 1, 2]), stride, padding };
  },
  "no images": (dice) => ({ ...plain(dice), batch: 0, stride: dice.two([1, 2]), pooled: dice.of([false, true]) }),
};

const spans = ({ kernel, dilation }: Geometry): Two => [
  dilation[0] * (kernel[0] - 1) + 1,
  dilation[1] * (kernel[1] - 1) + 1,
];

function paddedBy({ padding }: Geometry): Two {
  if (padding === "valid") return [0, 0];
  if (typeof padding === "string") return [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  if (typeof padding === "number") return [2 * padding, 2 * padding];
  if ("top" in padding) return [padding.top + padding.bottom, padding.left + padding.right];
  return [2 * padding[0], 2 * padding[1]];
}

/** Whether a window fits, two by two of them before a pool. */
function possible(geometry: Geometry): boolean {
  const [span, padded] = [spans(geometry), paddedBy(geometry)];
  return ([0, 1] as const).every((axis) => {
    const room = geometry.size[axis] + padded[axis] - span[axis];
    return room >= (geometry.pooled ? geometry.stride[axis] : 0);
  });
}

/** Of each kind `count` geometries. */
export function geometries(seed: number, count: number): Map<string, readonly Geometry[]> {
  const dice = new Dice(seed);
  return new Map(
    Object.entries(KINDS).map(([kind, draw]) => {
      const found: Geometry[] = [];
      while (found.length < count) {
        const geometry = draw(dice);
        if (possible(geometry)) found.push(geometry);
      }
      return [kind, found];
    }),
  );
}
