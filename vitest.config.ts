// Unit tests beside the code; the suites of tests/ have configurations of their own.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts", "setup/**/*.test.mjs"],
    testTimeout: 30_000,
  },
});
