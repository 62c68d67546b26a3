// The part of the report that shows the network: its layers with their parameters and FLOPs, the first layer's filters.
import {
  type Block,
  figure,
  fixed,
  imageGrid,
  integer,
  md,
  paragraph,
  plain,
  type Section,
  section,
  table,
} from "@lanewise/report";
import type { StateArray } from "lanewise/nn";
import type { FinishedRun } from "../finished-run.ts";
import { layerSummaries } from "../network/summary.ts";

const MEGA = 1e6;

export function networkSection({ model, settings }: FinishedRun): Section {
  const layers = layerSummaries(model, [32, 32, 3]);
  const total = (of: "trained" | "fixed" | "flops") => layers.reduce((sum, layer) => sum + layer[of], 0);
  return section(
    "Network",
    settings.network === "whitened" ? whitenedText() : tutorialText(),
    table({
      columns: [
        "layer",
        { title: "output", align: "right" },
        { title: "trained", format: integer, align: "right" },
        { title: "fixed", format: integer, align: "right" },
        { title: "MFLOP", format: fixed(2), align: "right" },
      ],
      rows: [
        ...layers.map(({ name, output, trained, fixed: still, flops }) => [
          name,
          output,
          ...[trained, still, flops / MEGA].map((number) => (number === 0 ? "" : number)),
        ]),
        ["sum", "", total("trained"), total("fixed"), total("flops") / MEGA],
      ],
      highlight: [layers.length],
      caption:
        "The layers, the numbers in them that training changes and that stay, and the floating point operations of " +
        "their products for one picture, forward; a training step takes about three times as many.",
      id: "layers",
    }),
    filters(model.layers[0]?.stateDict().get("weight")),
  );
}

const whitenedText = () =>
  paragraph(md`A fixed convolution first makes the 2 × 2 patches of a picture uncorrelated and of one size: its filters are
    the eigenvectors of the patches' covariance over the first 5,000 training pictures, each divided by
    $sqrt(lambda + epsilon)$ with $epsilon = 5 dot 10^(-4)$, and their negatives. Three groups of two 3 × 3 convolutions
    follow; a maximum over 2 × 2 places halves the sides behind the first of each. Each convolution is followed by batch
    normalization, with its scale fixed at 1, and GELU, $x Phi(x)$. The first filters of each convolution begin by passing their channel on
    (a Dirac), so that the network begins near the identity. The last layer's sums are divided by 9. The network is that of
    K. Jordan, _94% on CIFAR-10 in 3.29 Seconds on a Single GPU_, arXiv 2404.00498, in other widths.`);

const tutorialText = () =>
  paragraph(md`The network of PyTorch's first tutorial on training a classifier: two 5 × 5 convolutions, each with a rectifier
    and a maximum over 2 × 2 places, and three linear layers. It is here for comparison.`);

/** The filters as coloured pictures, each stretched to the whole range of brightness. */
function filters(weight: StateArray | undefined): Block {
  if (weight?.dtype !== "f32" || weight.shape.length !== 4) return paragraph("The first layer has no filters.");
  const [count, channels, height, width] = weight.shape as readonly [number, number, number, number];
  const size = channels * height * width;
  const images = Array.from({ length: count }, (_, filter) => {
    const values = Array.from({ length: size }, (_, at) => weight.data[filter * size + at]!);
    const largest = Math.max(...values.map(Math.abs), Number.MIN_VALUE);
    // Planes in the state dict, pixels in a picture.
    const pixels = Array.from({ length: size }, (_, at) => {
      const value = values[(at % channels) * height * width + Math.floor(at / channels)]!;
      return Math.round(127.5 + (127.5 * value) / largest);
    });
    return { pixels, caption: plain(filter + 1) };
  });
  return figure({
    svg: imageGrid({ images, width, height, channels: 3, columns: 12, size: 26 }),
    id: "filters",
    caption: "The filters of the first layer: grey is 0, each is stretched to the whole range.",
  });
}
