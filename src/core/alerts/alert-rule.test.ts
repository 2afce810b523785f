import { describe, expect, it } from "vitest";
import { noTimes, timeStep } from "../quality/histogram.ts";
import {
  type AlertKind,
  nextAlertStep,
  type Reading,
  readBalance,
  readWindow,
  type WindowCounts,
} from "./alert-rule.ts";

function counts(change: Partial<WindowCounts>): WindowCounts {
  return {
    sent: 0,
    delivered: 0,
    permanent: 0,
    temporary: 0,
    technical: 0,
    usuallySent: 0,
    times: noTimes(),
    ...change,
  };
}

function delivered(...seconds: number[]): Partial<WindowCounts> {
  const times = noTimes();
  for (const one of seconds) times[timeStep(one * 1_000)] = (times[timeStep(one * 1_000)] ?? 0) + 1;
  return { delivered: seconds.length, times };
}

const rule = (kind: AlertKind, threshold: number) => ({ kind, threshold, windowMinutes: 15, leastCount: 10 });

describe("a window", () => {
  it.each<[string, AlertKind, number, Partial<WindowCounts>, Reading | undefined]>([
    ["of too few that ended", "failure-share", 10, { permanent: 9 }, undefined],
    [
      "in which more failed",
      "failure-share",
      10,
      { permanent: 1, temporary: 1, technical: 1, delivered: 17 },
      { value: 15, verdict: "over" },
    ],
    [
      "in which just as many failed",
      "failure-share",
      10,
      { temporary: 1, delivered: 9 },
      { value: 10, verdict: "between" },
    ],
    [
      "in which clearly fewer failed",
      "failure-share",
      10,
      { temporary: 1, delivered: 19 },
      { value: 5, verdict: "clear" },
    ],
    ["of too few that were delivered", "slowness", 20, delivered(60, 60), undefined],
    ["that was slow", "slowness", 20, delivered(...Array<number>(10).fill(44)), { value: 44.25, verdict: "over" }],
    ["that was quick", "slowness", 20, delivered(...Array<number>(10).fill(2)), { value: 1.975, verdict: "clear" }],
    ["in which nothing was heard", "receipt-silence", 0, { sent: 12 }, { value: 12, verdict: "over" }],
    ["in which little was sent and nothing heard", "receipt-silence", 0, { sent: 9 }, undefined],
    ["in which something was heard", "receipt-silence", 0, { sent: 500, permanent: 1 }, { value: 0, verdict: "clear" }],
    ["of six times as many as usual", "pumping", 5, { sent: 60, usuallySent: 10 }, { value: 6, verdict: "over" }],
    ["of as many as usual", "pumping", 5, { sent: 60, usuallySent: 55 }, { value: 60 / 55, verdict: "clear" }],
    ["of what was never sent before", "pumping", 5, { sent: 10, usuallySent: 0 }, { value: 10, verdict: "over" }],
    ["of few", "pumping", 5, { sent: 9, usuallySent: 0 }, { value: 0, verdict: "clear" }],
  ])("%s", (_, kind, threshold, change, reading) => {
    expect(readWindow(rule(kind, threshold), counts(change))).toEqual(reading);
  });

  it.each([
    [49.99, "over"],
    [50, "between"],
    [62.49, "between"],
    [62.5, "clear"],
    [-10, "over"],
  ])("of a balance of %d against 50 is %s", (pounds, verdict) => {
    expect(readBalance({ threshold: 50 }, pounds)).toEqual({ value: pounds, verdict });
  });
});

describe("an alert", () => {
  const openedAt = new Date("2026-06-01T12:00:00Z");
  const reading = (verdict: Reading["verdict"]): Reading => ({ value: 1, verdict });
  it.each([
    ["that is not open, over", undefined, reading("over"), 0, "open"],
    ["that is not open, between", undefined, reading("between"), 0, "nothing"],
    ["that is not open, without a reading", undefined, undefined, 0, "nothing"],
    ["that is open and still over", 0, reading("over"), 59, "nothing"],
    ["that is open and wavers", 0, reading("between"), 10, "nothing"],
    ["that is open and back", 0, reading("clear"), 1, "close"],
    ["after an hour", 0, reading("over"), 60, "remind"],
    ["after an hour, told of again", 1, reading("over"), 61, "nothing"],
    ["after six hours", 1, reading("over"), 360, "remind"],
    ["after a day", 2, reading("between"), 1_440, "remind"],
    ["after a week, told of three times", 3, reading("over"), 10_080, "nothing"],
    ["of which nothing is heard for a while", 0, undefined, 59, "nothing"],
    ["of which nothing is heard for long", 1, undefined, 61, "close"],
  ])("%s", (_, reminders, read, minutes, step) => {
    const open = reminders === undefined ? undefined : { openedAt, reminders };
    const now = new Date(openedAt.getTime() + minutes * 60_000);
    expect(nextAlertStep({ windowMinutes: 15 }, { open, reading: read, now })).toBe(step);
  });
});
