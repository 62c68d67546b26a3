// Turbo: on where it calculates right, dropped where it does not, refused with the reason where it cannot be.
import { describe, expect, it } from "vitest";
import { expOf, startFresh } from "./fresh.ts";
import { withSection } from "./wasm-section.ts";

// The first of these tests decides for the process: V8's flag is one, so the refusal comes last.
describe("turbo", () => {
  it.runIf(process.arch === "x64")("is on after its self-check", async () => {
    const fresh = await startFresh({ threads: 2, turbo: true });
    expect(fresh.explainBackend().turbo).toBe(true);
    expect(fresh.explainBackend().reasons).toContain("turbo is on: it passed its self-check");
    expect(expOf(fresh, new Float32Array([0]))).toEqual(new Float32Array([1]));
  });

  it("is refused when one number of its self-check is wrong, and the kernels run without it", async () => {
    let seen = 0;
    const tamper = (value: number) => (++seen === 100_000 ? value + 1 : value);
    const fresh = await startFresh({ threads: 2, turbo: true }, { tamper });
    const report = fresh.explainBackend();
    expect(report).toMatchObject({ turbo: false, threads: 2, binary: "fast" });
    expect(String(report)).toMatch(/turbo is off: it failed its self-check \(\w+: -?\d+ at \d+, expected -?\d+\)/);
    expect(expOf(fresh, new Float32Array([0]))).toEqual(new Float32Array([1]));
  });
});

describe("withSection", () => {
  it("adds a custom section and leaves the module valid", async () => {
    const empty = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
    const name = "x".repeat(200);
    const module = await WebAssembly.compile(withSection(empty, name));
    expect(WebAssembly.Module.customSections(module, name)).toHaveLength(1);
  });
});
