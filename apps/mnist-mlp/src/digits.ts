// MNIST for this program: where it is looked for, and the sample that stands in at last.
import { type Dataset, type FetchProgress, mnist } from "lanewise/data";

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
    onProgress: downloadShown(process.stderr),
    onSample: (tried) => console.log(`The whole MNIST was not to be had:\n  ${tried.join("\n  ")}`),
  });
}

/** A line a file, said once it is done; at a terminal it counts as the bytes come. */
function downloadShown(stream: NodeJS.WriteStream): (progress: FetchProgress) => void {
  let last = "";
  return ({ file, fileIndex, fileCount, received, total }) => {
    const done = total !== undefined && received >= total;
    const share = total === undefined ? megabytes(received) : `${Math.floor((100 * received) / total)} %`;
    const line = `Downloading MNIST, file ${fileIndex + 1} of ${fileCount}: ${file}  ${share}`;
    if (line === last || !(stream.isTTY || done)) return;
    last = line;
    stream.write(stream.isTTY ? `\r\u001b[2K${line}${done ? "\n" : ""}` : `${line}\n`);
  };
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
