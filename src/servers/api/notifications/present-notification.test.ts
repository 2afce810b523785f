import { describe, expect, it } from "vitest";
import { STATUSES } from "../../../core/delivery/statuses.ts";
import { writeJson } from "../../../core/json/write-json.ts";
import { decimal } from "../../../core/price/decimal.ts";
import { type HomeMoney, POUNDS } from "../../../core/price/home-money.ts";
import type { Notification } from "../../../records/notifications/notification.ts";
import { presentNotification, type ShownLetter } from "./present-notification.ts";

const at = new Date("2026-06-01T10:30:00.123Z");

const ADDRESS = {
  Address_Line_1: "A Person",
  "address line 2": "1 High Street",
  address_line_7: "not shown",
  postcode: "sw1a1aa",
  name: "Amala",
};

function shown(change: Partial<Notification>, letter?: ShownLetter, home: HomeMoney = POUNDS) {
  const notification: Notification = {
    id: "01a20440-7f11-7b2e-9d53-0f4d9c1b7c55",
    serviceId: "s",
    apiKeyId: "k",
    keyKind: "live",
    channel: "sms",
    templateId: "t",
    templateVersion: 3,
    reference: undefined,
    sealedContent: Buffer.alloc(0),
    recipientIndex: Buffer.alloc(0),
    sender: undefined,
    lane: 1,
    isInternational: false,
    hasReceipts: true,
    countryPrefix: "44",
    rateMultiplier: 1,
    fragments: 2,
    createdAt: at,
    scheduledFor: undefined,
    validUntil: undefined,
    status: "delivered",
    attempts: 1,
    provider: undefined,
    reportedCode: undefined,
    mayBeRepeated: false,
    createdByName: undefined,
    sentAt: at,
    updatedAt: at,
    routeNote: undefined,
    ...change,
  };
  const content = {
    submittedRecipient: "07700 900123",
    recipient: "447700900123",
    personalisation: letter ? ADDRESS : {},
  };
  const presented = presentNotification(
    { notification, content, subject: undefined, body: "Hello", unsubscribeUrl: undefined, letter, home },
    "https://api.example.org",
  );
  return { presented, text: writeJson(presented) };
}

describe("a notification", () => {
  it.each<[string, Partial<Notification>, string]>([
    [
      "of two fragments",
      {},
      '"cost_in_pounds":0.048,"cost_details":{"billable_sms_fragments":2,"international_rate_multiplier":1.0,"sms_rate":0.024}',
    ],
    ["abroad", { rateMultiplier: 3, isInternational: true }, '"cost_in_pounds":0.144,'],
    ["that failed on our side", { status: "technical-failure" }, '"cost_in_pounds":0.0,'],
    [
      "that nobody has tried to send",
      { status: "created", attempts: 0 },
      '"is_cost_data_ready":false,"cost_in_pounds":null,"cost_details":{}',
    ],
    ["that one try has failed for", { status: "created" }, '"is_cost_data_ready":true,"cost_in_pounds":0.048'],
    [
      "of a test, on its way",
      { keyKind: "test", status: "sending" },
      '"cost_in_pounds":0.0,"cost_details":{"billable_sms_fragments":0,',
    ],
    ["of a test, delivered", { keyKind: "test" }, '"cost_in_pounds":0.048,"cost_details":{"billable_sms_fragments":2,'],
    ["cancelled in time", { status: "cancelled", attempts: 0 }, '"is_cost_data_ready":true,"cost_in_pounds":0.0,'],
    ["by email", { channel: "email" }, '"is_cost_data_ready":true,"cost_in_pounds":0.0,"cost_details":{}'],
  ])("%s costs what it costs", (_, change, expected) => {
    const { text } = shown(change);
    expect(text).toContain(expected);
    expect(text).toContain('"currency":"GBP"');
  });

  it.each<[string, Partial<Notification>, string]>([
    [
      "at the house rate",
      {},
      '"cost_in_pounds":null,"cost_details":{"billable_sms_fragments":2,"international_rate_multiplier":1.0,"sms_rate":0.0276},"cost":0.0552,"currency":"EUR"',
    ],
    ["at a listed price", { unitPrice: "0.05" }, '"cost":0.1,"currency":"EUR"'],
    ["by email", { channel: "email" }, '"cost_in_pounds":null,"cost_details":{},"cost":0.0,"currency":"EUR"'],
  ])("%s says nothing in pounds where euros are charged", (_, change, expected) => {
    expect(shown(change, undefined, { currency: "EUR", pound: decimal("1.15") }).text).toContain(expected);
  });

  it("was completed when nothing more was to happen to it", () => {
    const completed = STATUSES.filter((status) => shown({ status }).presented.completed_at !== null);
    expect(completed).toEqual([
      ...["sent", "delivered", "failed", "technical-failure", "temporary-failure", "permanent-failure"],
      ...["validation-failed", "returned-letter", "cancelled"],
    ]);
    expect(shown({}).presented.completed_at).toBe("2026-06-01T10:30:00.123000Z");
  });

  it("has a recipient of its own kind only, as it was given", () => {
    expect(shown({}).presented).toMatchObject({ phone_number: "07700 900123", email_address: null });
    expect(shown({ channel: "email" }).presented).toMatchObject({ phone_number: null, email_address: "07700 900123" });
  });

  it("points at the version of its template that was used", () => {
    expect(shown({}).presented.template.uri).toBe("https://api.example.org/v2/template/t/version/3");
  });
});

const letter: ShownLetter = {
  ...{ isPrecompiled: false, postage: "second", sheets: 2 },
  printing: { timeZone: "Europe/London", cutOff: "17:30" },
};

describe("a letter", () => {
  it("shows its address as it was given, its postage and when it will arrive", () => {
    expect(shown({ channel: "letter", status: "delivered" }, letter).presented).toMatchObject({
      ...{ line_1: "A Person", line_2: "1 High Street", line_3: null, line_6: null, postcode: "sw1a1aa" },
      ...{ email_address: null, phone_number: null, type: "letter", status: "received", postage: "second" },
      estimated_delivery: "2026-06-09T15:00:00.123000Z",
    });
  });

  it("that came as a PDF shows no address", () => {
    const precompiled = { ...letter, isPrecompiled: true };
    expect(shown({ channel: "letter" }, precompiled).presented).toMatchObject({
      ...{ line_1: "Provided as PDF", line_2: null, line_6: null, postcode: null },
    });
  });

  it.each<[string, Partial<Notification>, Partial<ShownLetter>, string]>([
    [
      "on its way",
      { status: "sending" },
      {},
      '"cost_in_pounds":0.77,"cost_details":{"billable_sheets_of_paper":2,"postage":"second"}',
    ],
    [
      "not made yet",
      { status: "created" },
      { sheets: undefined },
      '"is_cost_data_ready":false,"cost_in_pounds":null,"cost_details":{}',
    ],
    ["made, not printed yet", { status: "created" }, {}, '"is_cost_data_ready":true,"cost_in_pounds":0.77'],
    ["being scanned", { status: "pending-virus-check" }, { sheets: undefined }, '"cost_in_pounds":null,'],
    ["cancelled", { status: "cancelled" }, {}, '"cost_in_pounds":0.0,"cost_details":{"billable_sheets_of_paper":0,'],
    ["of a test", { status: "sending", keyKind: "test" }, {}, '"is_cost_data_ready":true,"cost_in_pounds":0.0,'],
  ])("%s costs what it costs", (_, change, ofLetter, expected) => {
    expect(shown({ channel: "letter", ...change }, { ...letter, ...ofLetter }).text).toContain(expected);
  });
});

describe("anything but a letter", () => {
  it("has no postage, no address and no delivery to expect", () => {
    const { presented } = shown({});
    expect(presented).toMatchObject({ line_1: null, postcode: null, postage: null });
    expect(presented).not.toHaveProperty("estimated_delivery");
  });
});
