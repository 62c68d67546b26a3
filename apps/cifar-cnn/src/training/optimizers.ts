// What steps the parameters of a recipe: Muon for filters where it is chosen, SGD for the others, Lookahead over all.
import type { Tensor } from "lanewise";
import { BatchNorm2d, Conv2d, type Module, type Sequential } from "lanewise/nn";
import { Lookahead, Muon, piecewiseLinear, SGD } from "lanewise/optim";
import { type Parts, type StepPlace, scaleRates } from "lanewise/train";
import type { Settings } from "../settings.ts";

/** What lookahead keeps of the slow copy at the run's end, over the five steps between two averages: 0.95^5. */
const KEPT_AT_THE_END = 0.95 * 0.95 * 0.95 * 0.95 * 0.95;

/** Of the SGD that steps biases and the last layer beside Muon. */
const SMALL_MOMENTUM = 0.85;

export interface Optimizers {
  zeroGrad(): void;
  /** Before a step: rates, and whether the first layer's bias still trains. */
  prepare(place: StepPlace): void;
  step(place: StepPlace): void;
  /** After the last step: the slow weights are taken over whole. */
  finish(): void;
  /** What a checkpoint must hold of them. */
  readonly parts: Parts;
}

export function optimizersFor(model: Sequential<readonly Module[]>, settings: Settings): Optimizers {
  const { optimizer, lr, momentum, biasLr, headLr, schedule, whiteningBiasEpochs } = settings;
  const { filters, biases, head, whiteningBias } = sorted(model, settings);
  const muon = optimizer === "muon";
  const small = new SGD(
    [...(muon ? [] : [group(filters, lr, settings)]), group(biases, biasLr, settings), group(head, headLr, settings)],
    { lr, momentum: muon ? SMALL_MOMENTUM : momentum, nesterov: settings.network === "whitened" },
  );
  const large = muon
    ? new Muon(filters, { lr, momentum, nsSteps: 3, weightDecay: 0, adjustLrFn: "none", normalizeParameters: true })
    : undefined;
  const slow = settings.lookahead ? new Lookahead(averaged(model), { every: 5 }) : undefined;
  const factor = piecewiseLinear(schedule);
  const schedules = [small, ...(large ? [large] : [])].map((each) => scaleRates(each, factor));
  return {
    zeroGrad() {
      small.zeroGrad();
      large?.zeroGrad();
    },
    prepare(place) {
      for (const set of schedules) set(place);
      if (whiteningBias !== undefined) whiteningBias.requiresGrad = place.epoch <= whiteningBiasEpochs;
    },
    step({ step, steps }) {
      small.step();
      large?.step();
      // Products alone: engines may round powers differently.
      const done = (step + 1) / steps;
      slow?.step(KEPT_AT_THE_END * done * done * done);
    },
    finish() {
      slow?.finish();
      // It counts among what was trained, whatever its last epochs did with it.
      if (whiteningBias !== undefined) whiteningBias.requiresGrad = whiteningBiasEpochs > 0;
    },
    parts: { small, ...(large && { large }), ...(slow && { slow }) },
  };
}

/** PyTorch's coupled decay; its rate makes the pull `decay` an image, whatever the learning rate is. */
function group(parameters: readonly Tensor[], lr: number, { decay, batchSize }: Settings) {
  return { parameters, settings: { lr, weightDecay: (decay * batchSize) / lr } };
}

interface Sorted {
  readonly filters: readonly Tensor[];
  readonly biases: readonly Tensor[];
  readonly head: readonly Tensor[];
  /** The bias of the fixed first layer. */
  readonly whiteningBias: Tensor | undefined;
}

function sorted(model: Sequential<readonly Module[]>, { network }: Settings): Sorted {
  const trained = model.parameters().filter(({ requiresGrad }) => requiresGrad);
  const filters = trained.filter(({ shape }) => shape.length === 4);
  const biases = trained.filter(({ shape }) => shape.length === 1);
  const head = trained.filter(({ shape }) => shape.length === 2);
  const first = model.layers[0];
  const whitening = network === "whitened" && first instanceof Conv2d ? first.bias : null;
  return { filters, biases, head, whiteningBias: (whitening as Tensor | null) ?? undefined };
}

/** All that changes: parameters, and the running statistics of the norms. */
function averaged(model: Sequential<readonly Module[]>): Tensor[] {
  const statistics = model.layers.flatMap((layer) =>
    layer instanceof BatchNorm2d ? [layer.runningMean, layer.runningVariance] : [],
  );
  const trained = model.parameters().filter(({ requiresGrad }) => requiresGrad);
  return [...trained, ...(statistics as (Tensor | null)[]).filter((tensor) => tensor !== null)];
}
