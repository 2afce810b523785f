import { describe, expect, it } from "vitest";
import { withoutPersonalData } from "./without-personal-data.ts";

describe("an error message for the log", () => {
  it.each([
    ["'ann@example.org' is not allowed, nor is 07700 900123", "… is not allowed, nor is …"],
    ["ann@example.org is not valid", "… is not valid"],
    ["phone_number Not a UK mobile number", "phone_number Not a UK mobile number"],
    ["(447700900123) is too long", "(…) is too long"],
    ["Exceeded send limits (sms: 250000) for today", "Exceeded send limits (sms: 250000) for today"],
    [
      "sms_sender_id 0190163d-8694-739b-aea5-966c26f8ad90 does not exist",
      "sms_sender_id 0190163d-8694-739b-aea5-966c26f8ad90 does not exist",
    ],
    ["a".repeat(900), "a".repeat(500)],
  ])("%s", (message, kept) => {
    expect(withoutPersonalData(message)).toBe(kept);
  });
});
