import { describe, expect, it } from "vitest";
import cases from "../../../../test/vectors/schema-errors.json" with { type: "json" };
import type { JsonObject, JsonValue } from "../../../core/json/json-value.ts";
import { parseLosslessJson } from "../../../core/json/parse-lossless-json.ts";
import type { Checked } from "./checker.ts";
import { checkFileObject } from "./file-object.ts";
import {
  checkNotificationsQuery,
  checkPathId,
  checkPreviewRequest,
  checkReceivedTextsQuery,
  checkTemplatesQuery,
} from "./read-requests.ts";
import { checkEmailRequest, checkLetterRequest, checkSmsRequest } from "./send-requests.ts";
import { parseUuid } from "./uuid.ts";

const now = new Date("2026-06-01T12:00:00Z");
const templateId = "f33517ff-2a88-4f6e-b855-c550268ce08a";

const CHECKS: Record<string, (body: JsonValue) => Checked<unknown>> = {
  "POST sms": (body) => checkSmsRequest(body, now),
  "POST email": (body) => checkEmailRequest(body, now),
  "POST letter": checkLetterRequest,
  "POST letter (precompiled)": checkLetterRequest,
  "personalisation file object": (body) => checkFileObject(body as JsonObject),
  "GET notifications (query)": (body) => checkNotificationsQuery(queryOf(body)),
  "GET templates (query)": (body) => checkTemplatesQuery(queryOf(body)),
  "GET received-text-messages (query)": (body) => checkReceivedTextsQuery(queryOf(body)),
  "GET template": (body) => checkPathId("id", idOf(body)),
  "POST template preview": (body) => checkPreviewRequest(idOf(body), body),
};

function queryOf(body: JsonValue): URLSearchParams {
  const pairs = Object.entries(body as Record<string, string | string[]>);
  return new URLSearchParams(
    pairs.flatMap(([name, values]) => [values].flat().map((value): [string, string] => [name, value])),
  );
}

function idOf(body: JsonValue): string {
  return String((body as JsonObject)["id"]);
}

function messages(checked: Checked<unknown>): string[] | null {
  return checked.kind === "invalid" ? checked.messages : null;
}

function sms(change: JsonObject) {
  return checkSmsRequest({ phone_number: "07700900123", template_id: templateId, ...change }, now);
}

function email(change: JsonObject) {
  return checkEmailRequest({ email_address: "a@example.com", template_id: templateId, ...change }, now);
}

function parsed<T>(checked: Checked<T>): T {
  if (checked.kind === "invalid") throw new Error(checked.messages.join("; "));
  return checked.value;
}

describe("what is wrong with a request", () => {
  it.each(cases)("$endpoint $body", ({ endpoint, body, errors }) => {
    const json = parseLosslessJson(JSON.stringify(body)) ?? null;
    expect(messages(CHECKS[endpoint]?.(json) ?? { kind: "invalid", messages: ["no such endpoint"] })).toEqual(
      errors?.map(({ message }) => message) ?? null,
    );
  });

  it.each([null, [], 0, "", false])("%j counts as a body without properties", (body) => {
    expect(messages(checkSmsRequest(body, now))).toEqual([
      "phone_number is a required property",
      "template_id is a required property",
    ]);
  });

  it.each<[JsonValue, string]>([
    ["text", "text is not of type object"],
    [true, "True is not of type object"],
    [["content"], "[content] is not of type object"],
  ])("%j is not a body", (body, message) => {
    expect(messages(checkLetterRequest(body))).toEqual([message]);
  });

  it("is all said at once: properties in order, then what is missing, then what is too much, sorted", () => {
    const body = { zed: 1, alpha: 1, phone_number: "abc", reference: 5, sms_sender_id: "x" };
    expect(messages(checkSmsRequest(body, now))).toEqual([
      "reference 5 is not of type string",
      "phone_number Must not contain letters or symbols",
      "sms_sender_id is not a valid UUID",
      "template_id is a required property",
      "Additional properties are not allowed (alpha, zed were unexpected)",
    ]);
  });

  it("shows numbers as they were written", () => {
    const body = parseLosslessJson(`{"phone_number":1.50,"template_id":"${templateId}"}`) ?? null;
    expect(messages(checkSmsRequest(body, now))).toEqual(["phone_number 1.5 is not of type string"]);
  });

  it("is not fooled by properties every object has", () => {
    expect(messages(sms({ constructor: 1 }))).toEqual([
      "Additional properties are not allowed (constructor was unexpected)",
    ]);
  });
});

describe("a reference", () => {
  it("is counted in characters, not in halves of them", () => {
    expect(parsed(sms({ reference: "😀".repeat(1000) })).reference).toHaveLength(2000);
    expect(messages(sms({ reference: "😀".repeat(1001) }))?.[0]).toMatch(/is too long$/);
  });

  it.each(["a\u0000", "\uD800", "x\uDC00y"])("is refused when it cannot be stored: %j", (reference) => {
    const expected = ["reference must not contain null characters or half of a surrogate pair"];
    expect(messages(sms({ reference }))).toEqual(expected);
    expect(messages(checkLetterRequest({ content: "", reference }))).toEqual(expected);
  });

  it("may be empty, and is null when not given", () => {
    expect(parsed(sms({ reference: "" })).reference).toBe("");
    expect(parsed(sms({})).reference).toBeNull();
  });
});

describe("an id", () => {
  it.each([
    "F33517FF-2A88-4F6E-B855-C550268CE08A",
    "f33517ff2a884f6eb855c550268ce08a",
    "{f33517ff-2a88-4f6e-b855-c550268ce08a}",
    "urn:uuid:f33517ff-2a88-4f6e-b855-c550268ce08a",
    "f3-3517ff2a884f6eb855c550268ce0-8a",
  ])("written %s has one spelling inside", (written) => {
    expect(parseUuid(written)).toBe(templateId);
    expect(parsed(sms({ template_id: written })).templateId).toBe(templateId);
  });

  it.each(["", " f33517ff-2a88-4f6e-b855-c550268ce08a", "f33517ff", "0xf33517ff2a884f6eb855c550268ce0"])(
    "is not %j",
    (written) => {
      expect(parseUuid(written)).toBeUndefined();
    },
  );
});

describe("a time to send at", () => {
  it.each([
    ["2026-06-01T13:00:00Z", "2026-06-01T13:00:00.000Z"],
    ["2026-06-01 13:00", "2026-06-01T13:00:00.000Z"],
    ["20260601T1300", "2026-06-01T13:00:00.000Z"],
    ["2026-06-01T18:00:00.25+05:00", "2026-06-01T13:00:00.250Z"],
    ["2026-06-01T08:00-0500", "2026-06-01T13:00:00.000Z"],
    ["2026-06-02", "2026-06-02T00:00:00.000Z"],
    ["2026-06-02T12:00:00Z", "2026-06-02T12:00:00.000Z"],
  ])("written %s is %s", (written, moment) => {
    expect(parsed(sms({ scheduled_for: written })).scheduledFor).toEqual(new Date(moment));
  });

  it.each([
    ["2026-06-01T11:59:59Z", "scheduled_for datetime can not be in the past"],
    ["2026-06-02T12:00:01Z", "scheduled_for datetime can only be 24 hours in the future"],
    ["2026-06-31T12:00:00Z", /format is invalid/],
    ["2026-06-01T25:00:00Z", /format is invalid/],
    ["tomorrow", /format is invalid/],
    ["", /format is invalid/],
    [5, "scheduled_for 5 is not of type string, null"],
  ])("%j is refused", (written, message) => {
    const found = messages(sms({ scheduled_for: written }));
    expect(found).toEqual([typeof message === "string" ? message : expect.stringMatching(message)]);
  });
});

describe("an address for one-click unsubscribing", () => {
  it.each(["https:x", "httpsfoo:bar", "https://[2001:db8::1]:443/a?b#c", "https://u:p@example.com/%20"])(
    "may be %s",
    (url) => {
      expect(parsed(email({ one_click_unsubscribe_url: url })).oneClickUnsubscribeUrl).toBe(url);
    },
  );

  it.each(["", "https", "https://a b", "https://exämple.com", "https://a/%zz", "https://a/[b]", "https://a#b#c", 5])(
    "is not %j",
    (url) => {
      expect(messages(email({ one_click_unsubscribe_url: url }))).toEqual([
        "one_click_unsubscribe_url is not a valid https url",
      ]);
    },
  );
});

describe("what our API takes beyond Notify's", () => {
  it("comes out parsed", () => {
    const request = parsed(
      sms({
        priority: "high",
        valid_for_seconds: 259_200,
        callback_url: "https://example.com/x",
        flash: true,
      }),
    );
    expect(request).toMatchObject({
      priority: "high",
      validForSeconds: 259_200,
      callbackUrl: "https://example.com/x",
      flash: true,
    });
  });

  it("is optional", () => {
    expect(parsed(email({}))).toMatchObject({ priority: undefined, validForSeconds: undefined });
  });

  it.each<[JsonObject, string]>([
    [{ priority: "urgent" }, "priority urgent is not one of [high, normal, low]"],
    [{ valid_for_seconds: 0 }, "valid_for_seconds 0 is less than the minimum of 1"],
    [{ valid_for_seconds: 259_201 }, "valid_for_seconds 259201 is greater than the maximum of 259200"],
    [{ valid_for_seconds: "60" }, "valid_for_seconds 60 is not of type integer"],
    [{ callback_url: "http://example.com" }, "callback_url is not a valid https url"],
    [{ callback_url: "https://user:secret@example.com" }, "callback_url is not a valid https url"],
    [{ no_store: "always" }, "no_store always is not true, false or hash"],
    [{ flash: 1 }, "flash 1 is not of type boolean"],
  ])("refuses %j", (change, message) => {
    expect(messages(sms(change))).toEqual([message]);
  });

  it("does not include flash for emails", () => {
    expect(messages(email({ flash: true }))).toEqual(["Additional properties are not allowed (flash was unexpected)"]);
  });
});

describe("a file", () => {
  it("is set aside from the text of an email", () => {
    const request = parsed(email({ personalisation: { report: { file: "YQ==" }, name: "Anne" } }));
    expect(request.personalisation).toEqual({ values: { name: "Anne" }, files: ["report"] });
    expect(request.fileObjects).toEqual({ report: { file: "YQ==" } });
  });

  it("comes out parsed, with false for no name", () => {
    const json = { file: "YQ==", filename: false, retention_period: " 04 WEEKS ", confirm_email_before_download: true };
    expect(parsed(checkFileObject(json))).toEqual({
      content: "YQ==",
      filename: null,
      isCsv: null,
      confirmEmailBeforeDownload: true,
      retentionWeeks: 4,
    });
  });

  it("is told first what should not be there, and last that it names two types", () => {
    expect(messages(checkFileObject({ file: 1, is_csv: "yes", filename: "report", other: 1 }))).toEqual([
      "Additional properties are not allowed (other was unexpected)",
      "file 1 is not of type string",
      "is_csv Unsupported value for is_csv: yes. Use a boolean true or false value.",
      "filename `filename` must end with a file extension. For example, filename.csv",
      "Do not set a value for `is_csv` if `filename` is set.",
    ]);
  });
});

describe("lists", () => {
  it("take the first of what can be given once, and all of what can be repeated", () => {
    const query = new URLSearchParams(
      "status=sent&status=failed&template_type=sms&reference=&reference=b&include_jobs=true",
    );
    expect(parsed(checkNotificationsQuery(query))).toEqual({
      reference: "",
      statuses: ["sent", "failed"],
      templateTypes: ["sms"],
      includeJobs: true,
      olderThan: undefined,
    });
  });

  it.each([
    ["status=", /^status {2}is not one of \[cancelled, created/],
    ["page=2", /^Additional properties are not allowed \(page was unexpected\)$/],
    ["older_than=x", /^older_than is not a valid UUID$/],
  ])("refuse ?%s", (query, message) => {
    expect(messages(checkNotificationsQuery(new URLSearchParams(query)))).toEqual([expect.stringMatching(message)]);
  });
});

describe("a preview", () => {
  it("needs no personalisation, takes an empty list for none, and lets unknown properties pass", () => {
    const bodies: JsonValue[] = [null, { personalisation: [] }, { other: 1 }];
    for (const body of bodies)
      expect(parsed(checkPreviewRequest(templateId, body)).personalisation).toEqual({ values: {}, files: [] });
  });
});
