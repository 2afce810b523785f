import { describe, expect, it } from "vitest";
import { isServerOf } from "./postmaster.ts";
import { findProcess, parseProcStat, parsePsLine } from "./process-table.ts";

const STAT_TAIL = "1 7585 7585 0 -1 4194560 2000 0 0 0 3 2 0 0 20 0 1 0 987654 300000000 5000";

describe("parseProcStat", () => {
  it.each([
    ["a running process", `7585 (postgres) S ${STAT_TAIL}`, { ended: false, startedAt: "987654" }],
    ["one that nobody has waited for", `7585 (postgres) Z ${STAT_TAIL}`, { ended: true, startedAt: "987654" }],
    ["a name with spaces and parentheses", `7585 (a) Z (b) S ${STAT_TAIL}`, { ended: false, startedAt: "987654" }],
  ])("reads %s", (_name, text, expected) => {
    expect(parseProcStat(text)).toEqual(expected);
  });
});

describe("parsePsLine", () => {
  const line = "Ss   Sun Nov 22 16:19:00 2026     /opt/postgres -D /my data -c port=20000\n";
  it("reads the time of start and the arguments", () => {
    expect(parsePsLine(7, line)).toEqual({
      pid: 7,
      startedAt: "Sun Nov 22 16:19:00 2026",
      commandLine: "/opt/postgres -D /my data -c port=20000",
    });
  });
  it.each([["Z+   Sun Nov 22 16:19:00 2026     (postgres)"], [""]])("finds no process in %j", (text) => {
    expect(parsePsLine(7, text)).toBeUndefined();
  });
});

describe("findProcess", () => {
  it("finds this one, with its arguments", () => {
    expect(findProcess(process.pid)).toMatchObject({ pid: process.pid });
    expect(findProcess(process.pid)?.commandLine).toContain("node");
  });
  it("finds none where there is none", () => {
    expect(findProcess(2 ** 22 + 1)).toBeUndefined();
  });
});

describe("isServerOf", () => {
  it.each([
    ["/opt/postgres -D /a/postgres-18 -c port=1", true],
    ["/opt/postgres -D /a/postgres-18", true],
    ["/opt/postgres -D /a/postgres-18.new -c port=1", false],
    ["/opt/postgres -D /b/a/postgres-18 -c port=1", false],
    ["vi /a/postgres-18", false],
  ])("%s", (commandLine, expected) => {
    expect(isServerOf(commandLine, "/a/postgres-18")).toBe(expected);
  });
});
