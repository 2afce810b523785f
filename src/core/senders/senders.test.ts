import { describe, expect, it } from "vitest";
import {
  type CountrySenderRule,
  chooseTextSender,
  type SenderCandidate,
  type SenderQuestion,
} from "./choose-text-sender.ts";
import { foldSender, type ProtectedName, protectedNameIn } from "./look-alike.ts";
import { parseAnySender, parseTextSender } from "./parse-text-sender.ts";
import { SENDER_TYPES } from "./sender-type.ts";
import { suggestedRule } from "./suggested-rule.ts";

describe("what people enter as a sender", () => {
  it.each([
    ["GOVTown", "alphanumeric"],
    ["N-wold & Co", "alphanumeric"],
    ["07700900123", "long-number"],
    ["+12025550123", "long-number"],
    ["60123", "short-code"],
    ["601234", "short-code"],
  ])("%j is a %s", (text, type) => expect(parseTextSender(text)).toEqual({ type, sender: text }));

  it.each([
    ["07700 900123", "sender-too-long"],
    ["12345", "sender-number"],
    ["6012345", "sender-number"],
    ["02079460000", "sender-number"],
    ["12025550123", "sender-number"],
    ["0044123", "sender-zeros"],
    ["+1234567890123456", "sender-too-long"],
    ["ab", "sender-too-short"],
    ["abcdefghijkl", "sender-too-long"],
    ["Verify", "sender-generic"],
    ["to wn!", "sender-characters"],
    ["123 456", "sender-characters"],
    ["", "sender-missing"],
  ])("%j is refused: %s", (text, problem) => expect(parseTextSender(text)).toBe(problem));

  it.each([
    ["62345678", "short-code"],
    ["123", "short-code"],
    ["+123456789012345", "long-number"],
    ["Alert", "alphanumeric"],
  ])("operators may enter %j, a %s", (text, type) => expect(parseAnySender(text)).toEqual({ type, sender: text }));
});

describe("names that look alike", () => {
  it.each([
    ["HMRC", "hm-rc"],
    ["HMRC", "H.M R_C"],
    ["PayPal", "PayPaI"],
    ["PayPal", "payp4l"],
    ["Barclays", "Bar-clay5"],
    ["Monzo", "M0NZ0"],
    ["Amazon", "Arnazon"],
    ["Lloyds", "L1oyds"],
    ["BBC", "88C"],
    ["Westfen", "vvestfen"],
  ])("%s: %s", (one, other) => {
    expect(foldSender(one)).toBe(foldSender(other));
  });

  it.each([
    ["Northwold", "Southwold"],
    ["HMRC", "HMRC Tax"],
    ["Fenland", "Fenlamb"],
  ])("but not %s and %s", (one, other) => expect(foldSender(one)).not.toBe(foldSender(other)));

  const hmrc: ProtectedName = {
    ...{ id: "1", name: "HMRC", coversLonger: true, organisationIds: ["treasury"], serviceIds: ["tax"] },
  };
  const bank: ProtectedName = { ...hmrc, id: "2", name: "Fenbank", coversLonger: false, organisationIds: [] };
  it.each([
    ["HMRC", "other", undefined, "HMRC"],
    ["HMRC-Tax", "other", undefined, "HMRC"],
    ["Northwold", "other", undefined, undefined],
    ["HMRC", "tax", undefined, undefined],
    ["HMRC", "other", "treasury", undefined],
    ["Fen 8ank", "other", "treasury", "Fenbank"],
    ["Fenbanking", "other", undefined, undefined],
  ])("%s for the service %s of %s: %s", (sender, serviceId, organisationId, name) => {
    expect(protectedNameIn([hmrc, bank], sender, { serviceId, organisationId })?.name).toBe(name);
  });
});

const name: SenderCandidate = { id: "a", sender: "Northwold", isDefault: true, registeredCountries: ["372"] };
const number: SenderCandidate = { id: "b", sender: "+12025550123", isDefault: false, registeredCountries: [] };
const code: SenderCandidate = { id: "c", sender: "60006", isDefault: false, registeredCountries: [] };
const rule = (wish: Partial<CountrySenderRule>): CountrySenderRule => {
  return { countryPrefix: "372", senderTypes: SENDER_TYPES, registeredOnly: false, needsSignature: false, ...wish };
};

function choose(wish: Partial<SenderQuestion>) {
  return chooseTextSender({
    ...{ senders: [name, number, code], pools: [], wantedId: undefined, lastResort: "Pennypost" },
    ...{ rule: undefined, recipient: "447700900123", draw: () => 0 },
    ...wish,
  });
}

describe("the sender of a text", () => {
  const from = (sender: string, note?: object) => ({ kind: "sender", sender, note });

  it.each([
    ["is the default", {}, from("Northwold")],
    ["is the one that is named", { wantedId: "c" }, from("60006")],
    ["is the product's where there is none", { senders: [] }, from("Pennypost")],
    ["is nothing unknown", { wantedId: "z" }, { kind: "unknown" }],
    ["is registered", { rule: rule({ registeredOnly: true }) }, from("Northwold")],
    [
      "is a number where no names come through",
      { rule: rule({ senderTypes: ["long-number"] }) },
      from("+12025550123", { instead: "Northwold" }),
    ],
    [
      "is a short code where nothing else comes through",
      { rule: rule({ senderTypes: ["short-code"] }) },
      from("60006", { instead: "Northwold" }),
    ],
    [
      "is a name where nothing else comes through",
      { wantedId: "c", rule: rule({ senderTypes: ["alphanumeric"] }) },
      from("Northwold", { instead: "60006" }),
    ],
    [
      "is the registered one where only those come through",
      { wantedId: "c", rule: rule({ registeredOnly: true }) },
      from("Northwold", { instead: "60006" }),
    ],
    ["stands in the words, too", { rule: rule({ needsSignature: true }) }, from("Northwold", { isSigned: true })],
    [
      "is refused where none comes through",
      { rule: rule({ countryPrefix: "1", registeredOnly: true }) },
      { kind: "not-in-country", rule: rule({ countryPrefix: "1", registeredOnly: true }) },
    ],
    [
      "is refused where the product's does not come through",
      { senders: [], rule: rule({ senderTypes: ["long-number"] }) },
      { kind: "not-in-country", rule: rule({ senderTypes: ["long-number"] }) },
    ],
  ] as const)("%s", (_, wish, choice) => expect(choose(wish)).toEqual(choice));
});

describe("a pool", () => {
  const numbers = Array.from({ length: 4 }, (_, at): SenderCandidate => {
    return { id: `id-${at}`, sender: `+1202555010${at}`, isDefault: at === 0, registeredCountries: [] };
  });
  const ids = numbers.map(({ id }) => id);
  const pool = { id: "p", name: "Numbers", senderIds: ids, isDefault: true, isSticky: true };
  const recipients = Array.from({ length: 400 }, (_, at) => `4477009${String(at).padStart(5, "0")}`);
  const senderFor = (recipient: string, senderIds = ids) => {
    const choice = choose({ senders: numbers, pools: [{ ...pool, senderIds }], recipient });
    return choice.kind === "sender" ? choice.sender : "";
  };

  it("spreads recipients evenly, each to a sender that stays theirs", () => {
    const counts = numbers.map(({ sender }) => recipients.filter((one) => senderFor(one) === sender).length);
    for (const count of counts) expect(count).toBeGreaterThan(70);
    for (const recipient of recipients) expect(senderFor(recipient)).toBe(senderFor(recipient));
  });

  it("moves no other recipients when a sender leaves", () => {
    const without = ids.slice(0, 3);
    const moved = recipients.filter((one) => senderFor(one) !== senderFor(one, without));
    expect(moved.every((one) => senderFor(one) === numbers[3]?.sender)).toBe(true);
    expect(moved.length).toBeGreaterThan(0);
  });

  it.each([
    ["is named by its id", { pools: [{ ...pool, isDefault: false }], wantedId: "p" }, "Numbers"],
    ["is not asked where a sender is named", { pools: [pool], wantedId: "id-2" }, undefined],
    ["is not asked where it is not the default", { pools: [{ ...pool, isDefault: false }] }, undefined],
  ])("%s", (_, wish, noted) => {
    const choice = choose({ senders: numbers, ...wish });
    expect(choice.kind === "sender" ? choice.note?.pool : "").toBe(noted);
  });

  it("draws anew for each text where recipients do not stay", () => {
    const loose = { ...pool, isSticky: false };
    const drawn = [0, 0.3, 0.6, 0.99].map((draw) => choose({ senders: numbers, pools: [loose], draw: () => draw }));
    expect(drawn.map((one) => one.kind === "sender" && one.sender)).toEqual(numbers.map(({ sender }) => sender));
  });

  it("sends from those of it that a country lets through, else from another of the service", () => {
    const mixed = { ...pool, senderIds: ["a", "c"] };
    const codes = choose({ pools: [mixed], rule: rule({ senderTypes: ["short-code"] }) });
    expect(codes).toEqual({ kind: "sender", sender: "60006", note: { pool: "Numbers", isSticky: true } });
    const long = choose({ pools: [mixed], rule: rule({ senderTypes: ["long-number"] }) });
    expect(long).toMatchObject({ kind: "sender", sender: "+12025550123" });
  });

  it("whose senders are gone is as none", () => {
    expect(choose({ pools: [{ ...pool, senderIds: ["gone"] }] })).toMatchObject({ sender: "Northwold" });
  });
});

describe("the rule to begin with", () => {
  it.each([
    ["32", { senderTypes: ["long-number", "short-code"], registeredOnly: false }],
    ["7", { senderTypes: ["alphanumeric"], registeredOnly: true }],
    ["30", undefined],
    ["51", undefined],
    ["999", undefined],
  ])("of %s", (prefix, wanted) => {
    if (wanted) expect(suggestedRule(prefix)).toMatchObject(wanted);
    else expect(suggestedRule(prefix)).toBeUndefined();
  });
});
