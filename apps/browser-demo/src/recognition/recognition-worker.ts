// The worker that recognizes: it loads a network when it is first asked for, and answers one image at a time.
import { type KnownModel, openModel } from "@lanewise/models";
import { init, noGrad, scope, softmax, type Tensor, tensor } from "lanewise";
import { Augment, inputWarning, type PhotoInput, type PixelImage, prepareDigit, preparePhoto } from "lanewise/data";
import type { NetworkName, Order, Outcome, Reply } from "./messages.ts";

const addresses: { readonly [N in NetworkName]: URL } = {
  digits: new URL("../../../mnist-mlp/results/small-seed-1.pt", import.meta.url),
  photos: new URL("../../../cifar-cnn/results/fast-seed-1.pt", import.meta.url),
};

/** Runs before the first answer: engines compile a function better once it is used. */
const WARM_RUNS = 3;

const networks = new Map<NetworkName, Promise<KnownModel>>();

function network(name: NetworkName): Promise<KnownModel> {
  const known = networks.get(name) ?? load(name);
  networks.set(name, known);
  // What failed, for want of a connection perhaps, is tried again when it is next asked for.
  known.catch(() => networks.delete(name));
  return known;
}

async function load(name: NetworkName): Promise<KnownModel> {
  // One image is too little work for several threads; a training in another worker has them.
  const [bytes] = await Promise.all([download(addresses[name]), init({ threads: 1 })]);
  const known = openModel(bytes, `the network of ${name}`);
  const { input } = known.card;
  const size = input.side * input.side;
  for (let run = 0; run < WARM_RUNS; run++) {
    chancesOf(known, input.kind === "digit" ? new Float32Array(size) : new Uint8Array(3 * size));
  }
  return known;
}

async function download(address: URL): Promise<Uint8Array> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address.pathname} answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

function recognize(known: KnownModel, image: PixelImage): Outcome {
  const start = performance.now();
  const seen = prepare(known, image);
  if (seen === null) return { kind: "nothing drawn" };
  const prepared = performance.now();
  const chances = chancesOf(known, seen);
  const milliseconds = performance.now() - prepared;
  const preparation = prepared - start;
  return { kind: "recognized", chances, seen, preparation, milliseconds, warning: inputWarning(seen) };
}

function prepare({ card: { input } }: KnownModel, image: PixelImage): Float32Array | Uint8Array | null {
  if (input.kind === "photo") return preparePhoto(image, input);
  const prepared = prepareDigit(image, input);
  return prepared.kind === "digit" ? prepared.pixels : null;
}

function chancesOf({ model, card: { input } }: KnownModel, seen: Float32Array | Uint8Array): Float32Array {
  return scope(() =>
    noGrad(() => {
      const x = seen instanceof Uint8Array ? normalized(seen, input as PhotoInput) : rows(seen);
      return softmax(model.forward(x) as Tensor).data();
    }),
  );
}

const rows = (ink: Float32Array): Tensor => tensor(ink).reshape([1, ink.length]) as unknown as Tensor;

/** By the kernel that training's images go through. */
function normalized(bytes: Uint8Array, { side, mean, std }: PhotoInput): Tensor {
  const images = tensor(bytes, { dtype: "u8" }).reshape([1, side, side, 3] as const);
  return new Augment({ divisor: 255, mean, std }).plain(images) as unknown as Tensor;
}

async function answer({ network: name, image }: Order): Promise<Outcome> {
  const known = await network(name);
  if (image !== null) return recognize(known, image);
  return { kind: "ready", classes: known.card.classes, about: known.card.about };
}

self.onmessage = async ({ data: order }: MessageEvent<Order>) => {
  const { id } = order;
  const reply = await answer(order).then(
    (outcome): Reply => ({ id, outcome }),
    (error): Reply => ({ id, error: error instanceof Error ? error.message : String(error) }),
  );
  self.postMessage(reply);
};
