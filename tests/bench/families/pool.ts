// The pool of threads in Node: what two threads, and all that the machine has, gain over one.
import type { Measurements, Subject } from "../measurements.ts";
import type { Ratio } from "../ratios.ts";
import { labelOf, lanewise } from "../roster.ts";
import type { Family, Scope } from "./family.ts";
import { gigaflops, product, productFault, twoAgainstOne } from "./matmul.ts";
import { lossFault, step } from "./mlp.ts";

const products = [256, 512, 1024].map(product);
const steps = [64, 512].map(step);
const subjects = [...products, ...steps];
const threadCounts = ({ cores }: Scope): number[] =>
  [...new Set([1, 2, cores])].filter((count) => count >= 1).sort((a, b) => a - b);
const isProduct = ({ measure }: Subject): boolean => measure === "matmul";

/** The operations of a step's seven products; the first layer needs no gradient of its input. */
const stepFlop = ({ batch }: Subject): number => 2 * Number(batch) * (2 * 784 * 256 + 3 * 256 * 128 + 3 * 128 * 10);

export const pool: Family = {
  name: "pool",
  title: "Threads: products of n x n matrices, and training steps of the MLP",
  unit: "GFLOP/s",
  seconds: 0.15,
  rounds: 10,
  wishes: (scope) =>
    subjects.flatMap((subject) => threadCounts(scope).map((threads) => ({ side: lanewise(threads), subject }))),
  column: (subject) => (isProduct(subject) ? `n = ${subject.size}` : `batch ${subject.batch}`),
  figure: (subject, seconds) => (isProduct(subject) ? gigaflops(subject, seconds) : stepFlop(subject) / seconds / 1e9),
  fault: (subject, value) => (isProduct(subject) ? productFault(subject, value) : lossFault(value)),
  known: () => undefined,
  ratios: (measurements, scope) => [
    ...products.map(({ size }) => twoAgainstOne(measurements, Number(size))),
    ...threadCounts(scope)
      .filter((threads) => threads > 1)
      .flatMap((threads) => (threads === 2 ? steps : subjects).map((subject) => told(measurements, threads, subject))),
  ],
};

function told(measurements: Measurements, threads: number, subject: Subject): Ratio {
  return {
    what: pool.column(subject),
    ours: labelOf(lanewise(threads)),
    theirs: labelOf(lanewise(1)),
    ratio: measurements.ratio(lanewise(threads), lanewise(1), subject),
  };
}
