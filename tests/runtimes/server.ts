// A static server for tests: every file under /isolated/ with the headers of isolation, and under /plain/ without.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize, sep } from "node:path";

const types: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

export interface StaticServer {
  readonly origin: string;
  close(): Promise<void>;
}

/** Serves `folder` on a free port of this machine; `headers` go out with every file. */
export async function serve(folder: string, headers: Readonly<Record<string, string>> = {}): Promise<StaticServer> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const [, mode, file] = /^\/(isolated|plain)\/(.*)$/.exec(decodeURIComponent(path)) ?? [];
    const found = mode === undefined ? undefined : fileIn(folder, file ?? "");
    if (found === undefined) {
      // As many hosts do: a page of HTML for whatever is missing, here with the honest status.
      response.writeHead(404, { "Content-Type": "text/html", ...(mode === "isolated" ? isolation : {}) });
      response.end("<!doctype html><title>Not found</title>");
      return;
    }
    response.writeHead(200, {
      "Content-Type": types[extname(found)] ?? "application/octet-stream",
      "Cache-Control": "no-store",
      ...(mode === "isolated" ? isolation : {}),
      ...headers,
    });
    createReadStream(found).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // Browsers take localhost as trustworthy, so isolation works without HTTPS.
  return { origin: `http://localhost:${(server.address() as AddressInfo).port}`, close: () => closed(server) };
}

function fileIn(folder: string, file: string): string | undefined {
  const path = normalize(join(folder, file === "" || file.endsWith("/") ? `${file}index.html` : file));
  return path.startsWith(folder + sep) && existsSync(path) && statSync(path).isFile() ? path : undefined;
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
