import { describe, expect, it } from "vitest";
import { holdsFor, SUPPRESSION_REASONS, suppressedMessage } from "./suppression-reason.ts";

describe("a reason", () => {
  it.each(SUPPRESSION_REASONS)("%s holds for messages", (reason) => {
    expect(holdsFor(reason, "message")).toBe(true);
  });

  it.each([
    ["asked-to-stop", true],
    ["permanent-failure", true],
    ["by-hand", true],
    ["imported", true],
    ["unsubscribed", false],
    ["complaint", false],
  ] as const)("%s holds for one-time codes: %s", (reason, holds) => {
    expect(holdsFor(reason, "code")).toBe(holds);
  });

  it("is said with what to do about it", () => {
    expect(suppressedMessage("permanent-failure", "sms")).toBe(
      "Can’t send to this number: messages to this number have failed for good. Release it from your suppression list before you send to it again",
    );
  });
});
