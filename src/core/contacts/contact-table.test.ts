import { describe, expect, it } from "vitest";
import { readContactTable } from "./contact-table.ts";

const rowsOf = (text: string) => {
  const table = readContactTable(text);
  return table.kind === "table" ? [...table.rows] : table.problem;
};

describe("a table of contacts", () => {
  it("says of each row what a request would say", () => {
    const table = [
      "Mobile,E-mail,First name,Card number,Address line 1,Address line 2,Postcode,Consent,Consent how,Added",
      "07700 900123,ann@example.org,Ann,12,1 High Street,,SW1A 1AA,marketing,at the till,yesterday",
      ",,,,",
      "07700 900124,,,,,,,,,",
    ].join("\n");
    expect(rowsOf(table)).toEqual([
      {
        row: 2,
        json: {
          ...{ phone_number: "07700 900123", email_address: "ann@example.org", first_name: "Ann" },
          ...{ address_lines: ["1 High Street", "SW1A 1AA"], fields: { "Card number": "12" } },
          consents: [{ purpose: "marketing", how: "at the till", given_at: "" }],
        },
      },
      { row: 4, json: { phone_number: "07700 900124" } },
    ]);
  });

  it("keeps the words of its columns for what is wrong", () => {
    const table = readContactTable("Mobile;Card\n1;2");
    const { columnOf } = table.kind === "table" ? table : { columnOf: String };
    expect(["phone_number", "fields Card", "language"].map(columnOf)).toEqual(["Mobile", "Card", "language"]);
  });

  it.each([
    ["", /first row must name the columns/],
    ["Name,Card\nAnn,12", /first row must name the columns/],
    ["Mobile,Phone\n1,2", "More than one column is for Phone"],
    ["Mobile,Card,card\n1,2,3", "More than one column is for card"],
    [`Mobile,${Array.from({ length: 31 }, (_, at) => `f${at}`).join(",")}`, /^31 columns are fields of your own/],
  ])("%j is none", (text, problem) => {
    expect(rowsOf(text)).toEqual(typeof problem === "string" ? problem : expect.stringMatching(problem));
  });
});
