import { describe, expect, it } from "vitest";
import { type JsonObject, jsonNumber } from "../json/json-value.ts";
import { parsePath, textAt } from "./body-path.ts";
import { conditionText, holds, parseCondition } from "./condition.ts";
import { CONNECTION_KINDS, PRESETS } from "./connection-kind.ts";
import { judgeEvent } from "./judge-event.ts";
import { PIPEDRIVE_PERSON, WOOCOMMERCE_ORDER } from "./sample-bodies.ts";

const BODY: JsonObject = {
  ...{
    id: 17,
    paid: true,
    none: null,
    empty: "",
    total: jsonNumber("12.50"),
    list: ["a", "b"],
    "ship-to": { name: "Ada" },
  },
  phones: [
    { label: "work", value: "1" },
    { label: "home phone", primary: true, value: "2" },
  ],
};

describe("a path", () => {
  it.each([
    ["id", "17"],
    ["paid", "true"],
    ["total", "12.50"],
    ["ship-to.name", "Ada"],
    ["phones[0].value", "1"],
    ["phones[primary=true].value", "2"],
    ["phones[label=home phone].value", "2"],
    ["list[1]", "b"],
    ["list[2]", undefined],
    ["list", undefined],
    ["none", undefined],
    ["empty", ""],
    ["ship-to", undefined],
    ["constructor", undefined],
    ["ship-to.__proto__.name", undefined],
    ["phones[constructor=x].value", undefined],
  ])("%s leads to %j", (path, text) => expect(textAt(BODY, path)).toBe(text));

  it.each(["", ".", "a..b", "a b", "a[", "a[x]", "a[1000]", "a.[0]x", "a[b=c", "a]", "a".repeat(201), "a.".repeat(21)])(
    "%j is none",
    (path) => expect(parsePath(path)).toBeUndefined(),
  );

  it("may begin with a list", () => expect(textAt([{ a: "1" }], "[0].a")).toBe("1"));
});

describe("a condition", () => {
  it.each([
    ["id is 17", true],
    ["id is 18", false],
    ["id is not 18", true],
    ["nothing is not 18", true],
    ["paid is true", true],
    ["id is one of 16, 17", true],
    ["id is one of 1, 7", false],
    ["nothing is one of a", false],
    ["id is there", true],
    ["phones is there", true],
    ["none is there", false],
    ["none is missing", true],
    ["empty is missing", true],
    ["phones[label=home phone].value is 2", true],
  ])("%s: %j", (line, isMet) => {
    const condition = parseCondition(line);
    expect(condition && holds(condition, BODY)).toBe(isMet);
    expect(condition && conditionText(condition)).toBe(line);
  });

  it.each([
    "",
    "id",
    "id is",
    "is 17",
    "id is not",
    "id is one of ",
    "id is one of a,,b",
    "a b is c",
    `id is ${"x".repeat(201)}`,
  ])("%j is none", (line) => expect(parseCondition(line)).toBeUndefined());

  it("is read in little time, however it is written", () => {
    const began = performance.now();
    parseCondition(` is ${" is ".repeat(1_200)}`);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

describe("an event", () => {
  const reading = {
    recipientPath: "phones[0].value",
    fields: { name: "ship-to.name" },
    conditions: [],
    eventPath: "id",
  };

  it("is for whoever stands where the recipient does, with the fields' values", () => {
    const found = { recipient: "1", values: { name: "Ada" }, event: "17" };
    expect(judgeEvent(BODY, reading)).toEqual({ kind: "send", ...found });
    const fields = { list: "list", nothing: "none" };
    expect(judgeEvent(BODY, { ...reading, fields, eventPath: undefined })).toEqual({
      ...{ kind: "send", recipient: "1", values: { list: ["a", "b"], nothing: "" }, event: undefined },
    });
  });

  it("is left out at the first condition that does not hold", () => {
    const conditions = ["id is 17", "paid is false", "id is 18"].map(
      (line) => parseCondition(line) ?? expect.unreachable(),
    );
    expect(judgeEvent(BODY, { ...reading, conditions })).toEqual({ kind: "left-out", condition: "paid is false" });
  });

  it.each([
    [{ recipientPath: "fax" }, "There is no recipient at fax"],
    [{ recipientPath: "none" }, "There is no recipient at none"],
    [{ fields: { name: "ship-to" } }, "There is no text at ship-to, which ((name)) is filled from"],
    [{ fields: { name: "phones" } }, "There is no text at phones, which ((name)) is filled from"],
    [{ eventPath: "none" }, "There is nothing at none, by which events are told apart"],
  ])("%j: %s", (change, reason) => {
    expect(judgeEvent(BODY, { ...reading, ...change })).toEqual({ kind: "refused", reason });
  });
});

describe("what is usual for a product", () => {
  const usual = (kind: (typeof CONNECTION_KINDS)[number], channel: "sms" | "email", names: readonly string[]) => {
    const { recipientPath, conditions, eventPath, fields } = PRESETS[kind];
    return {
      recipientPath: recipientPath[channel],
      fields: Object.fromEntries(names.map((name) => [name, fields[name] ?? ""])),
      conditions: conditions.map((line) => parseCondition(line) ?? expect.unreachable(line)),
      eventPath: eventPath || undefined,
    };
  };

  it.each(CONNECTION_KINDS)("%s has paths and conditions alone", (kind) => {
    const { recipientPath, fields, conditions, eventPath } = PRESETS[kind];
    const paths = [...Object.values(recipientPath), ...Object.values(fields), ...(eventPath ? [eventPath] : [])];
    expect(paths.filter((path) => parsePath(path) === undefined)).toEqual([]);
    expect(conditions.filter((line) => parseCondition(line) === undefined)).toEqual([]);
  });

  it("reads a new person of Pipedrive", () => {
    expect(judgeEvent(PIPEDRIVE_PERSON, usual("pipedrive", "sms", ["first name"]))).toEqual({
      ...{ kind: "send", recipient: "07700 900123", values: { "first name": "Ada" } },
      event: "3f0bd2a1-7c5e-4a3b-9a52-2d5ecf1e8b10",
    });
  });

  it("reads an order of WooCommerce that is paid", () => {
    expect(judgeEvent(WOOCOMMERCE_ORDER, usual("woocommerce", "email", ["order number", "total"]))).toEqual({
      ...{
        kind: "send",
        recipient: "ada@example.com",
        values: { "order number": "727", total: "29.35" },
        event: "727",
      },
    });
  });
});
