import { defineConfig } from "vitest/config";

/** Ends what hangs. A journey of a dozen pages in a browser takes 10 s, and on a slow and busy machine more than 30. */
const TEST_TIMEOUT_MS = 120_000;
/** `expect.poll` waits for other processes, as `test/support/patience.ts` does; by itself it would give up after a second. */
const POLL = { timeout: 30_000, interval: 50 };

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
    hookTimeout: TEST_TIMEOUT_MS,
    expect: { poll: POLL },
    pool: "forks",
    maxWorkers: 2,
    // Files that follow one another in a process share what it has loaded: of a short file's time, most went into that. What a test
    // changes for the whole process (its environment, its umask) it puts back.
    isolate: false,
  },
});
