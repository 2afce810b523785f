import { describe, expect, it } from "vitest";
import { parseFilesContact } from "./files-contact.ts";

describe("where recipients of a file turn", () => {
  it.each([
    ["link", "https://council.example.gov.uk/help?about=files"],
    ["link", "http://council.example.gov.uk"],
    ["link", "  HTTPS://council.example.gov.uk/  "],
    ["email-address", "help@council.example.gov.uk"],
    ["phone-number", "020 7946 0000"],
    ["phone-number", "+44 (0)20 7946-0000"],
    ["phone-number", "105"],
    ["phone-number", "01234567890123456789"],
  ] as const)("is a %s: %j", (kind, text) => {
    expect(parseFilesContact(text)).toEqual({ kind, value: text.trim() });
  });

  it.each([
    ["contact-missing", " \n"],
    ["contact-too-long", `https://council.example.gov.uk/${"a".repeat(2_000)}`],
    ["contact-email", "help@council"],
    ["contact-email", "help me@council.example.gov.uk"],
    ["contact-phone", "12"],
    ["contact-phone", "012345678901234567890"],
    ["contact-link", "+"],
    ["contact-emergency", "999"],
    ["contact-emergency", "1 1 2"],
    ["contact-link", "council.example.gov.uk"],
    ["contact-link", "ftp://council.example.gov.uk"],
    ["contact-link", "javascript://council.example.gov.uk/%0aalert(1)"],
    ["contact-link", "https://council"],
    ["contact-link", "https://me:secret@council.example.gov.uk"],
    ["contact-link", "https://council.example.gov.uk/our help"],
    ["contact-link", "ask at the desk"],
  ] as const)("is refused as %s: %j", (problem, text) => {
    expect(parseFilesContact(text)).toBe(problem);
  });
});
