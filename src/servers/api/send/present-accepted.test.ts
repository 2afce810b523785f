import { describe, expect, it } from "vitest";
import type { Accepted } from "../../../flow/intake/send-request.ts";
import { presentAccepted } from "./present-accepted.ts";

const accepted: Accepted = {
  id: "n",
  channel: "sms",
  reference: undefined,
  subject: undefined,
  body: "Hello",
  from: "447700900999",
  oneClickUnsubscribeUrl: undefined,
  sanitisedContent: {},
  templateId: "t",
  templateVersion: 2,
  serviceId: "s",
  scheduledFor: undefined,
};

function presented(change: Partial<Accepted>): string {
  return String(presentAccepted({ ...accepted, ...change }, "https://x").body);
}

describe("the answer to an accepted request", () => {
  const template = '"template":{"id":"t","version":2,"uri":"https://x/services/s/templates/t"}';

  it("of a text is compact, and null where there is nothing", () => {
    expect(presented({})).toBe(
      `{"id":"n","reference":null,"content":{"body":"Hello","from_number":"447700900999"},"uri":"https://x/v2/notifications/n",${template},"scheduled_for":null}`,
    );
  });

  it("of an email always has its link to unsubscribe and what was made harmless", () => {
    expect(presented({ channel: "email", subject: "Hi", from: "a@b.example" })).toBe(
      `{"id":"n","reference":null,"content":{"subject":"Hi","body":"Hello","from_email":"a@b.example","one_click_unsubscribe_url":null},"uri":"https://x/v2/notifications/n",${template},"scheduled_for":null,"sanitised_content":{}}`,
    );
  });

  it("gives the reference back as it came, even an empty one, and the moment it is scheduled for", () => {
    const text = presented({ reference: "", scheduledFor: new Date("2026-06-01T10:30:00Z") });
    expect(text).toContain('"reference":"",');
    expect(text).toContain('"scheduled_for":"2026-06-01T10:30:00.000000Z"');
  });

  it("of a letter has its subject and its words", () => {
    const { id, reference, templateId, templateVersion, serviceId } = accepted;
    const letter = { id, reference, templateId, templateVersion, serviceId, subject: "A &amp; B", body: "Hello" };
    expect(presentAccepted({ channel: "letter", ...letter }, "https://x").body).toBe(
      `{"id":"n","reference":null,"content":{"subject":"A &amp; B","body":"Hello"},"uri":"https://x/v2/notifications/n",${template},"scheduled_for":null}`,
    );
  });

  it("of a letter that came as a PDF says how it is posted, and nothing of what it says", () => {
    const letter = { channel: "supplied-letter", id: "n", reference: "", postage: "economy" } as const;
    expect(presentAccepted(letter, "https://x").body).toBe('{"id":"n","reference":"","postage":"economy"}');
  });
});
