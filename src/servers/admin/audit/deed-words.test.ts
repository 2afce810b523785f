import { describe, expect, it } from "vitest";
import { textIn } from "../catalogue/text.ts";
import { formatsOf } from "../formats/formats.ts";
import { actionWords, changesOf, subjectWords } from "./deed-words.ts";

const ID = "0195d3a0-7c1e-7a30-8a54-0d6f5a1c2b3d";
const place = { language: "en", timeZone: "Europe/London", currency: "GBP" } as const;
const words = { text: textIn("en"), formats: formatsOf(place, new Date("2026-06-01T12:00:00Z")) };

it.each([
  ["member.changed", "Permissions changed"],
  ["service.made-live", "Service made live"],
  ["parrot.taught-to-sing", "Parrot taught to sing"],
])("%s is told as “%s”", (action, told) => {
  expect(actionWords(words, action)).toBe(told);
});

it.each([
  [`user ${ID}`, "Amala Osei", "Amala Osei"],
  [`join request ${ID}`, undefined, undefined],
  [ID, undefined, undefined],
  ["Appointment reminder", undefined, "Appointment reminder"],
  ["Appointment reminder (sms) of Northwold Clinics", undefined, "Appointment reminder (sms)"],
  [" of Northwold Clinics", undefined, undefined],
  ["of Northwold Clinics", undefined, undefined],
])("the subject %s, which is called %s, is told as %s", (subject, subjectName, told) => {
  expect(subjectWords({ subject, subjectName }, "Northwold Clinics")).toBe(told);
});

describe("a change", () => {
  it.each([
    {
      name: "of permissions is told in words",
      before: { permissions: ["send_messages"] },
      after: { permissions: [] },
      told: [{ field: "permissions", before: "Send messages", after: "nothing" }],
    },
    {
      name: "leaves out what stayed",
      before: { name: "Parks", dailyLimitSms: 50 },
      after: { name: "Parks", dailyLimitSms: 12_000 },
      told: [{ field: "texts a day", before: "50", after: "12,000" }],
    },
    {
      name: "of what was not there before has only an after",
      before: undefined,
      after: { expiresAt: "2026-06-30T11:00:00.000Z", isDefault: true, somethingElse: null },
      told: [
        { field: "expires", before: undefined, after: "30 June 2026 at 12:00" },
        { field: "default", before: undefined, after: "yes" },
        { field: "something else", before: undefined, after: "nothing" },
      ],
    },
    {
      name: "of what has an id alone is left out",
      before: undefined,
      after: { request: ID, organisationId: ID },
      told: [],
    },
    {
      name: "of ids is told by how many",
      before: undefined,
      after: { hiddenFolderIds: [ID, ID] },
      told: [{ field: "hidden folders", before: undefined, after: "2" }],
    },
  ])("$name", ({ before, after, told }) => {
    expect(changesOf(words, { before, after })).toEqual(told);
  });
});
