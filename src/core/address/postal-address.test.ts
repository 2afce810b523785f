import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import cases from "../../../test/vectors/postal-addresses.json" with { type: "json" };
import type { JsonObject } from "../json/json-value.ts";
import { addressProblemMessage } from "./address-problem.ts";
import { addressText } from "./address-text.ts";
import { findCountry } from "./country.ts";
import { parsePostalAddress, readPostalAddress } from "./postal-address.ts";
import { formatPostcode } from "./postcode.ts";

interface PersonalisationCase {
  personalisation: JsonObject;
  normalised_lines: string[];
  api_error: string | null;
}

const personalisationCases: PersonalisationCase[] = JSON.parse(
  readFileSync(new URL("../../../test/vectors/postal-from-personalisation.json", import.meta.url), "utf8"),
);

const PERMISSIONS = {
  uk_only: { international: false },
  international_allowed: { international: true },
};

function verdict(text: string, permissions: keyof typeof PERMISSIONS) {
  const parsed = parsePostalAddress(text, PERMISSIONS[permissions]);
  if (typeof parsed !== "string") return { valid: true, api_error: null, precompiled_error: null };
  return { valid: false, api_error: addressProblemMessage(parsed), precompiled_error: parsed };
}

function orOneEmptyLine(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [""] : lines;
}

describe("a postal address", () => {
  it.each(cases.map((worked) => [JSON.stringify(worked.lines), worked] as const))("%s", (_, worked) => {
    const text = worked.lines.join("\n");
    const { lines, zone, bfpoNumber } = readPostalAddress(text);
    expect({
      lines: worked.lines,
      uk_only: verdict(text, "uk_only"),
      international_allowed: verdict(text, "international_allowed"),
      normalised_lines: orOneEmptyLine(lines),
      postage_zone: zone,
      international: zone !== "united-kingdom",
      bfpo_number: bfpoNumber === undefined ? null : Number(bfpoNumber),
    }).toEqual(worked);
  });

  it.each([
    [
      "BFPO lines without a number go once one has it",
      "Sgt A\n1 Unit\nBFPO\nBFPO 012\nBF1 1AA",
      "Sgt A|1 Unit|BF1 1AA|BFPO 12",
    ],
    ["the first BFPO number is used", "Sgt A\n1 Unit\nBFPO 5\nBFPO 6", "Sgt A|1 Unit|BFPO 5"],
    ["a number of nothing but zeros is a number", "Sgt A\n1 Unit\nBFPO 000", "Sgt A|1 Unit|BFPO 0"],
    ["nothing but a BFPO number", "BFPO 1", "BFPO 1"],
    ["a country named twice at home", "A\nB\nJE2 4WE\nJersey\nChannel Islands", "A|B|JE2 4WE"],
    ["a country elsewhere than at the end stays", "A\nEngland\nB\nSW1A 1AA\nUK", "A|England|B|SW1A 1AA"],
    ["only the last country abroad is one", "A\nFrance\nGermany", "A|France|Germany"],
    ["lines broken by any line break", "A\r\nB\u2028C\vSW1A 1AA", "A|B|C|SW1A 1AA"],
    ["spaces before commas and full stops", "A , B .\nC\nSW1A 1AA", "A, B.|C|SW1A 1AA"],
  ])("%s", (_, text, lines) => {
    expect(readPostalAddress(text).lines.join("|")).toBe(lines);
  });

  it.each([
    ["nfa in any case", "A\nnfa\nSW1A 1AA", "no-fixed-abode-address"],
    ["a line that only begins so", "A\nNFA House\nSW1A 1AA", undefined],
    ["a tilde", "A\n~B\nSW1A 1AA", "invalid-char-in-address"],
    ["what is wrong first", "A\n~NFA\nSW1A", "not-a-real-uk-postcode"],
  ])("is judged by %s", (_, text, problem) => {
    const parsed = parsePostalAddress(text, { international: false });
    expect(typeof parsed === "string" ? parsed : undefined).toBe(problem);
  });
});

describe("an address that somebody has made to be slow", () => {
  it.each([
    ["commas", `A\n${",".repeat(1_000_000)}x\nSW1A 1AA`],
    ["spaces and commas", `A\n${" ,".repeat(500_000)}x\nSW1A 1AA`],
    ["lines", `A\n${"UK\n".repeat(300_000)}`],
    ["BFPO", `A\n${"bfpo c/o\n".repeat(100_000)}BFPO ${"0".repeat(1_000_000)}x`],
    ["letters", `A\nB\n${"é".repeat(1_000_000)}`],
  ])("%s is read in time", (_, text) => {
    const startedAt = performance.now();
    parsePostalAddress(text, { international: true });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

describe("an address in personalisation", () => {
  it.each(personalisationCases.map((worked) => [JSON.stringify(worked.personalisation), worked] as const))(
    "%s",
    (_, worked) => {
      const text = addressText(worked.personalisation);
      expect({
        personalisation: worked.personalisation,
        normalised_lines: orOneEmptyLine(readPostalAddress(text).lines),
        api_error: verdict(text, "uk_only").api_error,
      }).toEqual(worked);
    },
  );

  it.each<[string, JsonObject, string]>([
    ["what is nothing in Python", { address_line_1: 0, address_line_2: false, address_line_3: [], postcode: {} }, ""],
    ["a list in one line", { address_line_1: ["a", 1] }, "['a', 1]"],
    ["only keys spelt exactly", { "address line 1": "A", Address_Line_2: "B", addressline3: "C", postcode: "D" }, "D"],
    ["line breaks inside", { address_line_1: "A\nB", postcode: "C" }, "A|B|C"],
    ["nothing that objects inherit", JSON.parse('{"__proto__": {"address_line_1": "A"}}') as JsonObject, ""],
  ])("takes %s", (_, personalisation, lines) => {
    expect(readPostalAddress(addressText(personalisation)).lines.join("|")).toBe(lines);
  });
});

describe("a country", () => {
  it.each([
    ["France", "France", "europe"],
    [" F.R.A.N.C.E ", "France", "europe"],
    ["YR ALMAEN", "Germany", "europe"],
    ["Almaen", "Germany", "europe"],
    ["Gambia", "The Gambia", "rest-of-world"],
    ["Trinidad + Tobago", "Trinidad and Tobago", "rest-of-world"],
    ["Curaçao", "Curaçao", "rest-of-world"],
    ["Curacao", "Curaçao", "rest-of-world"],
    ["Guinea–Bissau", "Guinea-Bissau", "rest-of-world"],
    ["‘Umān", "Oman", "rest-of-world"],
    ["Ελλάδα", "Greece", "europe"],
    ["ශ්‍රී ලංකා", "Sri Lanka", "rest-of-world"],
    ["日本", "Japan", "rest-of-world"],
    ["Isle of Man", "United Kingdom", "united-kingdom"],
    ["Guernsey", "United Kingdom", "united-kingdom"],
    ["Yr Alban", "United Kingdom", "united-kingdom"],
  ])("%s is %s", (line, name, zone) => {
    expect(findCountry(line)).toEqual({ name, zone });
  });

  it.each(["", "-", "France 2", "75001 Paris", "La France", "__proto__", "constructor"])(
    "is not named by %j",
    (line) => {
      expect(findCountry(line)).toBeUndefined();
    },
  );
});

describe("a postcode", () => {
  it.each([
    ["sw1a1aa", "SW1A 1AA"],
    ["B 3 3 8 T H", "B33 8TH"],
    ["n5 3ef", "N5 3EF"],
    ["JE2 4WE", "JE2 4WE"],
    ["SW1A 1AV", undefined],
    ["ZZ1 1AA", undefined],
    ["SW1A 1AA.", undefined],
    ["", undefined],
  ])("%j is %j", (line, postcode) => {
    expect(formatPostcode(line)).toBe(postcode);
  });
});
