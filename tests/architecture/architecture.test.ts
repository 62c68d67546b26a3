// The form of the code: who imports whom, lengths, names, first lines, where unsafe and platform globals may stand.
import { describe, expect, it } from "vitest";
import { files, importsOf, isSource, isTest, read } from "./sources.ts";

const all = files();
const sources = all.filter(isSource);

/** What each package may import of ours besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  kernels: [],
  tensor: ["kernels"],
  nn: ["tensor"],
  optim: ["tensor", "kernels"],
  data: ["tensor"],
  io: [],
  interop: ["io", "nn", "tensor"],
  train: ["data", "io", "nn", "optim", "tensor"],
  models: ["data", "interop", "io", "nn", "tensor"],
  report: [],
  terminal: [],
  testing: ["tensor", "nn"],
  lanewise: ["data", "interop", "io", "kernels", "nn", "optim", "tensor", "train"],
};
/** What tests beside a package's code may import in addition. */
const TESTS_MAY_IMPORT: readonly string[] = ["testing", "optim", "tensor"];
const APPS_MAY_IMPORT: readonly string[] = ["lanewise", "models", "report", "terminal"];

/** The package of ours that an import names, or null. */
function ours(specifier: string): string | null {
  const scoped = /^@lanewise\/([^/]+)/.exec(specifier);
  if (scoped !== null) return scoped[1]!;
  return specifier === "lanewise" || specifier.startsWith("lanewise/") ? "lanewise" : null;
}

describe("imports", () => {
  const packages = [...new Set(sources.flatMap((path) => /^packages\/([^/]+)\//.exec(path)?.[1] ?? []))];

  it("every package has its row", () => {
    expect(packages.toSorted()).toEqual(Object.keys(MAY_IMPORT).toSorted());
  });

  it.each(packages)("packages/%s imports what it may, by name, and no file of another package", (name) => {
    const wrong = sources
      .filter((path) => path.startsWith(`packages/${name}/src/`))
      .flatMap((path) =>
        importsOf(path).flatMap((specifier) => {
          const other = ours(specifier);
          const allowed = [...MAY_IMPORT[name]!, ...(isTest(path) ? TESTS_MAY_IMPORT : [])];
          const depth = path.split("/").length - 3;
          const leaves =
            (specifier.match(/\.\.\//g)?.length ?? 0) >= depth &&
            !specifier.endsWith("../package.json") &&
            !specifier.includes("../wasm/") &&
            !specifier.includes("../fixtures/");
          return (other !== null && other !== name && !allowed.includes(other)) || leaves
            ? [`${path} imports ${specifier}`]
            : [];
        }),
      );
    expect(wrong).toEqual([]);
  });

  it("apps import lanewise, models, report and terminal only", () => {
    const wrong = sources
      .filter((path) => path.startsWith("apps/") && !isTest(path))
      .flatMap((path) =>
        importsOf(path)
          .filter((specifier) => !APPS_MAY_IMPORT.includes(ours(specifier) ?? "lanewise"))
          .map((specifier) => `${path} imports ${specifier}`),
      );
    expect(wrong).toEqual([]);
  });
});

describe("files", () => {
  it("have at most 400 lines", () => {
    const long = sources
      .map((path) => [path, read(path).split("\n").length] as const)
      .filter(([, lines]) => lines > 401);
    expect(long).toEqual([]);
  });

  it("begin with a comment that says what they are", () => {
    const silent = sources.filter((path) => {
      const text = read(path).replace(/^#!.*\n/, "");
      return !/^(\/\/[/!]? ?\S|\/\*)/.test(text);
    });
    expect(silent).toEqual([]);
  });

  it("have names that say something", () => {
    expect(all.filter((path) => /(^|\/)(utils?|helpers?|common|misc|old|tmp)(\/|\.[a-z]+$)/i.test(path))).toEqual([]);
  });

  it("hold no unfinished work", () => {
    const marks = new RegExp(
      ["TO" + "DO", "FIX" + "ME", "X" + "XX", "unimpl" + "emented!", "to" + "do!\\(", "\\.on" + "ly\\("].join("|"),
    );
    expect(sources.filter((path) => marks.test(read(path)))).toEqual([]);
  });
});

describe("bounds", () => {
  const rust = sources.filter((path) => path.startsWith("kernels-rs/src/"));

  it("unsafe stands in machine/ alone, each block with its SAFETY line", () => {
    const word = /\bunsafe\b(?!_)/;
    const outside = rust.filter(
      (path) =>
        !path.includes("/machine/") &&
        read(path)
          .split("\n")
          .some((line) => word.test(line.replace(/\/\/.*$/, "").replace(/unsafe_code/g, ""))),
    );
    expect(outside).toEqual([]);
    const bare = rust.flatMap((path) => {
      const lines = read(path).split("\n");
      return lines.flatMap((line, index) => {
        if (!/\bunsafe\s*(\{|impl)/.test(line.replace(/\/\/.*$/, ""))) return [];
        const near = lines.slice(Math.max(0, index - 8), index + 1).join("\n");
        return near.includes("SAFETY:") ? [] : [`${path}:${index + 1}`];
      });
    });
    expect(bare).toEqual([]);
  });

  it("platform globals are named in host/, node.ts and page.ts only", () => {
    const allowed = (path: string): boolean =>
      path.includes("packages/kernels/src/host/") ||
      /\/(node|page)\.ts$/.test(path) ||
      isTest(path) ||
      /^packages\/(report|terminal|testing)\//.test(path);
    const wrong = sources
      .filter((path) => path.startsWith("packages/") && path.includes("/src/") && !allowed(path))
      .filter((path) => {
        const code = read(path).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
        return /from "node:|\bprocess\.|\bwindow\.|\bdocument\.|\bnavigator\./.test(code);
      });
    expect(wrong).toEqual([]);
  });
});
