import { describe, expect, it } from "vitest";
import { decideOnPeers, hasPeer, PEERS } from "./peers.mjs";
import { tally } from "./tally.mjs";

const passing = { status: "passed", assertionResults: [{ status: "passed" }] };
const failing = { status: "failed", assertionResults: [{ status: "passed" }, { status: "failed" }] };
const broken = { status: "failed", assertionResults: [] };

describe("tally", () => {
  it.each([
    ["all pass", { numPassedTests: 1, numFailedTests: 0, testResults: [passing] }, 0, { passed: 1, failed: 0 }],
    [
      "one fails",
      { numPassedTests: 2, numFailedTests: 1, testResults: [passing, failing] },
      1,
      { passed: 2, failed: 1 },
    ],
    [
      "a file does not load",
      { numPassedTests: 1, numFailedTests: 0, testResults: [passing, broken] },
      1,
      { passed: 1, failed: 1 },
    ],
    [
      "something else went wrong",
      { numPassedTests: 1, numFailedTests: 0, testResults: [passing] },
      1,
      { passed: 1, failed: 1 },
    ],
    ["there is no report", undefined, null, { passed: 0, failed: 1 }],
  ])("when %s", (_name, report, status, expected) => {
    expect(tally(report, status)).toEqual(expected);
  });
});

describe("peers", () => {
  const missing = PEERS.slice(0, 1);

  it.each([
    ["nothing is missing", { missing: [], canInstall: false, mustHave: true }, { kind: "go" }],
    ["it can be installed", { missing, canInstall: true, mustHave: true }, { kind: "install", packages: ["kannel"] }],
    ["it cannot", { missing, canInstall: false, mustHave: false }, { kind: "leave-out", names: ["kannel"] }],
    [
      "it cannot, and must be there",
      { missing, canInstall: false, mustHave: true },
      { kind: "fail", names: ["kannel"] },
    ],
  ])("when %s", (_name, situation, expected) => {
    expect(decideOnPeers(situation)).toEqual(expected);
  });

  it("a peer that nobody has listed is a mistake in the test", () => {
    expect(() => hasPeer("nobody")).toThrow("add it to scripts/peers.mjs");
  });
});
