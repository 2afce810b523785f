import { describe, expect, it } from "vitest";
import receiptCases from "../../../test/vectors/provider-receipts.json" with { type: "json" };
import { type CallbackAnswer, nextCallback } from "./callback-timetable.ts";
import { decideMove } from "./move.ts";
import { nextAttempt } from "./retry-timetable.ts";
import {
  canMove,
  expandStatusFilters,
  FINAL_STATUSES,
  letterStatusShown,
  type Status,
  type StatusFilter,
  statusesBefore,
} from "./statuses.ts";
import {
  deliveryReportStatus,
  firetextVerdict,
  mmgVerdict,
  type SupplierStatus,
  smppStatus,
} from "./supplier-codes.ts";

const now = new Date("2026-06-01T12:00:00Z");
const minutesFromNow = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
const hoursAgo = (hours: number) => minutesFromNow(-60 * hours);

describe("statuses", () => {
  it("are reached only from statuses that are not final", () => {
    expect(statusesBefore("delivered")).toEqual(["created", "sending", "sent", "pending", "pending-virus-check"]);
    expect(statusesBefore("pending")).toEqual(["created", "sending", "sent"]);
    expect(statusesBefore("returned-letter")).toEqual(["sending", "delivered"]);
    expect(statusesBefore("cancelled")).toEqual(["created", "pending-virus-check"]);
  });

  it("that are final stay so, whatever a receipt says", () => {
    for (const from of FINAL_STATUSES) {
      for (const to of ["pending", "delivered", "temporary-failure", "permanent-failure", "technical-failure"] as const)
        expect(canMove(from, to)).toBe(false);
    }
    expect(FINAL_STATUSES).toContain("delivered");
    expect(FINAL_STATUSES).not.toContain("sent");
  });

  it.each<[StatusFilter[], Status[]]>([
    [
      ["accepted", "created"],
      ["created", "sending"],
    ],
    [["received"], ["delivered"]],
    [["returned-letter"], ["returned-letter"]],
  ])("%j filters for %j", (filters, statuses) => {
    expect(expandStatusFilters(filters)).toEqual(statuses);
  });

  it("of every failure are found by the filter for failed", () => {
    expect(expandStatusFilters(["failed"])).toEqual(
      expect.arrayContaining(["technical-failure", "virus-scan-failed", "validation-failed", "returned-letter"]),
    );
  });

  it.each<[Status, StatusFilter]>([
    ["created", "accepted"],
    ["sending", "accepted"],
    ["delivered", "received"],
    ["returned-letter", "received"],
    ["pending-virus-check", "pending-virus-check"],
  ])("of a letter: %s is shown as %s", (status, shown) => {
    expect(letterStatusShown(status)).toBe(shown);
  });
});

describe("retrying a message", () => {
  it.each([
    ["sms", 1, 0],
    ["sms", 2, 5],
    ["sms", 48, 5],
    ["email", 1, 5],
    ["email", 48, 5],
  ] as const)("tries %s again after attempt %i in %i minutes", (channel, made, minutes) => {
    const next = nextAttempt({ channel, made, firstTriedAt: hoursAgo(1), now });
    expect(next).toEqual({ kind: "retry", at: minutesFromNow(minutes) });
  });

  it.each(["sms", "email"] as const)("gives %s up after 48 retries", (channel) => {
    const next = nextAttempt({ channel, made: 49, firstTriedAt: hoursAgo(4), now });
    expect(next).toEqual({ kind: "give-up", status: "technical-failure", reason: "retries-exhausted" });
  });

  it("gives up three days after the first try, however few attempts were made", () => {
    const next = nextAttempt({ channel: "sms", made: 3, firstTriedAt: hoursAgo(72), now });
    expect(next).toMatchObject({ kind: "give-up", reason: "retries-exhausted" });
  });

  it("never tries after the message has stopped being valid", () => {
    const tried = { channel: "sms", made: 2, firstTriedAt: hoursAgo(1), now } as const;
    expect(nextAttempt({ ...tried, validUntil: minutesFromNow(5) })).toMatchObject({
      kind: "give-up",
      status: "temporary-failure",
      reason: "no-longer-valid",
    });
    expect(nextAttempt({ ...tried, validUntil: minutesFromNow(6) }).kind).toBe("retry");
  });
});

describe("retrying a callback", () => {
  const retry = { kind: "retry", at: minutesFromNow(5) };
  it.each<[CallbackAnswer, object]>([
    [{ kind: "unreachable" }, retry],
    [{ kind: "answered", status: 500 }, retry],
    [{ kind: "answered", status: 503 }, retry],
    [{ kind: "answered", status: 429 }, retry],
    [{ kind: "answered", status: 200 }, { kind: "delivered" }],
    [{ kind: "answered", status: 204 }, { kind: "delivered" }],
    [
      { kind: "answered", status: 302 },
      { kind: "give-up", reason: "refused" },
    ],
    [
      { kind: "answered", status: 404 },
      { kind: "give-up", reason: "refused" },
    ],
  ])("after %j: %j", (answer, next) => {
    expect(nextCallback({ made: 1, answer, now })).toEqual(next);
  });

  it("stops after five retries", () => {
    expect(nextCallback({ made: 5, answer: { kind: "unreachable" }, now }).kind).toBe("retry");
    expect(nextCallback({ made: 6, answer: { kind: "unreachable" }, now })).toEqual({
      kind: "give-up",
      reason: "retries-exhausted",
    });
  });
});

describe("a carrier's report", () => {
  const report = { current: "sending", reported: "delivered", channel: "sms", international: false } as const;
  it.each<[string, Parameters<typeof decideMove>[0], Status | "ignore"]>([
    ["moves a text at home", { ...report, countryHasReceipts: true }, "delivered"],
    [
      "moves a text we had not yet noted as sent",
      { ...report, current: "created", countryHasReceipts: true },
      "delivered",
    ],
    ["changes nothing when it repeats", { ...report, current: "delivered", countryHasReceipts: true }, "ignore"],
    [
      "moves a text to a country with receipts",
      { ...report, current: "sent", international: true, countryHasReceipts: true },
      "delivered",
    ],
    [
      "is ignored from a country without",
      { ...report, current: "sent", international: true, countryHasReceipts: false },
      "ignore",
    ],
    [
      "does not repeat pending",
      { ...report, current: "pending", reported: "pending", countryHasReceipts: true },
      "ignore",
    ],
  ])("%s", (_, input, status) => {
    expect(decideMove(input)).toBe(status);
  });
});

describe("suppliers' codes", () => {
  it.each(receiptCases)("$provider $status/$code of a $current_status text", (example) => {
    const current = example.current_status as Status;
    const { status } =
      example.provider === "mmg"
        ? mmgVerdict(example)
        : firetextVerdict({ status: example.status, code: example.code, isPending: current === "pending" });
    const move = decideMove({
      current,
      reported: status,
      channel: "sms",
      international: false,
      countryHasReceipts: true,
    });
    expect(move === "ignore" ? current : move).toBe(example.new_status);
    expect(move !== "ignore").toBe(example.callback_sent);
  });

  it("say why, for the timeline", () => {
    expect(firetextVerdict({ status: "1", code: "101", isPending: false }).code).toBe("101 Unknown subscriber");
    expect(mmgVerdict({ status: "5", substatus: "7" }).code).toBe("5/7");
  });

  it.each(["9", "", "constructor"])("without a meaning (%j) are technical failures", (status) => {
    expect(mmgVerdict({ status }).status).toBe("technical-failure");
    expect(firetextVerdict({ status, isPending: false }).status).toBe("technical-failure");
    expect(smppStatus(status)).toBe("technical-failure");
  });

  it.each<[string | number, SupplierStatus]>([
    ["DELIVRD", "delivered"],
    ["delivrd", "delivered"],
    ["UNDELIV", "permanent-failure"],
    ["REJECTD", "permanent-failure"],
    ["EXPIRED", "temporary-failure"],
    ["DELETED", "permanent-failure"],
    ["UNKNOWN", "technical-failure"],
    ["ACCEPTD", "pending"],
    ["ENROUTE", "pending"],
    [1, "pending"],
    [2, "delivered"],
    [3, "temporary-failure"],
    [4, "permanent-failure"],
    [5, "permanent-failure"],
    [6, "pending"],
    [7, "technical-failure"],
    [8, "permanent-failure"],
    [99, "technical-failure"],
  ])("of SMPP: %s means %s", (state, status) => {
    expect(smppStatus(state)).toBe(status);
  });

  it.each<[string, string, SupplierStatus]>([
    ["failed", "5.1.1", "permanent-failure"],
    ["failed", "4.4.1", "temporary-failure"],
    ["failed", "", "temporary-failure"],
    ["delayed", "4.4.1", "pending"],
    ["Delivered", "2.0.0", "delivered"],
  ])("of email: %s with %s means %s", (action, code, status) => {
    expect(deliveryReportStatus({ action, code })).toBe(status);
  });
});
