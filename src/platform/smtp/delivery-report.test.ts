import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseMailReport } from "./delivery-report.ts";

const AT = new Date("2026-11-16T10:15:31Z");
const RETURN_PATH = "bounce+token@bounces.example.org";
const MESSAGE_ID = "the-message-id@example.org";

function sample(name: string): Buffer {
  const text = readFileSync(new URL(`samples/${name}.eml`, import.meta.url), "utf8");
  return Buffer.from(text.replaceAll("\r\n", "\n").replaceAll("\n", "\r\n"));
}

describe("parseMailReport", () => {
  it.each([
    ["postfix-unknown-user", "failed", "5.1.1", ["the-envelope-id", RETURN_PATH, MESSAGE_ID]],
    ["postfix-delayed", "delayed", "4.4.1", []],
    ["postfix-delivered", "relayed", "2.0.0", ["the-envelope-id", MESSAGE_ID]],
    ["exim-refused", "failed", "5.7.26", [RETURN_PATH, MESSAGE_ID]],
    ["exim-plain-text", "failed", "5.1.1", []],
    ["exchange-online-not-found", "failed", "5.1.10", [RETURN_PATH, MESSAGE_ID]],
    ["gmail-mailbox-full", "failed", "4.2.2", [MESSAGE_ID]],
    ["ses-bounce", "failed", "5.4.1", [MESSAGE_ID]],
    ["qmail-plain-text", "failed", "5.0.0", []],
    ["wordless-plain-text", "failed", undefined, []],
    ["alias-of-two", "failed", "5.2.1", []],
  ])("reads the bounce %s as %s, %s", async (name, action, code, clues) => {
    expect(await parseMailReport(sample(name))).toEqual({ kind: "delivery", action, code, at: AT, clues });
  });

  it("reads a report that leaves out its first group, its action and its date", async () => {
    const report = await parseMailReport(sample("no-action-no-first-group"));
    expect(report).toEqual({ kind: "delivery", action: "failed", code: "5.0.0", at: undefined, clues: [] });
  });

  it.each([
    ["complaint-yahoo", [RETURN_PATH, MESSAGE_ID]],
    ["complaint-redacted", [MESSAGE_ID]],
  ])("reads %s as a complaint", async (name, clues) => {
    const at = new Date("2026-11-17T08:00:00Z");
    expect(await parseMailReport(sample(name))).toEqual({ kind: "complaint", at, clues });
  });

  it.each(["not-spam", "out-of-office", "vacation", "postmaster-newsletter"])("takes nothing from %s", async (name) => {
    expect(await parseMailReport(sample(name))).toEqual({ kind: "unrelated" });
  });

  it("reads a bounce whose returned mail is too long to look at", async () => {
    const bounce = Buffer.concat([sample("exchange-online-not-found"), Buffer.from("line\r\n".repeat(100_000))]);
    expect(await parseMailReport(bounce)).toMatchObject({ action: "failed", code: "5.1.10" });
  });

  it("refuses a mail of a thousand parts inside one another", async () => {
    const depths = Array.from({ length: 1_000 }, (_, depth) => depth);
    const nested = depths.map((d) => `Content-Type: multipart/mixed; boundary=b${d}\r\n\r\n--b${d}\r\n`).join("");
    await expect(parseMailReport(Buffer.from(nested))).rejects.toThrow(/nesting depth/i);
  });

  it.each([
    ["nothing", ""],
    ["a megabyte of line ends", "\r\n".repeat(500_000)],
    ["zero bytes", "\0".repeat(5_000)],
    [
      "a report that is never closed",
      "Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n",
    ],
    ["a line of half a megabyte", `Subject: ${"a".repeat(100_000)}\r\n\r\n${"b".repeat(500_000)}`],
    [
      "half a megabyte of brackets",
      `Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: ${"<".repeat(500_000)}\r\n--b--`,
    ],
    ["ten thousand empty groups", `Content-Type: message/delivery-status\r\n\r\n${"a: b\r\n\r\n".repeat(10_000)}`],
  ])("survives %s", async (_what, mail) => {
    const report = await parseMailReport(Buffer.from(mail));
    expect(report).toEqual({ kind: "unrelated" });
  });
});
