// init: called once, twice, at the same time, wrongly, too late.
import { describe, expect, it } from "vitest";
import { freshPackage } from "./fresh.ts";
import type { InitOptions } from "./options.ts";

describe("before init", () => {
  it.each(["kernels", "explainBackend", "readBuffer", "writeBuffer"] as const)(
    "%s names await init()",
    async (name) => {
      const fresh = await freshPackage();
      const calls = {
        kernels: () => fresh.kernels(),
        explainBackend: () => fresh.explainBackend(),
        readBuffer: () => fresh.readBuffer(1, "f32", 1),
        writeBuffer: () => fresh.writeBuffer(1, new Float32Array(1)),
      };
      expect(calls[name]).toThrow(/await init\(\)/);
    },
  );
});

describe("init", () => {
  it("calls at the same time share one start", async () => {
    const { init, kernels } = await freshPackage();
    await Promise.all([init({ threads: 2 }), init({ threads: 2 }), init()]);
    expect(kernels().live_buffers()).toBe(0);
  });

  it("takes the same options again, and none, as no call at all", async () => {
    const { init, kernels } = await freshPackage();
    await init({ threads: 1, workerUrl: new URL("file:///a.js") });
    const handle = kernels().alloc(4);
    await init({ threads: 1, workerUrl: new URL("file:///a.js") });
    await init();
    await init({ strict: undefined } as unknown as InitOptions);
    expect(kernels().live_buffers()).toBe(1);
    kernels().free(handle);
  });

  it("starts where the engine has no function for base64", async () => {
    const engine = Uint8Array as { fromBase64?: unknown };
    const { fromBase64 } = engine;
    Reflect.deleteProperty(engine, "fromBase64");
    try {
      const { init, kernels } = await freshPackage();
      await init({ threads: 1 });
      expect(kernels().live_buffers()).toBe(0);
    } finally {
      if (fromBase64 !== undefined)
        Object.defineProperty(engine, "fromBase64", { value: fromBase64, configurable: true, writable: true });
    }
  });

  it("refuses other options, and says which are fixed at what", async () => {
    const { init } = await freshPackage();
    await init({ threads: 1 });
    await expect(init({ threads: 2, strict: true })).rejects.toThrow(
      /threads is fixed at 1, now 2 came; strict is fixed at its default, now true came.*whole process/s,
    );
  });

  it("takes what it would have been anyway for the same", async () => {
    const { init } = await freshPackage();
    await init({ threads: 1 });
    await init({ strict: false, turbo: false });
  });

  it("can be called again after it failed", async () => {
    const { init, kernels } = await freshPackage();
    await expect(init({ threads: 1, wasm: new Uint8Array(8) })).rejects.toThrow(/expected the compiled kernels/);
    await init({ threads: 1 });
    expect(kernels().live_bytes()).toBe(0);
  });

  it.each([
    [{ thread: 2 }, /no option is called thread.*threads/],
    [{ threads: 0 }, /threads is 0, expected a whole number from 1 to 256/],
    [{ threads: 1.5 }, /threads is 1.5/],
    [{ strict: "yes" }, /strict is yes, expected true or false/],
    [{ maximumMemoryBytes: 5 * 2 ** 30 }, /maximumMemoryBytes is 5368709120, expected a number of bytes/],
    [7, /7 came, expected an object/],
  ])("refuses %j", async (options, message) => {
    const { init } = await freshPackage();
    await expect(init(options as unknown as InitOptions)).rejects.toThrow(message);
  });
});

describe("init({ wasm })", () => {
  const file = new URL("../wasm/strict/lanewise_kernels_bg.wasm", import.meta.url);

  it("reads one binary from an address, and says which it was", async () => {
    const { init, explainBackend } = await freshPackage();
    await init({ threads: 1, wasm: file });
    expect(explainBackend()).toMatchObject({ binary: "strict", mode: "fast" });
    expect(String(explainBackend())).toMatch(/given by init\(\{ wasm \}\)/);
  });

  it("takes the fitting one of two", async () => {
    const { init, explainBackend } = await freshPackage();
    await init({
      threads: 1,
      wasm: { strict: file, fast: new URL("../wasm/fast/lanewise_kernels_bg.wasm", import.meta.url) },
    });
    expect(explainBackend().binary).toBe("fast");
  });

  it("refuses the fast binary where strict results are asked for", async () => {
    const { init } = await freshPackage();
    const fast = new URL("../wasm/fast/lanewise_kernels_bg.wasm", import.meta.url);
    await expect(init({ threads: 1, strict: true, wasm: fast })).rejects.toThrow(/strict results were asked for.*fast/);
  });

  it("P03: says that HTML came where a server answers a wrong address with its page", async () => {
    const { init } = await freshPackage();
    const answer = new Response("<!doctype html><title>Not found</title>");
    await expect(init({ threads: 1, wasm: answer })).rejects.toThrow(
      /got HTML.*<!doctype html>.*Is the address right\?/s,
    );
  });

  it("says what a server answered", async () => {
    const { init } = await freshPackage();
    const answer = new Response("no", { status: 404 });
    await expect(init({ threads: 1, wasm: answer })).rejects.toThrow(/answered 404/);
  });

  it("says when the kernels are of another version", async () => {
    const { init } = await freshPackage();
    const empty = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
    await expect(init({ threads: 1, wasm: empty })).rejects.toThrow(/do not fit this version of the package/);
  });
});
