// Made test-images.png: the first two of each class in the sample of CIFAR-10's test set, in five columns, class by class.
// Run in this folder: node make-sample.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { crc32, deflateSync, gunzipSync } from "node:zlib";

const side = 32;
const columns = 5;
const each = 2;
const record = 1 + 3 * side * side;

const bytes = gunzipSync(readFileSync(new URL("../../cifar-cnn/sample/test_sample.bin.gz", import.meta.url)));
const chosen = Array.from({ length: 10 }, () => []);
for (let at = 0; at < bytes.length; at += record) {
  const images = chosen[bytes[at]];
  if (images.length < each) images.push(bytes.subarray(at + 1, at + record));
}
const images = chosen.flat();
const [width, height] = [columns * side, Math.ceil(images.length / columns) * side];

// Rows of a PNG begin with the number of their filter: none.
const rows = Buffer.alloc(height * (1 + 3 * width));
for (const [index, planes] of images.entries()) {
  const [left, top] = [(index % columns) * side, Math.floor(index / columns) * side];
  for (let pixel = 0; pixel < side * side; pixel++) {
    const [x, y] = [left + (pixel % side), top + Math.floor(pixel / side)];
    for (let channel = 0; channel < 3; channel++) {
      rows[y * (1 + 3 * width) + 1 + 3 * x + channel] = planes[channel * side * side + pixel];
    }
  }
}

function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

const header = Buffer.alloc(13);
header.writeUInt32BE(width, 0);
header.writeUInt32BE(height, 4);
header.set([8, 2, 0, 0, 0], 8); // eight bits, red green blue, nothing special
const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const parts = [chunk("IHDR", header), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))];
writeFileSync(new URL("test-images.png", import.meta.url), Buffer.concat([signature, ...parts]));
