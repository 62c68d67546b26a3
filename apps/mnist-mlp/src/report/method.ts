// The part of the report that says what was computed: the network, its loss, its gradients, its steps.
import { type Block, formula, md, paragraph, type Section, section } from "@lanewise/report";
import { type ActivationName, architecture, type InitializerName, type Settings } from "../settings.ts";

const ACTIVATION_TEXT: { readonly [N in ActivationName]: readonly [definition: string, derivative: string] } = {
  relu: ["f(z) = max(z, 0)", "f'(z) = cases(1 quad & z > 0, 0 & z <= 0)"],
  tanh: ["f(z) = tanh z", "f'(z) = 1 - f(z)^2"],
  sigmoid: ["f(z) = 1 / (1 + e^(-z))", "f'(z) = f(z) (1 - f(z))"],
  identity: ["f(z) = z", "f'(z) = 1"],
};

const INITIAL_TEXT: { readonly [N in InitializerName]: ReturnType<typeof md> } = {
  he: md`Weights begin normally distributed with deviation $sqrt(2 \/ n_"in")$, which keeps the size of the values from
    layer to layer through rectifiers; biases begin at 0.`,
  xavier: md`Weights begin normally distributed with deviation $sqrt(2 \/ (n_"in" + n_"out"))$, which keeps the sizes of
    values and gradients from layer to layer; biases begin at 0.`,
  "standard-normal": md`Weights begin plainly standard normal, whatever the width of the layer; biases begin at 0. Sums over
    784 pixels are then some ten times too large, as the comparison of initial weights shows.`,
};

export function methodSection(settings: Settings): Section {
  return section("Method", network(settings), loss(settings), gradients(), steps(settings));
}

function network(settings: Settings): Section {
  const [definition, derivative] = ACTIVATION_TEXT[settings.activation];
  const hidden: Block[] =
    settings.hidden.length === 0
      ? [paragraph("There is no hidden layer: the network is a linear classifier.")]
      : [
          paragraph("The hidden layers apply, element by element,"),
          formula(`${definition}, quad quad ${derivative} .`),
        ];
  return section(
    "The network",
    paragraph(md`A multilayer perceptron of layers ${architecture(settings)}. A batch of $B$ images is a matrix $bold(X)$ with
      an image in each row, its pixels from 0 to 1. With $bold(A)_0 = bold(X)$, layer $l$ of $n$ computes`),
    formula("bold(Z)_l = bold(A)_(l-1) bold(W)_l + bold(b)_l, quad quad bold(A)_l = f(bold(Z)_l) .", "forward"),
    ...hidden,
    paragraph(md`The last layer applies nothing: $bold(Z)_n$ are the logits of the ten digits.`),
    paragraph(INITIAL_TEXT[settings.init]),
  );
}

function loss({ labelSmoothing }: Settings): Section {
  const targets =
    labelSmoothing === 0
      ? [paragraph(md`where $t_(i k)$ is 1 for the true digit and 0 elsewhere.`)]
      : [
          paragraph(md`The targets $t_(i k)$ are smoothed: the true digit's is $1 - epsilon + epsilon \/ 10$, the others' are
            $epsilon \/ 10$, with $epsilon = ${labelSmoothing}$. A network that is never asked for certainty keeps its weights
            small and errs less on new digits; its loss cannot fall below ${entropy(labelSmoothing).toFixed(3)}, the entropy of
            the targets.`),
        ];
  return section(
    "The loss",
    paragraph("Softmax makes probabilities of the logits, and the loss is their mean cross entropy with the targets:"),
    formula(
      "p_(i k) = e^(z_(i k)) / (sum_j e^(z_(i j))), quad quad L = - 1 / B sum_(i=1)^B sum_k t_(i k) ln p_(i k) .",
      "loss",
    ),
    ...targets,
    paragraph(
      "The loss is one kernel, which subtracts the largest logit of a row first and is exact for logits of any size.",
    ),
  );
}

/** −Σ t ln t of the smoothed targets of ten classes. */
function entropy(smoothing: number): number {
  const [right, wrong] = [1 - smoothing + smoothing / 10, smoothing / 10];
  return -right * Math.log(right) - 9 * wrong * Math.log(wrong);
}

function gradients(): Section {
  return section(
    "Back-propagation",
    paragraph(md`The gradients are written out by hand. With the targets as a matrix $bold(T)$, the last layer has`),
    formula("(partial L) / (partial bold(Z)_n) = 1 / B (bold(P) - bold(T)) ,", "last"),
    paragraph(md`and from there, layer by layer down to the first,`),
    formula(
      "(partial L) / (partial bold(W)_l) = bold(A)_(l-1)^top (partial L) / (partial bold(Z)_l), quad quad " +
        "(partial L) / (partial bold(b)_l) = sum_(i=1)^B ((partial L) / (partial bold(Z)_l))_i ,",
      "weights",
    ),
    formula(
      "(partial L) / (partial bold(Z)_(l-1)) = ((partial L) / (partial bold(Z)_l) bold(W)_l^top) " +
        "compose f'(bold(Z)_(l-1)) ,",
      "inputs",
    ),
    paragraph(md`where $compose$ multiplies element by element. The program's tests compare every one of these gradients with
      central differences of a reference in 64-bit arithmetic, and with automatic differentiation.`),
  );
}

function steps({ schedule, lr }: Settings): Section {
  const rate = {
    cosine: "eta_t = eta / 2 (1 + cos (pi t) / T)",
    linear: "eta_t = eta (1 - t / T)",
    constant: "eta_t = eta",
  }[schedule];
  return section(
    "The steps",
    paragraph(md`Gradient descent with momentum $mu$ and, for weights but not for biases, a decay $lambda$; step $t$ of $T$
      updates each array $bold(W)$ by`),
    formula(
      `bold(V) arrow.l mu bold(V) + (partial L) / (partial bold(W)) + lambda bold(W), quad quad ` +
        `bold(W) arrow.l bold(W) - eta_t bold(V), quad quad ${rate} ,`,
      "step",
    ),
    paragraph(md`beginning with $eta = ${lr}$ and $bold(V) = 0$. Each epoch takes the images in a new random order.`),
  );
}
