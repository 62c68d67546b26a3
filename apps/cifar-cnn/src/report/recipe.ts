// The part of the report that says how the network was trained: pictures, loss, steps.
import { type Block, formula, list, md, paragraph, percent, type Section, section, type Text } from "@lanewise/report";
import type { FinishedRun } from "../finished-run.ts";
import type { Settings } from "../settings.ts";

export function recipeSection({ settings }: FinishedRun): Section {
  return section(
    "Training",
    section("Pictures and loss", pictures(settings), ...loss(settings)),
    section("Steps", ...steps(settings)),
  );
}

function pictures({ flip, translate }: Settings): Block {
  const changes: Text[] = [
    "Pixels are divided by 255, and each channel is moved and scaled to mean 0 and deviation 1.",
  ];
  if (flip === "alternating") {
    changes.push(
      md`Each picture is mirrored in every second epoch: which half begins is drawn once. So two epochs see each picture
        both ways, where drawing anew would show a quarter of them one way only (arXiv 2404.00498, section 3.6).`,
    );
  }
  if (flip === "random") changes.push("Each picture is mirrored or not, by a coin for each epoch.");
  if (translate > 0) {
    changes.push(
      md`Each picture is moved by up to ${translate} pixels in each direction; the border shows its reflection.`,
    );
  }
  return list(...changes);
}

function loss({ labelSmoothing, batchSize }: Settings): Block[] {
  if (labelSmoothing === 0) {
    return [
      paragraph(md`The loss is the cross entropy of the softmax of the logits, over ${batchSize} pictures a step.`),
    ];
  }
  return [
    paragraph(md`The loss is the cross entropy against smoothed targets, summed over the ${batchSize} pictures of a step:
      with $s = ${labelSmoothing}$ spread over the 10 classes,`),
    formula(`L = - sum_(k=1)^(10) ((1 - s) bold(1)_(k = y) + s / 10) log p_k .`, "loss"),
  ];
}

function steps(settings: Settings): Block[] {
  const { optimizer, lr, momentum, epochs, schedule, lookahead } = settings;
  const rate = paragraph(md`All rates are multiplied by a factor that goes along straight lines through
    ${schedule.map(([done, factor]) => `${factor} at ${percent(0)(done)} of the run`).join(", ")}, over ${epochs} epochs.`);
  const blocks = optimizer === "muon" ? muon(lr, momentum) : sgd(momentum);
  if (lookahead) {
    blocks.push(
      paragraph(md`Every five steps a slow copy $bold(S)$ of all weights and running statistics follows and is handed back,
        $bold(S) arrow.l d bold(S) + (1 - d) bold(W)$ and $bold(W) arrow.l bold(S)$, with $d = 0.95^5 (t \/ T)^3$
        (M. Zhang et al., arXiv 1907.08610). The last step takes over the slow copy whole.`),
    );
  }
  return [...blocks, rate];
}

function muon(lr: number, momentum: number): Block[] {
  return [
    paragraph(md`The filters of a convolution, as a matrix $bold(W)$ with a row for each, step by Muon (K. Jordan, 2024): the
      momentum of the gradient is replaced by the nearest matrix with orthonormal rows, found by a few Newton-Schulz steps,
      so that every direction is followed at one pace,`),
    formula(
      `bold(M) arrow.l ${momentum} bold(M) + bold(G), quad bold(W) arrow.l bold(W) - ${lr} thin "orth"(bold(G) + ${momentum} bold(M)) ,`,
      "muon",
    ),
    paragraph(md`where orth divides its matrix by its length and repeats three times`),
    formula(
      "bold(X) arrow.l 3.4445 bold(X) - 4.775 (bold(X) bold(X)^T) bold(X) + 2.0315 (bold(X) bold(X)^T)^2 bold(X) ,",
      "newton-schulz",
    ),
    paragraph(md`and before each step the filters of a layer are scaled to the length $sqrt("rows")$. Biases and the last
      layer step by gradient descent with Nesterov's momentum 0.85.`),
  ];
}

function sgd(momentum: number): Block[] {
  return [
    paragraph(md`Gradient descent with Nesterov's momentum ${momentum} and decay of all weights to 0; the biases of the norms
      have a rate of their own.`),
  ];
}
