// Random geometries for pooling, padding and batch norm, odd and small sizes among them.

export interface Job {
  readonly op: "maxPool2d" | "avgPool2d" | "adaptiveMaxPool2d" | "adaptiveAvgPool2d" | "pad2d" | "batchNorm";
  readonly shape: readonly [batch: number, height: number, width: number, channels: number];
  readonly options: Readonly<Record<string, unknown>>;
}

const ACTIVATIONS = ["none", "relu", "gelu"] as const;

/** `count` jobs of each op, the same for the same seed. */
export function jobs(seed: number, count: number): Job[] {
  let state = seed;
  // Knuth's multiplier for 32 bits; the upper bits are the good ones.
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const from = (low: number, high: number): number => low + below(high - low + 1);
  const flag = (): boolean => below(2) === 1;
  const pair = (draw: () => number) => [draw(), draw()] as const;
  const shape = () => [from(0, 3), from(3, 17), from(3, 17), [1, 3, 4, 5, 16, 19][below(6)]!] as const;

  const windows = () => {
    const kernel = pair(() => from(1, 3));
    const padding = kernel.map((length) => below(Math.floor(length / 2) + 1));
    return { kernel, stride: pair(() => from(1, 3)), padding, ceilMode: flag() };
  };
  const make: { readonly [O in Job["op"]]: () => Readonly<Record<string, unknown>> } = {
    maxPool2d: () => ({ ...windows(), dilation: [1, 1] }),
    avgPool2d: () => ({
      ...windows(),
      countIncludePad: flag(),
      ...(below(4) === 0 ? { divisorOverride: from(1, 5) } : {}),
    }),
    adaptiveMaxPool2d: () => ({ size: pair(() => from(1, 6)) }),
    adaptiveAvgPool2d: () => ({ size: pair(() => from(1, 6)) }),
    pad2d: () => {
      const mode = flag() ? "reflect" : "constant";
      return { mode, value: mode === "constant" ? from(-2, 2) / 2 : 0, sides: [1, 2, 3, 4].map(() => below(3)) };
    },
    batchNorm: () => ({ eps: flag() ? 1e-5 : 1e-12, activation: ACTIVATIONS[below(3)]! }),
  };
  return (Object.keys(make) as Job["op"][]).flatMap((op) =>
    Array.from({ length: count }, (): Job => {
      const [batch, ...rest] = shape();
      // PyTorch refuses to pad or normalize nothing.
      const some = op === "pad2d" || op === "batchNorm" ? Math.max(batch, 1) : batch;
      return { op, shape: [some, ...rest], options: make[op]() };
    }),
  );
}
