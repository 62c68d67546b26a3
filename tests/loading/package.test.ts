// The tarball: what is in it, what is not, and what its installation brings.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { describe, expect, inject, it } from "vitest";

const packed = inject("packed");
const installed = join(inject("project"), "node_modules");
const paths = packed.files.map(({ path }) => path);
const manifest = JSON.parse(readFileSync(join(installed, "lanewise", "package.json"), "utf8")) as Manifest;

interface Manifest {
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly [dependencies: string]: unknown;
}

describe("the tarball", () => {
  it("brings nothing else with it, and runs nothing when it is installed", () => {
    expect(readdirSync(installed).filter((name) => !name.startsWith("."))).toEqual(["lanewise"]);
    const kinds = ["dependencies", "peerDependencies", "optionalDependencies", "bundleDependencies", "scripts"];
    expect(kinds.filter((kind) => kind in manifest)).toEqual([]);
    expect(paths.filter((path) => path.includes("node_modules"))).toEqual([]);
  });

  it("has its README and licences, and those of what is built in", () => {
    const names = ["README.md", "LICENSE-MIT", "LICENSE-APACHE", "THIRD-PARTY-LICENSES"];
    expect(paths).toEqual(expect.arrayContaining(names));
    const others = readFileSync(join(installed, "lanewise", "THIRD-PARTY-LICENSES"), "utf8");
    expect(others).toMatch(/^fflate \d/m);
    expect(others).toMatch(/^modern-tar \d/m);
  });

  it("has scripts, declarations, kernels and texts only: no data, no tests, no sources", () => {
    const known = [
      /^(README\.md|LICENSE-MIT|LICENSE-APACHE|THIRD-PARTY-LICENSES|package\.json)$/,
      /^(node|page)\/[\w-]+\.js$/,
      /^wasm\/(strict|fast)\.(js|wasm)$/,
      /^types\/[\w/-]+\.d\.ts$/,
    ];
    expect(paths.filter((path) => !known.some((form) => form.test(path)))).toEqual([]);
    expect(paths.filter((path) => /test|cases|fixture|sample/.test(path))).toEqual([]);
  });

  it("has a file for every subpath that it names", () => {
    const targets = Object.values(manifest.exports).flatMap((target) =>
      typeof target === "string" ? [target] : Object.values(target),
    );
    expect(targets.length).toBeGreaterThan(20);
    expect(targets.filter((target) => !existsSync(join(installed, "lanewise", target)))).toEqual([]);
  });

  it.each(["strict", "fast"])(
    "has the %s kernels, as a file and in a module, without the names of functions",
    async (binary) => {
      const file = readFileSync(join(installed, "lanewise", "wasm", `${binary}.wasm`));
      const { default: base64 } = (await import(join(installed, "lanewise", "wasm", `${binary}.js`))) as {
        default: string;
      };
      expect(zstdDecompressSync(Buffer.from(base64, "base64")).equals(file)).toBe(true);
      const built = readFileSync(
        new URL(`../../packages/kernels/wasm/${binary}/lanewise_kernels_bg.wasm`, import.meta.url),
      );
      const [module, whole] = await Promise.all([WebAssembly.compile(file), WebAssembly.compile(built)]);
      expect(WebAssembly.Module.customSections(module, "name")).toEqual([]);
      expect(WebAssembly.Module.exports(module)).toEqual(WebAssembly.Module.exports(whole));
      // What tells the binaries apart stays.
      const features = WebAssembly.Module.customSections(module, "target_features");
      expect(features).toEqual(WebAssembly.Module.customSections(whole, "target_features"));
      expect(features).toHaveLength(1);
    },
  );

  it("names no package and, outside of node/, no module of Node", () => {
    const wrong = paths
      .filter((path) => /\.(js|d\.ts)$/.test(path))
      .flatMap((path) => {
        const text = readFileSync(join(installed, "lanewise", path), "utf8");
        const named = [...text.matchAll(/\b(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1]!);
        const isAllowed = (name: string) => name.startsWith(".") || (path.startsWith("node/") && isBuiltin(name));
        return named.filter((name) => !isAllowed(name)).map((name) => `${path}: ${name}`);
      })
      // The examples in comments are written as users write.
      .filter((line) => !/^types\/.*: lanewise(\/|$)/.test(line));
    expect(wrong).toEqual([]);
  });
});
