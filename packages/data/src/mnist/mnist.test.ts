// Finding and downloading MNIST: real folders, and real servers on 127.0.0.1 that break off, stall and lie.
import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { FetchProgress } from "../find/fetch.ts";
import { type Answer, type Mirror, serve, startMirror } from "../find/server.fixture.ts";
import { platform } from "../platform/node.ts";

import { findMnist, type MnistOptions } from "./mnist.ts";
import type { MnistParts } from "./read.ts";
import { type TinyMnist, tinyMnist } from "./tiny.fixture.ts";

let folder: string;
const mirrors: Mirror[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lanewise-data-"));
  vi.stubEnv("LANEWISE_CACHE", join(folder, "cache"));
  vi.stubEnv("LANEWISE_DATA", "");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(mirrors.splice(0).map((mirror) => mirror.close()));
  await rm(folder, { recursive: true });
});

const images = "train-images-idx3-ubyte.gz";
const cacheFolder = (): string => join(folder, "cache", "data", "mnist");
const find = (tiny: TinyMnist, options: MnistOptions = {}): Promise<MnistParts> =>
  findMnist(options, { platform, catalog: tiny.catalog });

/** A data set and its mirrors: "good" answers well. */
async function publish(...answers: (Answer | "good")[]): Promise<{ tiny: TinyMnist; servers: Mirror[] }> {
  const files = tinyMnist([]).published;
  const servers = await Promise.all(answers.map((answer) => startMirror(answer === "good" ? serve(files) : answer)));
  mirrors.push(...servers);
  return { tiny: tinyMnist(servers.map((server) => server.address)), servers };
}

async function writeFiles(where: string, files: Iterable<[string, Uint8Array]>): Promise<void> {
  await mkdir(where, { recursive: true });
  for (const [name, bytes] of files) await writeFile(join(where, name), bytes);
}

test("downloads the four files once, with progress; the second time they are in the cache", async () => {
  const { tiny, servers } = await publish("good");
  const progress: FetchProgress[] = [];
  const { train, test: held } = await find(tiny, { onProgress: (step) => progress.push(step) });
  expect([train.length, held.length, train.sha256]).toEqual([3, 2, tiny.catalog.files.train.sha256]);
  expect(train.raw).toEqual(tiny.pixels.train);
  expect(train.labels).toEqual(Int32Array.of(0, 7, 4));
  expect(train.source).toBe(`MNIST training set, IDX from ${cacheFolder()}`);
  const last = progress.at(-1)!;
  expect([last.fileIndex, last.fileCount, last.received]).toEqual([3, 4, last.total]);
  expect((await readdir(cacheFolder())).sort()).toEqual(
    [...tiny.published.keys()].filter((n) => n.endsWith(".gz")).sort(),
  );
  await find(tiny);
  await find(tiny, { download: false });
  expect(servers[0]?.asked.length).toBe(4);
});

test("a download that broke off is resumed where it stopped, by the next call", async () => {
  const files = tinyMnist([]).published;
  let breakOff = true;
  const { tiny, servers } = await publish((name, request, response) => {
    if (name !== images || !breakOff) return serve(files)(name, request, response);
    response.writeHead(200, { "content-length": files.get(name)!.length });
    response.write(files.get(name)!.subarray(0, 100), () => response.destroy());
  });
  await expect(find(tiny)).rejects.toThrow(`${servers[0]!.address}${images}: `);
  const [part] = await readdir(cacheFolder());
  expect(part).toMatch(/^train-images-idx3-ubyte\.127\.0\.0\.1-\d+\.part$/);
  expect((await readFile(join(cacheFolder(), part!))).length).toBe(100);
  breakOff = false;
  expect((await find(tiny)).train.raw).toEqual(tiny.pixels.train);
  expect(servers[0]?.asked[1]).toBe(`${images} bytes=100-`);
  expect(await readdir(cacheFolder())).not.toContain(part);
});

test("a part that is already whole, and a server that ignores ranges, are both understood", async () => {
  const files = tinyMnist([]).published;
  for (const [answer, bytes] of [
    [serve(files), files.get(images)!],
    [
      (name: string, _: unknown, response: Parameters<Answer>[2]) => void response.end(files.get(name)),
      files.get(images)!.subarray(0, 50),
    ],
  ] as const) {
    const { tiny, servers } = await publish(answer as Answer);
    const { host } = new URL(servers[0]!.address);
    await writeFiles(cacheFolder(), [[`train-images-idx3-ubyte.${host.replace(":", "-")}.part`, bytes]]);
    expect((await find(tiny)).train.raw).toEqual(tiny.pixels.train);
    await rm(cacheFolder(), { recursive: true });
  }
});

test("a resumed file whose beginning is wrong is downloaded once more from the start", async () => {
  const { tiny, servers } = await publish("good");
  const { host } = new URL(servers[0]!.address);
  await writeFiles(cacheFolder(), [
    [`train-images-idx3-ubyte.${host.replace(":", "-")}.part`, new Uint8Array(60).fill(9)],
  ]);
  expect((await find(tiny)).train.raw).toEqual(tiny.pixels.train);
  expect(servers[0]?.asked.slice(0, 2)).toEqual([`${images} bytes=60-`, images]);
});

test("D04 bytes that the server has unzipped, and a Content-Encoding, are both understood", async () => {
  const files = tinyMnist([]).published;
  const { tiny } = await publish((name, _, response) => {
    const bytes = files.get(name)!;
    if (name.includes("images")) response.end(gunzipSync(bytes));
    else response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(gunzipSync(bytes)));
  });
  expect((await find(tiny)).test.raw).toEqual(tiny.pixels.test);
  await find(tiny, { download: false });
});

test("mirrors are tried in order, and the error lists each address and why it failed", async () => {
  const { tiny: other } = await publish("good");
  const wrong = new Map([...tinyMnist([]).published].map(([name]) => [name, gzipSync(new Uint8Array(20))]));
  const { tiny, servers } = await publish(
    (_, __, response) => void response.writeHead(503, "Service Unavailable").end(),
    serve(wrong),
    (_, __, response) => void response.writeHead(200, { "content-length": 99 }).flushHeaders(),
  );
  const nobody = "http://127.0.0.1:1/mnist/";
  tiny.catalog.idxMirrors = [...tiny.catalog.idxMirrors, nobody];
  const error: Error = await find(tiny, { timeoutMs: 200 }).then(
    () => expect.unreachable(),
    (reason) => reason,
  );
  expect(error.message).toContain("MNIST was not found:\n  LANEWISE_DATA is not set");
  expect(error.message).toContain(`${servers[0]!.address}${images}: HTTP 503 Service Unavailable`);
  expect(error.message).toContain(
    `${servers[1]!.address}${images}: its content has SHA-256 de47c9b27eb8d300dbb5f2c353e632c393262cf06340c4fa7f1b40c4cbd36f90, expected`,
  );
  expect(error.message).toContain(`${servers[2]!.address}${images}: no byte came for 0.2 s`);
  expect(error.message).toMatch(/127\.0\.0\.1:1\/mnist\/train-images-idx3-ubyte\.gz: .+/);
  expect(error.message).toContain("Put its four IDX files");
  expect(await readdir(cacheFolder())).toEqual([]);
  tiny.catalog.idxMirrors = [...tiny.catalog.idxMirrors, ...other.catalog.idxMirrors];
  expect((await find(tiny, { timeoutMs: 200 })).train.length).toBe(3);
});

test("where no IDX mirror answers, the CSV files are taken, proved, and kept as IDX", async () => {
  const { tiny, servers } = await publish("good");
  tiny.catalog.csvMirrors = tiny.catalog.idxMirrors;
  tiny.catalog.idxMirrors = ["http://127.0.0.1:1/mnist/"];
  const { train } = await find(tiny);
  expect([train.sha256, train.raw]).toEqual([tiny.catalog.files.train.sha256, tiny.pixels.train]);
  expect(servers[0]?.asked).toEqual(["mnist_train.csv", "mnist_test.csv"]);
  expect((await readdir(cacheFolder())).sort()).toEqual(Object.keys(tiny.catalog.idxSha256).sort());
});

test("an abort ends the download with the caller's own reason, not with the next mirror", async () => {
  const controller = new AbortController();
  const { tiny, servers } = await publish(() => controller.abort(new Error("enough")), "good");
  await expect(find(tiny, { signal: controller.signal })).rejects.toThrow("enough");
  expect(servers[1]?.asked).toEqual([]);
});

test("LANEWISE_DATA comes before the cache, and its folder need not be the published MNIST", async () => {
  const { published, catalog } = tinyMnist([]);
  const data = join(folder, "data", "mnist");
  await writeFiles(
    data,
    [...published].filter(([name]) => name.endsWith(".gz")),
  );
  vi.stubEnv("LANEWISE_DATA", join(folder, "data"));
  const { train } = await findMnist({}, { platform, catalog: { ...catalog, files: tinyMnist([]).catalog.files } });
  expect(train.source).toBe(`MNIST training set, IDX from ${data}`);
  const { MNIST } = await import("./files.ts");
  const real = await findMnist({}, { platform, catalog: MNIST });
  expect(real.train.source).toBe(
    `3 images laid out as MNIST (not the published MNIST, by their SHA-256), IDX from ${data}`,
  );
  await expect(access(cacheFolder())).rejects.toThrow();
});

test("path: a folder or a file URL, itself or with mnist/ in it, CSV on demand; nothing else is tried", async () => {
  const { published, pixels, catalog } = tinyMnist([]);
  const tiny = { published, pixels, catalog };
  await writeFiles(join(folder, "mnist"), published);
  expect((await find(tiny, { path: folder })).train.source).toContain("IDX from");
  const csv = await find(tiny, { path: pathToFileURL(join(folder, "mnist/")), format: "csv" });
  expect(csv.train.source).toContain("CSV from");
  expect([csv.train.raw, csv.train.sha256]).toEqual([pixels.train, catalog.files.train.sha256]);
  await expect(find(tiny, { path: join(folder, "nowhere") })).rejects.toThrow("no IDX or CSV files of MNIST in");
});

test("names with a dot for the dash; some files without the others; damage is not passed over", async () => {
  const tiny = tinyMnist([]);
  const names = [...tiny.published].filter(([name]) => name.endsWith(".gz"));
  const dotted = names.map(
    ([name, bytes]) => [name.replace("-idx", ".idx").slice(0, -3), new Uint8Array(gunzipSync(bytes))] as const,
  );
  await writeFiles(
    join(folder, "dotted"),
    dotted.map(([name, bytes]) => [name, bytes]),
  );
  expect((await find(tiny, { path: join(folder, "dotted") })).train.length).toBe(3);
  await writeFiles(join(folder, "some"), names.slice(0, 2));
  await expect(find(tiny, { path: join(folder, "some") })).rejects.toThrow(
    "has only a part of MNIST; missing: t10k-images-idx3-ubyte",
  );
  await writeFile(join(folder, "dotted", "t10k-labels.idx1-ubyte"), Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 3));
  await expect(find(tiny, { path: join(folder, "dotted") })).rejects.toThrow("has 1 labels for 2 images");
  await writeFile(join(folder, "dotted", "t10k-labels.idx1-ubyte"), Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 3, 11));
  await expect(find(tiny, { path: join(folder, "dotted") })).rejects.toThrow("label 11 of example 1 is no digit");
});

test("files in the cache that have changed are an error that says what to delete", async () => {
  const { tiny } = await publish("good");
  await find(tiny);
  await writeFile(join(cacheFolder(), "t10k-labels-idx1-ubyte.gz"), Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 1, 1));
  await expect(find(tiny)).rejects.toThrow(`the test files in ${cacheFolder()} are not the published MNIST any more`);
});

test("without a network the sample stands in, and says so; the sample is the one that is published with the app", async () => {
  const tiny = tinyMnist(["http://127.0.0.1:1/mnist/"]);
  const sample = new URL("../../../../apps/mnist-mlp/sample/", import.meta.url);
  const tried: string[] = [];
  const { train, test: held } = await find(tiny, { sample, onSample: (reasons) => tried.push(...reasons) });
  expect(tried.join()).toMatch(/^LANEWISE_DATA is not set,no files in the cache .*,http:\/\/127\.0\.0\.1:1\/mnist\//);
  expect([train.length, held.length, train.isSample, held.isSample]).toEqual([10_000, 2_000, true, true]);
  expect(train.source).toMatch(/^SAMPLE of MNIST \(10,000 of its training images only\), IDX from .*sample.*, since/);
  expect(held.source).toMatch(/^SAMPLE of MNIST \(2,000 of its test images only\)/);
  expect(train.labels.subarray(0, 5)).toEqual(Int32Array.of(5, 0, 4, 1, 9)); // MNIST begins so
});

test("a cache that can't be written is no end, and no sample neither", async () => {
  const tiny = tinyMnist(["http://127.0.0.1:1/mnist/"]);
  await writeFile(join(folder, "cache"), "a file where a folder is wanted");
  await expect(find(tiny)).rejects.toThrow(/the cache .* can't be written: .*\n/);
  await expect(find(tiny, { sample: join(folder, "none") })).rejects.toThrow("sample: no MNIST files in");
});
