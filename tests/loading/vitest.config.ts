// The suite's settings: the package is built, packed and installed once, before all tests.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: fileURLToPath(new URL(".", import.meta.url)),
    include: ["**/*.test.ts"],
    globalSetup: "packed.ts",
    // The first test of a browser starts it, on a machine that may be busy.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    teardownTimeout: 60_000,
    // Bundlers and browsers take all cores by themselves.
    fileParallelism: false,
  },
});
