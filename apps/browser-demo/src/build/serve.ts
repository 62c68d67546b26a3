// A static server for one's own machine: a folder's files, with the headers of cross-origin isolation where they are wanted.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize, sep } from "node:path";

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
};

const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export interface DemoServer {
  readonly address: string;
  close(): Promise<void>;
}

/** Serves `folder` on this machine alone. */
export async function serveDemo(
  folder: string,
  { port, isolated }: { readonly port: number; readonly isolated: boolean },
): Promise<DemoServer> {
  const server = createServer(async (request, response) => {
    const headers = { "Cache-Control": "no-cache", ...(isolated ? isolation : {}) };
    const found = await fileFor(folder, request.url ?? "/");
    if (found === undefined) {
      response.writeHead(404, { "Content-Type": "text/plain; charset=utf-8", ...headers });
      response.end("There is no such file here.");
      return;
    }
    response.writeHead(200, { "Content-Type": types[extname(found)] ?? "application/octet-stream", ...headers });
    createReadStream(found).pipe(response);
  });
  await listening(server, port);
  return { address: `http://localhost:${(server.address() as AddressInfo).port}/`, close: () => closed(server) };
}

async function fileFor(folder: string, url: string): Promise<string | undefined> {
  let path: string;
  try {
    path = decodeURIComponent(new URL(url, "http://localhost").pathname);
  } catch {
    return undefined;
  }
  const file = normalize(join(folder, path.endsWith("/") ? `${path}index.html` : path));
  if (!file.startsWith(normalize(folder + sep))) return undefined;
  return (await stat(file).catch(() => undefined))?.isFile() ? file : undefined;
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const taken = error.code === "EADDRINUSE";
      reject(taken ? new Error(`Port ${port} is taken; name another one: npm run demo -- --port 0`) : error);
    });
    server.listen(port, "localhost", resolve);
  });
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
