// What a training in the page can be told: the fields of its form, and how their text becomes settings or words.

export const NETWORKS = ["mlp", "cnn"] as const;
export type NetworkKind = (typeof NETWORKS)[number];
export const OPTIMIZERS = ["sgd", "adam", "adamw"] as const;
export type OptimizerKind = (typeof OPTIMIZERS)[number];

export interface TrainingSettings {
  readonly network: NetworkKind;
  /** An MLP's hidden layers, or the channels of a CNN's two convolutions. */
  readonly widths: readonly number[];
  readonly optimizer: OptimizerKind;
  readonly lr: number;
  /** SGD's. */
  readonly momentum: number;
  readonly batchSize: number;
  readonly epochs: number;
  readonly seed: number;
}

/** Images of the sample that are trained on; the others of its 10,000 training images are held out. */
export const TRAINING_IMAGES = 9000;
export const HELD_OUT_IMAGES = 1000;

/** What stands in a field before anybody wrote into it. */
export const DEFAULT_RATES: { readonly [O in OptimizerKind]: string } = { sgd: "0.05", adam: "0.001", adamw: "0.001" };

/** The form as text, field by field. */
export interface FormText {
  network: string;
  hidden: string;
  channels: string;
  optimizer: string;
  lr: string;
  momentum: string;
  batchSize: string;
  epochs: string;
  seed: string;
}
export type FieldName = keyof FormText;

export const DEFAULT_TEXT: FormText = {
  network: "mlp",
  hidden: "256, 128",
  channels: "16, 32",
  optimizer: "sgd",
  lr: DEFAULT_RATES.sgd,
  momentum: "0.9",
  batchSize: "64",
  epochs: "10",
  seed: "1",
};

export interface TextField {
  readonly label: string;
  /** What may stand there, shown below it. */
  readonly hint: string;
  readonly keyboard: "decimal" | "numeric" | "text";
  /** What the text says; throws what is wrong with it, in words. */
  read(text: string): number | readonly number[];
}

export const FIELDS: { readonly [F in Exclude<FieldName, "network" | "optimizer">]: TextField } = {
  hidden: {
    label: "Hidden layers",
    hint: "Up to four sizes from 1 to 1024, with commas between; empty for none",
    keyboard: "text",
    read: (text) => (text.trim() === "" ? [] : list(text, { most: 4, largest: 1024, example: "256, 128" })),
  },
  channels: {
    label: "Channels of the two convolutions",
    hint: "Two numbers from 1 to 64, with a comma between",
    keyboard: "text",
    read(text) {
      const channels = list(text, { most: 2, largest: 64, example: "16, 32" });
      if (channels.length === 2) return channels;
      throw new RangeError(`One number came: ${text.trim()}. Give one for each convolution, such as 16, 32.`);
    },
  },
  lr: {
    label: "Learning rate",
    hint: "Above 0, up to 10",
    keyboard: "decimal",
    read(text) {
      const value = number(text, "0.05");
      if (value > 0 && value <= 10) return value;
      throw new RangeError(`${text.trim()} came. Give a number above 0, and 10 at most.`);
    },
  },
  momentum: {
    label: "Momentum",
    hint: "From 0 to 0.999",
    keyboard: "decimal",
    read(text) {
      const value = number(text, "0.9");
      if (value >= 0 && value <= 0.999) return value;
      throw new RangeError(`${text.trim()} came. Give a number from 0 to 0.999.`);
    },
  },
  batchSize: {
    label: "Batch size",
    hint: "Images a step: 1 to 1000",
    keyboard: "numeric",
    read: (text) => whole(text, 1, 1000),
  },
  epochs: {
    label: "Epochs",
    hint: `Passes over the ${TRAINING_IMAGES.toLocaleString("en")} images: 1 to 100`,
    keyboard: "numeric",
    read: (text) => whole(text, 1, 100),
  },
  seed: {
    label: "Seed",
    hint: "Of first weights and orders: 0 to 999999",
    keyboard: "numeric",
    read: (text) => whole(text, 0, 999_999),
  },
};
export type TextFieldName = keyof typeof FIELDS;

/** The fields that count with these choices. */
export function fieldsOf({ network, optimizer }: Pick<FormText, "network" | "optimizer">): readonly TextFieldName[] {
  const own = network === "cnn" ? ("channels" as const) : ("hidden" as const);
  const momentum = optimizer === "sgd" ? (["momentum"] as const) : [];
  return [own, "lr", ...momentum, "batchSize", "epochs", "seed"];
}

export type Problems = ReadonlyMap<FieldName, string>;

/** The settings, or what is wrong with each field that counts. */
export function readSettings(text: FormText): { settings: TrainingSettings } | { problems: Problems } {
  const problems = new Map<FieldName, string>();
  const values = new Map<TextFieldName, number | readonly number[]>();
  for (const name of fieldsOf(text)) {
    try {
      values.set(name, FIELDS[name].read(text[name]));
    } catch (error) {
      problems.set(name, (error as Error).message);
    }
  }
  const network = NETWORKS.find((each) => each === text.network);
  const optimizer = OPTIMIZERS.find((each) => each === text.optimizer);
  if (network === undefined) problems.set("network", `'${text.network}' is no network that is known here.`);
  if (optimizer === undefined) problems.set("optimizer", `'${text.optimizer}' is no optimizer that is known here.`);
  if (problems.size > 0 || network === undefined || optimizer === undefined) return { problems };
  const one = (name: TextFieldName): number => values.get(name) as number;
  const widths = values.get(network === "cnn" ? "channels" : "hidden") as readonly number[];
  const momentum = optimizer === "sgd" ? one("momentum") : 0;
  const [lr, batchSize, epochs, seed] = [one("lr"), one("batchSize"), one("epochs"), one("seed")];
  return { settings: { network, widths, optimizer, lr, momentum, batchSize, epochs, seed } };
}

/** The form's text for settings that ran before; what they do not say stays as it is in `others`. */
export function textOf(settings: TrainingSettings, others: FormText = DEFAULT_TEXT): FormText {
  const { network, widths, optimizer, lr, momentum, batchSize, epochs, seed } = settings;
  return {
    network,
    hidden: network === "mlp" ? widths.join(", ") : others.hidden,
    channels: network === "cnn" ? widths.join(", ") : others.channels,
    optimizer,
    lr: String(lr),
    momentum: optimizer === "sgd" ? String(momentum) : others.momentum,
    batchSize: String(batchSize),
    epochs: String(epochs),
    seed: String(seed),
  };
}

/** "MLP 784–256–128–10" or "CNN of 16 and 32 channels". */
export function describeNetwork({ network, widths }: Pick<TrainingSettings, "network" | "widths">): string {
  return network === "cnn" ? `CNN of ${widths.join(" and ")} channels` : `MLP ${[784, ...widths, 10].join("–")}`;
}

/** Weights and biases that are trained. */
export function countParameters({ network, widths }: Pick<TrainingSettings, "network" | "widths">): number {
  if (network === "cnn") {
    const [first = 0, second = 0] = widths;
    return 9 * first + first + 9 * first * second + second + 49 * second * 10 + 10;
  }
  const sizes = [784, ...widths, 10];
  return sizes.slice(1).reduce((sum, size, layer) => sum + (sizes[layer]! + 1) * size, 0);
}

function number(text: string, example: string): number {
  const trimmed = text.trim();
  if (trimmed === "") throw new RangeError(`Nothing stands here. Give a number such as ${example}.`);
  // One comma alone is what a point is in many languages.
  const value = Number(/^[^,]*,[^,]*$/.test(trimmed) && !trimmed.includes(".") ? trimmed.replace(",", ".") : trimmed);
  if (Number.isFinite(value)) return value;
  throw new RangeError(`'${trimmed}' is no number. Give one such as ${example}.`);
}

function whole(text: string, least: number, most: number): number {
  const trimmed = text.trim();
  if (trimmed === "") throw new RangeError(`Nothing stands here. Give a whole number from ${least} to ${most}.`);
  const value = /^\d+$/.test(trimmed) ? Number(trimmed) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new RangeError(`'${trimmed}' came. Give a whole number from ${least} to ${most}.`);
}

function list(text: string, { most, largest, example }: { most: number; largest: number; example: string }): number[] {
  const parts = text.trim().split(/\s*[,;]\s*|\s+/);
  const bad = parts.find((part) => !(/^\d+$/.test(part) && Number(part) >= 1 && Number(part) <= largest));
  if (bad !== undefined) {
    throw new RangeError(`'${bad}' came. Give whole numbers from 1 to ${largest}, such as ${example}.`);
  }
  if (parts.length <= most) return parts.map(Number);
  throw new RangeError(`${parts.length} numbers came. Give ${most} at most, such as ${example}.`);
}
