import { describe, expect, it } from "vitest";
import { type Sample, snippetsOf } from "./snippets.ts";

const SAMPLE: Sample = {
  origin: "https://texts.example.gov.uk",
  templateId: "f33517ff-2a88-4f6e-b855-c550268ce08a",
  channel: "sms",
  names: ["first name", "størrelse"],
};

describe("the examples", () => {
  it.each(snippetsOf(SAMPLE))(
    "$title names the address, the template, its placeholders and a number of nobody's",
    ({ code }) => {
      for (const part of [SAMPLE.origin, SAMPLE.templateId, ...SAMPLE.names, "07700 900123", "PENNYPOST_API_KEY"])
        expect(code).toContain(part);
    },
  );

  it.each(snippetsOf({ ...SAMPLE, channel: "email" }))(
    "$title sends an email with a template of emails",
    ({ code }) => {
      expect(code).toContain("amala@example.org");
      expect(code).toMatch(/email/i);
    },
  );

  it.each(snippetsOf({ ...SAMPLE, names: ['"; exit', "it's", "#{`id`}", "$HOME", "name"] }))(
    "$title leaves out names that mean something in code",
    ({ code }) => {
      expect(code).toContain("name");
      for (const part of ["exit", "it's", "`id`", "$HOME"]) expect(code).not.toContain(part);
    },
  );

  it("the one for curl has a body that the API reads", () => {
    const [curl] = snippetsOf(SAMPLE);
    const [, body = ""] = /--data '([\s\S]+)'$/.exec(curl?.code ?? "") ?? [];
    expect(JSON.parse(body)).toEqual({
      phone_number: "07700 900123",
      template_id: SAMPLE.templateId,
      personalisation: { "first name": "example", størrelse: "example" },
    });
  });
});
