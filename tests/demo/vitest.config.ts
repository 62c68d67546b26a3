// The suite's settings: the demo is built once, before all tests.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: fileURLToPath(new URL(".", import.meta.url)),
    include: ["**/*.test.ts"],
    globalSetup: "built.ts",
    testTimeout: 240_000,
    hookTimeout: 120_000,
    // Two browsers take all cores by themselves.
    fileParallelism: false,
  },
});
