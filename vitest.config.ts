import { defineConfig } from "vitest/config";

const TEST_TIMEOUT_MS = 30_000;

export default defineConfig({
  test: {
    include: [
      "src/**/*.test.ts",
      "client/**/*.test.ts",
      "test/**/*.test.ts",
      "bench/**/*.test.ts",
      "scripts/**/*.test.ts",
    ],
    globalSetup: ["test/support/global-setup.ts"],
    testTimeout: TEST_TIMEOUT_MS,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
