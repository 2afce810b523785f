import { describe, expect, it } from "vitest";
import { changedContact, contactProblem, contactValues, isSameContact, NO_DETAILS } from "./contact.ts";
import { readContact } from "./read-contact.ts";

const ANN = { ...NO_DETAILS, number: "447700900123", firstName: "Ann", fields: { Branch: "North", Card: "12" } };

describe("a change", () => {
  it.each([
    [{}, ANN],
    [
      { firstName: null, lastName: "Ash" },
      { ...ANN, firstName: undefined, lastName: "Ash" },
    ],
    [{ fields: { "branch ": "South", Card: null } }, { ...ANN, fields: { "branch ": "South" } }],
    [{ addressLines: ["1 High Street"] }, { ...ANN, addressLines: ["1 High Street"] }],
  ])("%j", (change, after) => {
    expect(changedContact(ANN, change)).toEqual(after);
  });

  it("is none where only the order of fields differs", () => {
    expect(isSameContact(ANN, { ...ANN, fields: { Card: "12", Branch: "North" } })).toBe(true);
    expect(isSameContact(ANN, { ...ANN, fields: { Card: "13", Branch: "North" } })).toBe(false);
  });

  it("cannot leave a contact that nobody can reach, or with more fields than it may have", () => {
    expect(contactProblem({ ...ANN, number: undefined })).toMatch(/^phone_number or email_address/);
    const fields = Object.fromEntries(Array.from({ length: 31 }, (_, at) => [`f${at}`, "x"]));
    expect([contactProblem({ ...ANN, fields }), contactProblem(ANN)]).toEqual([
      "fields cannot have more than 30",
      undefined,
    ]);
  });
});

it("a contact has values for placeholders, and its own fields under their names", () => {
  expect(contactValues({ ...ANN, lastName: "Ash", addressLines: ["1 High Street"] })).toEqual({
    ...{ "phone number": "+447700900123", "first name": "Ann", "last name": "Ash", name: "Ann Ash" },
    ...{ "address line 1": "1 High Street", Branch: "North", Card: "12" },
  });
});

describe("the door", () => {
  it.each([
    [{ phone_number: "07700 900123" }, { number: "447700900123" }],
    [
      { phone_number: "", email_address: null },
      { number: null, emailAddress: null },
    ],
    [
      { first_name: " Ann ", fields: { " Card ": " 12 ", Branch: "" } },
      { firstName: "Ann", fields: { Card: "12", Branch: null } },
    ],
    [{ address_lines: ["a", "", " b "] }, { addressLines: ["a", "b"] }],
    [{}, {}],
  ])("lets %j in", (json, change) => {
    expect(readContact(json)).toEqual({ change, problems: [] });
  });

  it.each([
    [{ company: "a\nb" }, "company", /on one line/],
    [{ title: "x".repeat(201) }, "title", /longer than 200/],
    [{ address_lines: Array.from({ length: 8 }, () => "x") }, "address_lines", /more than 7/],
    [{ address_lines: [1] }, "address_lines", /not of type string/],
    [{ fields: [] }, "fields", /not of type object/],
    [{ fields: { Card: 1 } }, "fields Card", /not of type string/],
    [{ fields: { Card: "\u0007" } }, "fields Card", /control/],
    [{ fields: { "-": "x" } }, "fields -", /must have a name/],
    [{ fields: { address_line_3: "x" } }, "fields address_line_3", /name of ours/],
  ])("keeps %j out", (json, field, problem) => {
    expect(readContact(json).problems).toMatchObject([{ field, problem: expect.stringMatching(problem) }]);
  });
});
