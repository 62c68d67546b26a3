// What a page downloads to train an MLP: one binary and the scripts, as a server that compresses sends them.
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { closeBrowsers, installedBrowsers } from "../runtimes/browser.ts";
import { type StaticServer, serve } from "../runtimes/server.ts";
import { byEsbuild } from "./bundlers.ts";
import { answersOf } from "./in-page.ts";
import { newPage } from "./projects.ts";

const kilobyte = 1000;
const isBinary = ({ path }: Download): boolean => /\/(strict|fast)-[A-Z0-9]+\.js$/.test(path);

interface Download {
  readonly path: string;
  readonly bytes: number;
}

const sumOf = (downloads: readonly Download[]): number => downloads.reduce((sum, { bytes }) => sum + bytes, 0);

describe.runIf(installedBrowsers.includes("chromium"))("P03: an MLP's page, bundled by esbuild", () => {
  let server: StaticServer;
  beforeAll(async () => {
    server = await serve(await byEsbuild(true)(newPage()));
  });
  afterAll(async () => {
    await server.close();
    await closeBrowsers();
  });

  it.each(["strict", "fast"])(
    "downloads the %s binary, and scripts below 30 kB: together below 150 kB",
    async (binary) => {
      const answers = await answersOf(`${server.origin}/isolated/`, { strict: binary === "strict" });
      expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
      const downloads = answers
        .filter(({ url }) => url.endsWith(".js"))
        .map(({ url, body }): Download => ({ path: new URL(url).pathname, bytes: gzipSync(body).length }));
      expect(downloads.filter(isBinary).map(({ path }) => path)).toEqual([expect.stringContaining(`/${binary}-`)]);
      const scripts = downloads.filter((download) => !isBinary(download));
      expect(sumOf(scripts), JSON.stringify(downloads)).toBeLessThan(30 * kilobyte);
      expect(sumOf(downloads), JSON.stringify(downloads)).toBeLessThan(150 * kilobyte);
    },
  );
});

it("the tarball is below 1 MB, unpacked below 4 MB", () => {
  const { size, files } = inject("packed");
  expect(size).toBeLessThan(1000 * kilobyte);
  expect(files.reduce((sum, file) => sum + file.size, 0)).toBeLessThan(4000 * kilobyte);
});
