// MNIST for this program: where it is looked for, and the sample that stands in at last.
import { downloadShown } from "@lanewise/terminal";
import { type Dataset, mnist } from "lanewise/data";

export interface DigitsPair {
  readonly train: Dataset<readonly [number]>;
  readonly test: Dataset<readonly [number]>;
}

const SAMPLE = new URL("../sample/", import.meta.url);

export async function loadDigits(given: {
  readonly data?: string | undefined;
  readonly format?: "idx" | "csv" | undefined;
}): Promise<DigitsPair> {
  return mnist({
    path: given.data,
    format: given.format,
    sample: SAMPLE,
    onProgress: downloadShown("MNIST"),
    onSample: (tried) => console.log(`The whole MNIST was not to be had:\n  ${tried.join("\n  ")}`),
  });
}
