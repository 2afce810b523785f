import { describe, expect, it } from "vitest";
import { findStatusCode } from "./status-code.ts";

describe("findStatusCode", () => {
  it.each([
    ["550 5.1.1 <ada@example.org>: no such user", "5.1.1"],
    ["550-5.1.1 The email account that you tried to reach\r\n550 5.1.1 does not exist", "5.1.1"],
    ["smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound", "5.1.10"],
    ["550 #5.7.1 blocked", "5.7.1"],
    ["452 4.2.2 Mailbox full", "4.2.2"],
    ["the host said (5.4.4) unrouteable", "5.4.4"],
    ["550 sorry, no mailbox here by that name", "5.0.0"],
    ["421 try later", "4.0.0"],
    ["User unknown", "5.1.1"],
    ["that address does not exist", "5.1.1"],
    ["from 5.1.1.8 by 10.5.2.1", undefined],
    ["Exim 4.84.2, version 5.10.3", undefined],
    ["on 5.11.2026 at 4.30", undefined],
    ["call 550 1234", undefined],
    ["", undefined],
    [`${"a ".repeat(10_000)}550 5.1.1`, undefined],
  ])("finds in %j the code %s", (text, code) => {
    expect(findStatusCode(text)).toBe(code);
  });
});
