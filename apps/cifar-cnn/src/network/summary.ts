// The layers of a network in a table: what each gives, how many numbers it learns, how much it computes.
import { noGrad, scope, zeros } from "lanewise";
import { Conv2d, Linear, type Module, type Sequential } from "lanewise/nn";

export interface LayerSummary {
  /** "Conv2d 24 → 64, 3×3". */
  readonly name: string;
  /** Of one image: "15 × 15 × 64". */
  readonly output: string;
  /** Numbers that training changes. */
  readonly trained: number;
  /** Numbers that stay as they were made. */
  readonly fixed: number;
  /** Multiplications and additions of its products for one image, forward; what is small beside them is left out. */
  readonly flops: number;
}

/** One row a layer, for images of `shape` [height, width, channels]. */
export function layerSummaries(
  model: Sequential<readonly Module[]>,
  shape: readonly [number, number, number],
): LayerSummary[] {
  const training = model.training;
  model.eval();
  try {
    return scope(() =>
      noGrad(() => {
        let current = zeros([1, ...shape]) as Parameters<typeof model.forward>[0];
        return model.layers.map((layer) => {
          current = layer.forward(current) as typeof current;
          const output = current.shape.slice(1);
          const parameters = layer.parameters();
          const count = (trained: boolean) =>
            parameters.filter((p) => p.requiresGrad === trained).reduce((sum, { size }) => sum + size, 0);
          const summary = { trained: count(true), fixed: count(false), flops: flopsOf(layer, output) };
          return { name: nameOf(layer), output: output.join(" × "), ...summary };
        });
      }),
    );
  } finally {
    model.train(training);
  }
}

/** Two for each product that a layer sums. */
function flopsOf(layer: Module, output: readonly number[]): number {
  if (!(layer instanceof Conv2d || layer instanceof Linear)) return 0;
  const places = output.slice(0, -1).reduce((product, length) => product * length, 1);
  return 2 * places * layer.weight.size;
}

function nameOf(layer: Module): string {
  if (layer instanceof Conv2d) {
    const [height, width, from, to] = layer.weight.shape as readonly number[];
    return `Conv2d ${from} → ${to}, ${height}×${width}`;
  }
  if (layer instanceof Linear) return `Linear ${layer.weight.shape.join(" → ")}`;
  return layer.kind;
}
