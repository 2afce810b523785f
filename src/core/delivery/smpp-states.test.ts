import { describe, expect, it } from "vitest";
import { asksForReceipts, receiptError, type SmppState, smppStateOf, wantsToHear } from "./smpp-states.ts";
import { FINAL_STATUSES, type Status } from "./statuses.ts";

describe("what a bound system hears", () => {
  it.each<[Status, SmppState | undefined]>([
    ["created", undefined],
    ["sending", undefined],
    ["pending", "ENROUTE"],
    ["delivered", "DELIVRD"],
    ["temporary-failure", "EXPIRED"],
    ["permanent-failure", "UNDELIV"],
    ["technical-failure", "REJECTD"],
    ["cancelled", "DELETED"],
  ])("of %s is %s", (status, state) => {
    expect(smppStateOf(status)).toBe(state);
  });

  it("is something of every end that a text can come to", () => {
    const ofOthers = ["failed", "validation-failed", "virus-scan-failed", "returned-letter"];
    const ends = FINAL_STATUSES.filter((status) => !ofOthers.includes(status));
    expect(ends.filter((status) => smppStateOf(status) === undefined)).toEqual([]);
  });

  it.each<[number, SmppState, boolean]>([
    [0, "DELIVRD", false],
    [0, "ENROUTE", false],
    [1, "DELIVRD", true],
    [1, "UNDELIV", true],
    [1, "ENROUTE", false],
    [2, "DELIVRD", false],
    [2, "EXPIRED", true],
    [3, "ACCEPTD", true],
    [3, "REJECTD", false],
    [0x11, "ENROUTE", true],
    [0x10, "DELIVRD", false],
  ])("with registered_delivery %i of %s: %s", (registeredDelivery, state, wants) => {
    expect(wantsToHear(registeredDelivery, state)).toBe(wants);
  });

  it.each([
    [0, false],
    [1, true],
    [0x10, true],
    [0x0c, false],
  ])("is asked for by registered_delivery %i: %s", (registeredDelivery, asks) => {
    expect(asksForReceipts(registeredDelivery)).toBe(asks);
  });

  it.each([
    [undefined, "000"],
    ["DELIVRD", "000"],
    ["UNDELIV 27", "027"],
    ["UNDELIV 0x1234", "000"],
    ["EXPIRED 1234", "234"],
  ])("of the code %s is the error %s", (code, error) => {
    expect(receiptError(code)).toBe(error);
  });
});
