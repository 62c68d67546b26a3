// Finding and downloading CIFAR-10: real folders, real archives, and real servers on 127.0.0.1.
import { createHash } from "node:crypto";
import { access, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { init, scope } from "@lanewise/tensor";
import { packTar } from "modern-tar";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { FetchProgress } from "../find/fetch.ts";
import { type Mirror, serve, startMirror } from "../find/server.fixture.ts";
import { DataLoader } from "../loader.ts";
import { platform } from "../platform/node.ts";
import { type Cifar10Options, findCifar } from "./cifar10.ts";
import { CIFAR10, CLASS_NAMES, RECORD_BYTES } from "./files.ts";
import type { FoundCifar } from "./read.ts";
import { type TinyCifar, tinyCifar } from "./tiny.fixture.ts";

const ARCHIVE = "cifar-10-binary.tar.gz";
let folder: string;
let mirror: Mirror | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lanewise-cifar-"));
  vi.stubEnv("LANEWISE_CACHE", join(folder, "cache"));
  vi.stubEnv("LANEWISE_DATA", "");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await mirror?.close();
  await rm(folder, { recursive: true });
});

const cacheFolder = (): string => join(folder, "cache", "data", "cifar10");
const find = (tiny: TinyCifar, options: Cifar10Options = {}): Promise<FoundCifar> =>
  findCifar(options, { platform, catalog: tiny.catalog });
const errorOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => expect.unreachable("it was expected to fail"),
    (error: Error) => error.message,
  );

async function writeFiles(where: string, files: Iterable<[string, Uint8Array]>): Promise<void> {
  await mkdir(where, { recursive: true });
  for (const [name, bytes] of files) await writeFile(join(where, name), bytes);
}

/** A tiny data set that a good server publishes. */
async function published(extra: Parameters<typeof packTar>[0] = []): Promise<TinyCifar> {
  const tiny = await tinyCifar([], extra);
  mirror = await startMirror(serve(new Map([[ARCHIVE, tiny.archive]])));
  tiny.catalog.mirrors = [mirror.address];
  return tiny;
}

test("downloads the archive once, with progress, and keeps its six files; the second time they are in the cache", async () => {
  const tiny = await published();
  const progress: FetchProgress[] = [];
  const { train, test: held } = await find(tiny, { onProgress: (step) => progress.push(step) });
  expect([train.length, held.length]).toEqual([10, 2]);
  expect([train.shape, train.dtype, train.isSample]).toEqual([[32, 32, 3], "u8", false]);
  expect(train.source).toBe(`CIFAR-10 training set, from ${cacheFolder()}`);
  expect(train.labels).toEqual(Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
  expect(train.classNames).toEqual(CLASS_NAMES);
  expect(progress.at(-1)).toMatchObject({ file: ARCHIVE, fileIndex: 0, fileCount: 1, received: tiny.archive.length });
  expect((await readdir(cacheFolder())).sort()).toEqual([...tiny.files.keys()].sort());
  await find(tiny);
  await find(tiny, { download: false });
  expect(mirror?.asked).toEqual([ARCHIVE]);
});

test("images have their channels innermost, and the hash is that of the images and labels", async () => {
  const tiny = await tinyCifar([]);
  await writeFiles(join(folder, "cifar10"), tiny.files);
  const { train } = await find(tiny, { path: folder });
  const file = tiny.files.get("data_batch_2.bin")!; // records 2 and 3
  for (const [row, column, channel] of [
    [0, 0, 0],
    [0, 1, 2],
    [31, 31, 1],
    [17, 5, 2],
  ] as const) {
    const inFile = file[RECORD_BYTES + 1 + channel * 1024 + row * 32 + column];
    expect(train.raw[((3 * 32 + row) * 32 + column) * 3 + channel]).toBe(inFile);
  }
  const hash = createHash("sha256").update(train.raw).update(new Uint8Array(train.labels.slice().buffer));
  expect(train.sha256).toBe(hash.digest("hex"));
});

test("a batch is bytes, and only the batch is in the kernels' memory", async () => {
  const tiny = await tinyCifar([]);
  await init();
  await writeFiles(folder, tiny.files);
  const { train } = await find(tiny, { path: folder });
  scope(() => {
    const { x, y } = train.batch(Int32Array.of(7, 0));
    expect([x.dtype, x.shape, y.data()]).toEqual(["u8", [2, 32, 32, 3], Int32Array.of(7, 0)]);
    expect(x.data().subarray(3072)).toEqual(train.raw.subarray(0, 3072));
  });
  let seen = 0;
  for (const { x, indices } of new DataLoader(train, { batchSize: 4, shuffle: true, seed: 1, dropLast: true })) {
    const last = indices[3]!;
    expect(x.data().subarray(3 * 3072)).toEqual(train.raw.subarray(last * 3072, (last + 1) * 3072));
    seen += x.shape[0];
  }
  expect(seen).toBe(8);
  expect(() => train.batch(Int32Array.of(10))).toThrow("index 10 is not one of the 10 examples");
  expect(train.take([3, 1]).dtype).toBe("u8");
});

test("a shuffled copy is the same data set, and has another hash; a copy with one pixel changed is not", async () => {
  const tiny = await tinyCifar([]);
  const [a, b] = [tiny.files.get("data_batch_1.bin")!, tiny.files.get("data_batch_5.bin")!];
  const swapped = new Map(tiny.files).set("data_batch_1.bin", b).set("data_batch_5.bin", a);
  await writeFiles(join(folder, "shuffled"), swapped);
  await writeFiles(join(folder, "whole"), tiny.files);
  const shuffled = await find(tiny, { path: join(folder, "shuffled") });
  const whole = await find(tiny, { path: join(folder, "whole") });
  expect(shuffled.train.source).toMatch(/^CIFAR-10 training set, from .*shuffled/);
  expect(shuffled.train.sha256).not.toBe(whole.train.sha256);
  expect(shuffled.test.sha256).toBe(whole.test.sha256);
  const changed = a.slice();
  changed[100]! ^= 1;
  await writeFile(join(folder, "shuffled", "data_batch_5.bin"), changed);
  const other = await find(tiny, { path: join(folder, "shuffled") });
  expect(other.train.source).toMatch(/^10 images laid out as CIFAR-10 \(not the published CIFAR-10/);
});

test("a download that broke off is resumed where it stopped, by the next call", async () => {
  const tiny = await tinyCifar([]);
  let breakOff = true;
  mirror = await startMirror((name, request, response) => {
    if (!breakOff) return serve(new Map([[ARCHIVE, tiny.archive]]))(name, request, response);
    response.writeHead(200, { "content-length": tiny.archive.length });
    response.write(tiny.archive.subarray(0, 100), () => response.destroy());
  });
  tiny.catalog.mirrors = [mirror.address];
  expect(await errorOf(find(tiny))).toContain(`${mirror.address}${ARCHIVE}: `);
  expect((await readdir(cacheFolder()))[0]).toMatch(/^cifar-10-binary\.tar\.gz\.127\.0\.0\.1-\d+\.part$/);
  breakOff = false;
  expect((await find(tiny)).train.length).toBe(10);
  expect(mirror.asked).toEqual([ARCHIVE, `${ARCHIVE} bytes=100-`]);
  expect((await readdir(cacheFolder())).sort()).toEqual([...tiny.files.keys()].sort());
});

test("an archive of another hash is refused before it is unpacked", async () => {
  const tiny = await published();
  tiny.catalog.archive.sha256 = "0".repeat(64);
  expect(await errorOf(find(tiny))).toContain("its content has SHA-256");
  expect(await readdir(cacheFolder())).toEqual([]);
});

test.each([
  ["a path upwards", { name: "../../evil.bin", size: 1 }, "leads out of the folder"],
  ["an absolute path", { name: "/tmp/evil.bin", size: 1 }, "leads out of the folder"],
  ["a Windows path", { name: "..\\evil.bin", size: 1 }, "leads out of the folder"],
  ["a link", { name: "data_batch_1.bin", size: 0, type: "symlink" as const, linkname: "/etc/passwd" }, "is a symlink"],
])("an archive with %s is refused", async (_, header, message) => {
  const tiny = await published([header.size === 1 ? { header, body: "x" } : { header }]);
  expect(await errorOf(find(tiny))).toContain(message);
  await expect(access(join(folder, "evil.bin"))).rejects.toThrow();
});

test("an archive that lacks a file, or is cut off, says so", async () => {
  const some = new Uint8Array(gzipSync(await packTar([{ header: { name: "test_batch.bin", size: 3 }, body: "abc" }])));
  const tiny = await published();
  for (const [archive, message] of [
    [some, "cifar-10-binary.tar.gz lacks data_batch_1.bin, data_batch_2.bin"],
    [tiny.archive.subarray(0, tiny.archive.length >> 1), "cifar-10-binary.tar.gz can't be unzipped"],
  ] as const) {
    await mirror?.close();
    mirror = await startMirror(serve(new Map([[ARCHIVE, archive]])));
    tiny.catalog.mirrors = [mirror.address];
    tiny.catalog.archive.sha256 = createHash("sha256").update(archive).digest("hex");
    expect(await errorOf(find(tiny))).toContain(message);
    await rm(cacheFolder(), { recursive: true });
  }
});

test("LANEWISE_DATA comes before the cache; zipped files and the archive's own folder name are understood", async () => {
  const tiny = await tinyCifar([]);
  const zipped = [...tiny.files].map(([name, bytes]): [string, Uint8Array] => [`${name}.gz`, gzipSync(bytes)]);
  await writeFiles(join(folder, "data", "cifar-10-batches-bin"), zipped);
  vi.stubEnv("LANEWISE_DATA", join(folder, "data"));
  expect((await find(tiny)).train.source).toBe(
    `CIFAR-10 training set, from ${join(folder, "data", "cifar-10-batches-bin")}`,
  );
  await expect(access(cacheFolder())).rejects.toThrow();
});

test("damage is not passed over: missing files, lengths, labels, the other versions, a changed cache", async () => {
  const tiny = await tinyCifar([]);
  const path = join(folder, "some");
  await writeFiles(path, [...tiny.files].slice(0, 5));
  expect(await errorOf(find(tiny, { path }))).toContain("has only a part of CIFAR-10; missing: test_batch.bin");
  for (const [bytes, message] of [
    [new Uint8Array(RECORD_BYTES - 1), "3072 bytes are no whole number of records of 3073"],
    [new Uint8Array(0), "0 bytes are no whole number of records of 3073"],
    [new Uint8Array(3 * RECORD_BYTES).fill(10), "label 10 of record 0 is none of 0 to 9"],
    [Uint8Array.of(0x80, 2, 0x7d), "it looks like the Python version: take the binary version"],
    [new Uint8Array(2 * 3074), "it looks like CIFAR-100, which has two labels a record"],
  ] as const) {
    await writeFile(join(path, "test_batch.bin"), bytes);
    const error = await errorOf(find(tiny, { path }));
    expect(error).toContain(`${path}: test_batch.bin is no binary file of CIFAR-10: `);
    expect(error).toContain(message);
  }
  expect(await errorOf(find(tiny, { path: join(folder, "nowhere") }))).toContain("no binary files of CIFAR-10 in");
  await writeFiles(cacheFolder(), new Map(tiny.files).set("test_batch.bin", new Uint8Array(RECORD_BYTES)));
  expect(await errorOf(find(tiny))).toContain(
    `the test files in ${cacheFolder()} are not the published CIFAR-10 any more; delete that folder`,
  );
});

test("without a network the sample stands in, and says so; it is the one that is published with the app", async () => {
  const catalog = { ...CIFAR10, mirrors: ["http://127.0.0.1:1/"] };
  const sample = new URL("../../../../apps/cifar-cnn/sample/", import.meta.url);
  const tried: string[] = [];
  const options = { sample, onSample: (reasons: readonly string[]) => tried.push(...reasons) };
  const { train, test: held } = await findCifar(options, { platform, catalog });
  expect(tried.join()).toMatch(/^LANEWISE_DATA is not set,no files in the cache .*,http:\/\/127\.0\.0\.1:1\/cifar/);
  expect([train.length, held.length, train.isSample, held.isSample]).toEqual([1000, 200, true, true]);
  expect(train.source).toMatch(
    /^SAMPLE of CIFAR-10 \(1,000 of its training images only\), from .*sample.*, since the whole was not to be had/,
  );
  for (const [dataset, each] of [
    [train, 100],
    [held, 20],
  ] as const) {
    const counts = new Array(10).fill(0);
    for (const label of dataset.labels) counts[label]++;
    expect(counts).toEqual(new Array(10).fill(each));
  }
  const error = await errorOf(findCifar({ sample: folder }, { platform, catalog }));
  expect(error).toContain(`sample: no CIFAR-10 files in ${folder}`);
  expect(error).toContain("Put its six binary files");
});
