import { describe, expect, it } from "vitest";
import cases from "../../../test/vectors/phone-numbers.json" with { type: "json" };
import { formatForPeople, normaliseSender } from "./format-phone-number.ts";
import { numberPermission } from "./number-permission.ts";
import { type PhoneNumber, type PhoneProblem, parsePhoneNumber } from "./parse-phone-number.ts";
import { phoneProblemMessage } from "./phone-problem-message.ts";

type Verdict = "ok" | { error: string; message: string };

/** Where we differ on purpose from Notify, by input. */
const NOT_MET: Record<string, string> = {
  "+1 770 090 0123": "a number in the United States that nobody can have is not a British drama number",
};

const NO_PERMISSIONS = { international: false, landlines: false, requiresCountry: false };
const PERMISSIONS = {
  no_permissions: NO_PERMISSIONS,
  international_sms: { ...NO_PERMISSIONS, international: true },
  sms_to_uk_landlines: { ...NO_PERMISSIONS, landlines: true },
};

const met = cases.filter(({ input }) => !(input in NOT_MET));
const validCases = met.filter((example) => example.valid);
const invalidCases = met.filter((example) => !example.valid);

function parseValid(input: string): PhoneNumber {
  const number = parsePhoneNumber(input);
  if (typeof number === "string") throw new Error(`${JSON.stringify(input)} is ${number}`);
  return number;
}

function verdict(number: PhoneNumber, permissions: typeof NO_PERMISSIONS): Verdict {
  const permission = numberPermission(number, permissions);
  if (permission.kind === "allowed") return "ok";
  const error = permission.refusal.kind === "invalid-phone" ? "InvalidPhoneError" : "BadRequestError";
  return { error, message: permission.refusal.message };
}

describe("parsing phone numbers", () => {
  it("leaves out only cases marked as quirks", () => {
    const leftOut = cases.filter(({ input }) => input in NOT_MET);
    expect(leftOut).toHaveLength(Object.keys(NOT_MET).length);
    expect(leftOut.every((example) => example.quirk)).toBe(true);
  });

  it.each(validCases)("finds the number in $input", (example) => {
    const number = parseValid(example.input);
    expect(number).toMatchObject({
      digits: example.normalised,
      international: example.international,
      crownDependency: example.crown_dependency,
      countryPrefix: example.country_prefix,
      rateMultiplier: example.rate_multiplier,
      isTvNumber: example.accepted_as_tv_number,
    });
    expect(formatForPeople(number.digits)).toBe(example.human_readable);
  });

  it.each(validCases)("knows which services may text $input", (example) => {
    const number = parseValid(example.input);
    const verdicts = Object.entries(PERMISSIONS).map(([name, permissions]) => [name, verdict(number, permissions)]);
    expect(Object.fromEntries(verdicts)).toEqual(example.with_permissions);
  });

  it.each(invalidCases)("says what is wrong with $input", (example) => {
    const problem = parsePhoneNumber(example.input);
    expect(typeof problem === "string" && phoneProblemMessage(problem)).toBe(example.api_error);
  });

  it("keeps the number as submitted, without what surrounds it unseen", () => {
    expect(parseValid("\u200B 07700 900123\uFEFF\n").asSubmitted).toBe("07700 900123");
  });

  it.each([
    ["07700 900123", "ok"],
    ["7700900123", "ok"],
    ["447700900123", "ok"],
    ["+33 6 12 34 56 78", "ok"],
    ["(+33) 6 12 34 56 78", "ok"],
    ["\u200B+33 6 12 34 56 78", "ok"],
    ["0033 6 12 34 56 78", "ok"],
    ["33 6 12 34 56 78", "country code missing"],
    ["37251234567", "country code missing"],
  ])("whose country must be said: %j is %s", (input, expected) => {
    const found = verdict(parseValid(input), { international: true, landlines: false, requiresCountry: true });
    const message = "Country code missing: begin a phone number abroad with + or 00";
    expect(found).toEqual(expected === "ok" ? "ok" : { error: "InvalidPhoneError", message });
    expect(verdict(parseValid(input), PERMISSIONS.international_sms)).toBe("ok");
  });

  it.each<[string, PhoneProblem]>([
    ["", "too-short"],
    ["07700 90012", "invalid"],
    ["+1 770 090 0123", "invalid"],
    ["0".repeat(300), "too-short"],
    [`+${"1".repeat(300)}`, "invalid"],
  ])("refuses %j", (input, problem) => {
    expect(parsePhoneNumber(input)).toBe(problem);
  });
});

describe("senders", () => {
  it.each([
    ["07700900123", "447700900123"],
    ["+447700900123", "447700900123"],
    ["GOVUK", "GOVUK"],
    ["80800", "80800"],
  ])("shows %s as %s", (sender, shown) => {
    expect(normaliseSender(sender)).toBe(shown);
  });
});
