// The page's platform over a real server; Node has all it asks for but the Cache API, whose few calls a Map answers here.
import { gzipSync } from "node:zlib";
import { afterEach, expect, test, vi } from "vitest";
import { collect } from "../bytes.ts";
import { findCifar } from "../cifar10/cifar10.ts";
import { tinyCifar } from "../cifar10/tiny.fixture.ts";
import { type Mirror, serve, startMirror } from "../find/server.fixture.ts";
import { findMnist } from "../mnist/mnist.ts";
import { tinyMnist } from "../mnist/tiny.fixture.ts";
import { platform } from "./page.ts";

let mirror: Mirror | undefined;
afterEach(async () => {
  vi.unstubAllGlobals();
  await mirror?.close();
});

/** What `caches.open(...)` gives, as far as it is used. */
function stubCaches(): Map<string, Response> {
  const kept = new Map<string, Response>();
  const put = async (address: string, response: Response): Promise<void> => void kept.set(address, response);
  const match = async (address: string): Promise<Response | undefined> => kept.get(address)?.clone();
  vi.stubGlobal("caches", { open: async () => ({ put, match }) });
  return kept;
}

test("MNIST from an address: files below it, missing ones, and a page in place of a file", async () => {
  const { catalog, published, pixels } = tinyMnist([]);
  mirror = await startMirror((name, request, response) => {
    if (name.endsWith(".gz")) serve(published)(name, request, response);
    else response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end("<html>");
  });
  const { train } = await findMnist({ path: mirror.address.slice(0, -1) }, { platform, catalog });
  expect(train.raw).toEqual(pixels.train);
  expect(train.source).toBe(`MNIST training set, IDX from ${mirror.address}`);
});

test("downloads are kept in the Cache API and found there again", async () => {
  const kept = stubCaches();
  const { catalog, published, pixels } = tinyMnist([]);
  mirror = await startMirror(serve(published));
  catalog.idxMirrors = [mirror.address];
  expect((await findMnist({}, { platform, catalog })).train.raw).toEqual(pixels.train);
  expect([...kept.keys()][0]).toBe("https://lanewise.invalid/data/mnist/train-images-idx3-ubyte.gz");
  expect((await findMnist({ download: false }, { platform, catalog })).test.raw).toEqual(pixels.test);
  expect(mirror.asked.length).toBe(4);
});

test("where nothing can be kept, that is said", async () => {
  const { catalog } = tinyMnist([]);
  await expect(findMnist({}, { platform, catalog })).rejects.toThrow("there is no cache to download into");
});

test("a server's error is an error, not a missing file", async () => {
  mirror = await startMirror((_, __, response) => void response.writeHead(500).end());
  await expect(platform.place(mirror.address).read("x")).rejects.toThrow(`${mirror.address}x: HTTP 500`);
});

test("a part kept under another name, begun anew, and read", async () => {
  stubCaches();
  const part = await (await platform.cache())!.part("a.part");
  await part.append(Uint8Array.of(9));
  await part.restart();
  await part.append(new Uint8Array(gzipSync("abc")));
  expect((await collect(await part.read(), "a", 100)).length).toBe(part.size);
  await part.finish("a");
  const found = await (await platform.cache())!.read("a");
  expect(await collect(found!, "a", 100)).toEqual(new Uint8Array(gzipSync("abc")));
});

test("CIFAR-10's archive is unpacked into the Cache API, and read from an address", async () => {
  const kept = stubCaches();
  const { catalog, archive, files } = await tinyCifar([]);
  const zipped = [...files].map(([name, bytes]): [string, Uint8Array] => [
    `${name}.gz`,
    new Uint8Array(gzipSync(bytes)),
  ]);
  mirror = await startMirror(serve(new Map([[catalog.archive.name, archive], ...zipped])));
  catalog.mirrors = [mirror.address];
  const { train } = await findCifar({}, { platform, catalog });
  expect(train.source).toBe("CIFAR-10 training set, from https://lanewise.invalid/data/cifar10/");
  expect([...kept.keys()].map((address) => address.split("/").at(-1))).toEqual([...files.keys()]);
  const { test: held } = await findCifar({ path: mirror.address }, { platform, catalog });
  expect(held.source).toBe(`CIFAR-10 test set, from ${mirror.address}`);
});
