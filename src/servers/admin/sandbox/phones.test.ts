import { describe, expect, it } from "vitest";
import type { KeptSandboxMessage } from "../../../records/sandbox-outbox/sandbox-outbox-store.ts";
import { phonesOf, showSender, unusedPhone } from "./phones.ts";

const AT = new Date("2026-06-01T10:30:00Z");
const text = (id: string, message: Partial<KeptSandboxMessage> = {}): KeptSandboxMessage => ({
  channel: "sms",
  to: "447700900123",
  from: "Northwold",
  text: `text ${id}`,
  id,
  at: AT,
  ...message,
});

describe("the demonstration's phones", () => {
  it("are one for each number, however it was written, and show the newest at the bottom", () => {
    const phones = phonesOf([
      text("4", { from: "07700 900123", to: "447700900500", isFromPhone: true }),
      text("3", { to: "447700900456" }),
      text("2", { parts: 2 }),
      text("1", { channel: "email", to: "ada@example.org" }),
    ]);
    expect(phones.map(({ id, number, shown }) => [id, number, shown])).toEqual([
      ["4", "447700900123", "07700 900123"],
      ["3", "447700900456", "07700 900456"],
    ]);
    expect(phones[0]?.bubbles).toEqual([
      { id: "2", with: "Northwold", text: "text 2", at: AT, isFromPhone: false, parts: 2 },
      { id: "4", with: "07700 900500", text: "text 4", at: AT, isFromPhone: true, parts: 1 },
    ]);
    expect(phones[0]?.latest?.text).toBe("text 4");
  });

  it("show no more than the latest", () => {
    const [phone] = phonesOf(Array.from({ length: 100 }, (_, index) => text(`${100 - index}`)));
    expect([phone?.bubbles.length, phone?.bubbles.at(-1)?.id]).toEqual([40, "100"]);
  });

  it("may have nothing on them", () => {
    expect(unusedPhone("447700900123")).toMatchObject({ id: "", shown: "07700 900123", bubbles: [] });
  });
});

describe("a sender", () => {
  it.each([
    ["Northwold", "Northwold"],
    ["447700900500", "07700 900500"],
    ["07700900500", "07700 900500"],
    ["33612345678", "+33 6 12 34 56 78"],
    ["80800", "80800"],
  ])("%s is shown as %s", (sender, shown) => {
    expect(showSender(sender)).toBe(shown);
  });
});
