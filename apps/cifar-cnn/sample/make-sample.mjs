// Cuts the sample out of CIFAR-10's binary files: node make-sample.mjs FOLDER_WITH_CIFAR10
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("usage: node make-sample.mjs FOLDER, where data_batch_1.bin lies");

const RECORD_BYTES = 3073; // the label, then 32 x 32 pixels of red, of green, of blue

for (const [source, name, perClass] of [
  ["data_batch_1.bin", "train_sample.bin", 100],
  ["test_batch.bin", "test_sample.bin", 20],
]) {
  const whole = readFileSync(join(folder, source));
  const taken = new Array(10).fill(0);
  const records = [];
  for (let at = 0; at < whole.length; at += RECORD_BYTES) {
    if (taken[whole[at]]++ < perClass) records.push(whole.subarray(at, at + RECORD_BYTES));
  }
  writeFileSync(new URL(`${name}.gz`, import.meta.url), gzipSync(Buffer.concat(records), { level: 9, memLevel: 9 }));
}
