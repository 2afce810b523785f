import { describe, expect, it } from "vitest";
import { billableFragments, type CarriedText } from "./billable-fragments.ts";

const text: CarriedText = { status: "delivered", fragments: 3, attempts: 1, isTest: false };

describe("the fragments to be paid for", () => {
  it.each<[string, Partial<CarriedText>, number]>([
    ["are none before a provider was asked", { status: "created", attempts: 0 }, 0],
    ["are all once one was, even if it could not take the text", { status: "created" }, 3],
    ["are all when the text was delivered", {}, 3],
    ["are none when it was cancelled before anyone was asked", { status: "cancelled", attempts: 0 }, 0],
    ["of a test are none while it is on its way", { isTest: true, status: "sending" }, 0],
    ["of a test abroad are none while nobody reports", { isTest: true, status: "sent" }, 0],
    ["of a test are all once the sandbox has reported", { isTest: true, status: "temporary-failure" }, 3],
    ["of a cancelled test are none", { isTest: true, status: "cancelled", attempts: 0 }, 0],
  ])("%s", (_, change, expected) => {
    expect(billableFragments({ ...text, ...change })).toBe(expected);
  });
});
