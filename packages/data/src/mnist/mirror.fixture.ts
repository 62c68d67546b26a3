// A tiny data set laid out as MNIST and a server on 127.0.0.1 that publishes it, well or badly, for the tests.
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { writeIdx } from "../idx.ts";
import { type Catalog, MNIST, type Part } from "./files.ts";

export interface TinyMnist {
  catalog: Catalog;
  /** Every published file by its name: NAME.gz and the two CSV files. */
  published: Map<string, Uint8Array>;
  /** Pixels of each part, for comparison. */
  pixels: Record<Part, Uint8Array>;
}

const sha256 = (...parts: Uint8Array[]): string => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
};

/** Three training and two test images whose pixels are a running number; the hashes are Node's own. */
export function tinyMnist(idxMirrors: readonly string[], csvMirrors: readonly string[] = []): TinyMnist {
  const published = new Map<string, Uint8Array>();
  const catalog: Catalog = { files: structuredClone(MNIST.files), idxSha256: {}, idxMirrors, csvMirrors };
  const pixels = { train: running(3), test: running(2) };
  for (const part of ["train", "test"] as const) {
    const files = catalog.files[part];
    const count = pixels[part].length / 784;
    const labels = Int32Array.from({ length: count }, (_, i) => (i * 7) % 10);
    const idx = {
      [files.images]: writeIdx([count, 28, 28], pixels[part]),
      [files.labels]: writeIdx([count], Uint8Array.from(labels)),
    };
    for (const [name, bytes] of Object.entries(idx)) {
      catalog.idxSha256[name] = sha256(bytes);
      published.set(`${name}.gz`, new Uint8Array(gzipSync(bytes)));
    }
    const rows = Array.from(
      labels,
      (label, i) => `${label},${pixels[part].subarray(i * 784, (i + 1) * 784).join(",")}\n`,
    );
    published.set(files.csv, new TextEncoder().encode(rows.join("")));
    files.sha256 = sha256(pixels[part], new Uint8Array(labels.buffer));
  }
  return { catalog, published, pixels };
}

function running(count: number): Uint8Array {
  return Uint8Array.from({ length: count * 784 }, (_, i) => (i * 31 + (i >> 8)) % 256);
}

export interface Mirror {
  /** Ends in a slash. */
  address: string;
  /** What was asked for: "NAME", with " bytes=N-" where a range was. */
  asked: string[];
  close(): Promise<void>;
}

export type Answer = (name: string, request: IncomingMessage, response: ServerResponse) => void;

/** A server whose every answer is `answer`'s. */
export async function startMirror(answer: Answer): Promise<Mirror> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    const name = (request.url ?? "").slice("/mnist/".length);
    asked.push(request.headers.range === undefined ? name : `${name} ${request.headers.range}`);
    answer(name, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { address: `http://127.0.0.1:${port}/mnist/`, asked, close };
}

/** Answers as a good server does, ranges included. */
export function serve(files: ReadonlyMap<string, Uint8Array>): Answer {
  return (name, request, response) => {
    const bytes = files.get(name);
    if (bytes === undefined) return void response.writeHead(404).end();
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? Number.NaN);
    if (Number.isNaN(from)) return void response.writeHead(200, { "content-length": bytes.length }).end(bytes);
    if (from >= bytes.length) return void response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
    const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
    response
      .writeHead(206, { "content-range": range, "content-length": bytes.length - from })
      .end(bytes.subarray(from));
  };
}
