/** How many tests passed and failed. */

/** @typedef {{ numPassedTests: number, numFailedTests: number, testResults: { status: string, assertionResults: { status: string }[] }[] }} Report */

/**
 * Counts in Vitest's JSON report. A file that failed before or beside its tests counts as one failed test, and so does a run
 * that failed for a reason the report does not tell.
 * @param {Report | undefined} report
 * @param {number | null} status Vitest's exit status
 */
export function tally(report, status) {
  const passed = report?.numPassedTests ?? 0;
  const failed = (report?.numFailedTests ?? 0) + (report ? countBrokenFiles(report) : 0);
  return { passed, failed: status === 0 ? failed : Math.max(failed, 1) };
}

/** @param {Report} report */
function countBrokenFiles({ testResults }) {
  const hasFailedTest = (/** @type {Report["testResults"][number]} */ file) =>
    file.assertionResults.some((test) => test.status === "failed");
  return testResults.filter((file) => file.status === "failed" && !hasFailedTest(file)).length;
}
