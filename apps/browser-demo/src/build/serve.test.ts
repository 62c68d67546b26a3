// The server of the demo: a folder's files and nothing beyond it, isolated or plain.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveDemo } from "./serve.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lanewise-serve-"));
  mkdirSync(join(folder, "site"));
  writeFileSync(join(folder, "site", "index.html"), "<!doctype html>");
  writeFileSync(join(folder, "secret"), "not to be served");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As it is typed: fetch would tidy the path up. */
const status = (address: string, path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const asked = request(address, { path }, (response) => resolve(response.resume().statusCode!));
    asked.on("error", reject).end();
  });

test.each([true, false])("isolated %s: files with their types, the headers where they are wanted", async (isolated) => {
  const server = await serveDemo(join(folder, "site"), { port: 0, isolated });
  try {
    const { headers } = await fetch(server.address);
    expect(headers.get("content-type")).toMatch(/^text\/html/);
    expect(headers.get("cross-origin-opener-policy")).toBe(isolated ? "same-origin" : null);
    expect(headers.get("cross-origin-embedder-policy")).toBe(isolated ? "require-corp" : null);
    for (const path of ["/../secret", "/%2e%2e/secret", "/..%2fsecret", "/absent.js", "/%zz"]) {
      expect([path, await status(server.address, path)]).toEqual([path, 404]);
    }
  } finally {
    await server.close();
  }
});

test("a port that is taken is named, with a way out", async () => {
  const server = await serveDemo(join(folder, "site"), { port: 0, isolated: false });
  const port = Number(new URL(server.address).port);
  await expect(serveDemo(folder, { port, isolated: false })).rejects.toThrow(`Port ${port} is taken`);
  await server.close();
});
