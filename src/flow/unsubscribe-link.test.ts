import { describe, expect, it } from "vitest";
import { newId, newRandomId } from "../platform/ids.ts";
import { deriveKey, newMasterKeyText, parseMasterKey } from "../platform/sealing.ts";
import { parseUnsubscribeToken, unsubscribeUrl } from "./unsubscribe-link.ts";

const DAY_MS = 86_400_000;
const MADE_AT = new Date("2026-11-22T12:00:00Z");
const ORIGIN = "https://api.example.org";

function installation(links = newLinksKey()) {
  const master = parseMasterKey(newMasterKeyText());
  if (!master) throw new Error("a new master key cannot be read");
  const keys = { master, searchIndex: Buffer.alloc(32), links };
  return (now: Date) => ({
    keys,
    clock: { now: () => now },
    origins: { api: ORIGIN, admin: undefined, documents: undefined },
  });
}

function newLinksKey(): Buffer {
  const master = parseMasterKey(newMasterKeyText());
  return master ? deriveKey(master, "links") : Buffer.alloc(0);
}

const email = {
  service: { id: newRandomId() },
  notification: { id: newId(), templateId: newRandomId() },
  recipient: "Zoë@example.org",
};

function tokenOf(url: string | undefined): string {
  return url?.split("/").at(-1) ?? "";
}

describe("unsubscribe links", () => {
  const at = installation();

  it("carry what is needed to unsubscribe, and do not show it", () => {
    const url = unsubscribeUrl(at(MADE_AT), email) ?? "";
    expect(url).toMatch(new RegExp(`^${ORIGIN}/unsubscribe/${email.notification.id}/[\\w-]+$`));
    expect(Buffer.from(tokenOf(url), "base64url").includes("example.org")).toBe(false);
    expect(parseUnsubscribeToken(at(MADE_AT), tokenOf(url))).toEqual({
      notificationId: email.notification.id,
      serviceId: email.service.id,
      templateId: email.notification.templateId,
      recipient: email.recipient,
    });
  });

  it("begin where the caller says, and are not made while nobody knows where we are", () => {
    expect(unsubscribeUrl(at(MADE_AT), { ...email, origin: "http://localhost:6080" })).toMatch(
      /^http:\/\/localhost:6080\//,
    );
    const nowhere = { api: undefined, admin: undefined, documents: undefined };
    expect(unsubscribeUrl({ ...at(MADE_AT), origins: nowhere }, email)).toBeUndefined();
    const toTryOut = { ...at(MADE_AT), origins: { ...nowhere, own: "http://127.0.0.1:6080" } };
    expect(unsubscribeUrl(toTryOut, email)).toMatch(/^http:\/\/127\.0\.0\.1:6080\/unsubscribe\//);
  });

  it("work for a year", () => {
    const token = tokenOf(unsubscribeUrl(at(MADE_AT), email));
    const daysLater = (days: number) => parseUnsubscribeToken(at(new Date(MADE_AT.getTime() + days * DAY_MS)), token);
    expect(daysLater(365)?.recipient).toBe(email.recipient);
    expect(daysLater(366)).toBeUndefined();
  });

  const token = tokenOf(unsubscribeUrl(at(MADE_AT), email));
  const changed = token.slice(0, 60) + (token[60] === "A" ? "B" : "A") + token.slice(61);
  it.each([
    ["is empty", ""],
    ["is not base64url", "..."],
    ["was changed", changed],
    ["was cut", token.slice(0, -4)],
    ["is endless", "A".repeat(100_000)],
    ["another installation made", tokenOf(unsubscribeUrl(installation()(MADE_AT), email))],
  ])("are refused when the token %s", (_, text) => {
    expect(parseUnsubscribeToken(at(MADE_AT), text)).toBeUndefined();
  });
});
