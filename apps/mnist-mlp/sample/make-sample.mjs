// Cuts the sample out of the four published IDX files: node make-sample.mjs FOLDER_WITH_MNIST
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { constants, gunzipSync, gzipSync } from "node:zlib";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("usage: node make-sample.mjs FOLDER, where train-images-idx3-ubyte.gz lies");

const counts = { train: 10_000, t10k: 2_000 };
for (const [part, count] of Object.entries(counts)) {
  for (const [kind, itemSize] of [
    ["images-idx3", 28 * 28],
    ["labels-idx1", 1],
  ]) {
    const name = `${part}-${kind}-ubyte.gz`;
    const whole = gunzipSync(readFileSync(join(folder, name)));
    const headerSize = 4 + 4 * whole[3];
    const first = Buffer.from(whole.subarray(0, headerSize + count * itemSize));
    first.writeUInt32BE(count, 4);
    const options = { level: 9, memLevel: 9, strategy: constants.Z_DEFAULT_STRATEGY };
    writeFileSync(new URL(name, import.meta.url), gzipSync(first, options));
  }
}
