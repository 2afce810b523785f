import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatReceiptText, parseReceiptText } from "./receipt-text.ts";

describe("a receipt's text", () => {
  it("is written as Appendix B shows it", () => {
    const text = formatReceiptText({
      id: "0123456789",
      stat: "DELIVRD",
      err: "000",
      isDelivered: true,
      submitDate: new Date("2026-06-01T12:30:59Z"),
      doneDate: new Date("2026-06-01T12:31:01Z"),
      text: "Your appointment is tomorrow",
    });
    expect(text).toBe(
      "id:0123456789 sub:001 dlvrd:001 submit date:2606011230 done date:2606011231 stat:DELIVRD err:000 text:Your appointment is ",
    );
  });

  const DONE = new Date("2026-06-01T12:31:00Z");
  it.each([
    {
      text: "id:0a1B sub:001 dlvrd:001 submit date:2606011230 done date:2606011231 stat:DELIVRD err:000 text:Hi id:9 stat:X",
      receipt: {
        id: "0a1B",
        stat: "DELIVRD",
        err: "000",
        submitDate: new Date("2026-06-01T12:30:00Z"),
        doneDate: DONE,
      },
    },
    {
      text: "id:1 done date:260601123100 stat:UNDELIV err:27",
      receipt: { id: "1", stat: "UNDELIV", err: "27", doneDate: DONE },
    },
    { text: "stat:expired id:77", receipt: { id: "77", stat: "EXPIRED", err: "" } },
    { text: "ID:7 Submit_Date:x DONE DATE:2602311231 STAT:REJECTD", receipt: { id: "7", stat: "REJECTD", err: "" } },
    { text: "id: 5 stat: DELIVRD Text:", receipt: { id: "5", stat: "DELIVRD", err: "" } },
    { text: "id:c0ffee-1_2 stat:DELIVRD", receipt: { id: "c0ffee-1_2", stat: "DELIVRD", err: "" } },
  ])("is read leniently: $text", ({ text, receipt }) => {
    expect(parseReceiptText(text)).toEqual(receipt);
  });

  it.each(["", "Hello, is this the surgery?", "text:id:1 stat:DELIVRD"])("is none in '%s'", (text) => {
    expect(parseReceiptText(text)).toBeUndefined();
  });

  it("of any characters at all never throws", () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => void parseReceiptText(`id:1 ${text}`)));
  });
});
