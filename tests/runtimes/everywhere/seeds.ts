// Everything that a seed decides: numbers, initial weights, splits, orders of batches, augmentation. Equal in both binaries.
import { Augment, DataLoader, Dataset } from "@lanewise/data";
import { Conv2d, kaimingNormal, Linear, xavierNormal } from "@lanewise/nn";
import { Generator, manualSeed, rand, randn, scope, type Tensor } from "@lanewise/tensor";
import { type Found, joined } from "./found.ts";

/** The known answer of Philox4x32-10 for key 0 and counter 0, from its authors' kat_vectors. */
const PHILOX = [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8];

const COUNT = 60;
const pictures = () =>
  new Dataset({
    shape: [8, 8, 3] as const,
    dtype: "u8",
    raw: Uint8Array.from({ length: COUNT * 8 * 8 * 3 }, (_, at) => (at * 31) % 251),
    labels: Int32Array.from({ length: COUNT }, (_, at) => at % 5),
    source: "a pattern",
    sha256: "",
  });

/** What seed `seed` gives. */
function drawn(seed: number): Record<string, Float32Array<ArrayBuffer>> {
  return scope(() => {
    const generator = new Generator(seed);
    const values = (tensors: readonly unknown[]) =>
      joined(tensors.map((each) => (each as Tensor).data() as Float32Array));
    const dataset = pictures();
    const loader = new DataLoader(dataset, { batchSize: 7, shuffle: true, seed });
    const { train, validation } = dataset.split({ validation: 0.25, seed, stratify: true });
    const augment = new Augment({ flip: "random", translate: { pixels: 2 }, cutout: { size: 3 }, seed, divisor: 1 });
    const indices = Int32Array.from({ length: 20 }, (_, at) => 3 * at);
    const { x } = dataset.batch(indices);
    manualSeed(seed);
    return {
      // More than one thread's share, and no multiple of four.
      numbers: values([generator.uniform([100_003]), generator.normal([100_003]), generator.stream(9).normal([5])]),
      permutation: joined([generator.permutation(5003)]),
      weights: values([
        ...new Linear(50, 30).parameters(),
        ...new Conv2d(3, 8, 3).parameters(),
        kaimingNormal([9, 9], 9),
        xavierNormal([9, 9], 9, 9),
        randn([33]),
        rand([33]),
      ]),
      batches: joined([loader.order(0), loader.order(1)]),
      split: joined([train.labels, validation.labels]),
      // Whole numbers, moved about: no arithmetic that a binary could round in its own way.
      augmented: values([augment.train(x as never, indices, 3)]),
    };
  });
}

export function drawFromSeeds(): Found {
  const failures: string[] = [];
  const first = scope(() => new Generator(0).uniform([4]).data());
  const expected = PHILOX.map((bits) => (bits >>> 8) / 2 ** 24);
  if (expected.some((value, at) => value !== first[at]))
    failures.push(`Philox of key 0 and counter 0: ${[...first]} came, expected ${expected}`);
  const [parts, again, other] = [drawn(1), drawn(1), drawn(2)];
  for (const [name, part] of Object.entries(parts)) {
    const differs = (values: Float32Array) => part.some((value, at) => value !== values[at]);
    if (differs(again[name]!)) failures.push(`${name}: seed 1 gives other numbers the second time`);
    if (!differs(other[name]!)) failures.push(`${name}: seed 2 gives the numbers of seed 1`);
  }
  return { parts, failures };
}
