import { describe, expect, it } from "vitest";
import { checkSupplier } from "./check-supplier.ts";
import { HTTP_PRESETS } from "./presets.ts";

const SETTINGS = {
  mmg: { apiKey: "k" },
  firetext: { apiKey: "k" },
  messente: { username: "u", password: "p" },
  twilio: { accountSid: "AC1", authToken: "t" },
};

const REPLY = { status: 200, contentType: "text/plain", body: "" };

/** A supplier with everything in it, to be spoilt one place at a time. */
function supplier() {
  return {
    settings: { key: "required", url: { default: "https://sms.example" } },
    send: {
      method: "POST",
      url: "{url}/send/{to}",
      headers: { "x-key": "{key}" },
      body: { format: "json", template: { to: "{to}", deep: [{ text: "{text}" }] } },
      answer: { rules: [{ statuses: [200, 299], means: "accepted" }], reference: { pattern: "id=(\\w+)" } },
    },
    receipts: {
      format: "query",
      required: ["id"],
      failure: "Report failed",
      reference: "id",
      status: "state",
      statuses: {
        ok: "delivered",
        no: { byCode: { "1": "permanent-failure" }, otherwise: "temporary-failure" },
        way: "no-news",
      },
      otherwise: "technical-failure",
      reply: REPLY,
      signature: { header: "x-sig", algorithm: "sha256", encoding: "hex", key: "{key}", over: "body" },
    },
  };
}

describe("checkSupplier", () => {
  it.each(Object.keys(SETTINGS) as (keyof typeof SETTINGS)[])("finds nothing wrong with the preset %s", (name) => {
    expect(() => checkSupplier(HTTP_PRESETS[name], SETTINGS[name])).not.toThrow();
  });

  it("fills in the defaults of settings", () => {
    expect(checkSupplier(supplier(), { key: "k" }).settings).toEqual({ key: "k", url: "https://sms.example" });
  });

  it.each([
    ["send.url", undefined, "send.url must be a text"],
    ["send.url", "nowhere", "send.url must lead to a complete https:// address"],
    ["send.url", "ftp://x", "send.url must lead to a complete https:// address"],
    ["send.url", "https://x/{too}", "send.url asks for {too}, which is not known there"],
    ["send.method", "PATCH", "send.method must be POST, PUT or GET"],
    ["send.headers", { "x-text": "{text}" }, "send.headers asks for {text}, which is not known there"],
    ["send.body", { format: "xml" }, "send.body.format must be json, form or none"],
    ["send.body", { format: "form", fields: { to: 7 } }, "send.body.fields.to must be a text"],
    ["send.body.template", { deep: [{ x: "{txt}" }] }, "send.body asks for {txt}, which is not known there"],
    ["send.answer.rules", [], "send.answer.rules must have at least 1 items"],
    ["send.answer.rules.0.means", "ok", "send.answer.rules.0.means must be accepted, refused or unavailable"],
    ["send.answer.rules.0.statuses", [200], "send.answer.rules.0.statuses must have 2 items"],
    ["send.answer.rules.0.statuses", [200, 999], "send.answer.rules.0.statuses.1 must be an HTTP status"],
    ["send.answer.reference", { path: 3 }, "send.answer.reference.path must be a text"],
    ["send.answer.code", { pattern: "(" }, "send.answer.code.pattern is no regular expression"],
    ["send.auth", { kind: "digest" }, "send.auth.kind must be basic or bearer"],
    ["receipts.format", "xml", "receipts.format must be json, form or query"],
    [
      "receipts.statuses.ok",
      "arrived",
      "receipts.statuses.ok must be pending, delivered, temporary-failure, permanent-failure, technical-failure or no-news",
    ],
    ["receipts.signature.key", "{secret}", "receipts.signature asks for {secret}, which is not known there"],
    ["receipts.signature.over", "url", "receipts.signature.over must be body"],
    ["recepits", {}, "recepits is not known"],
    ["send", 7, "send must be an object"],
    ["settings.key", "needed", "settings.key must be required or optional"],
  ])("names %s when it is %j", (path, value, problem) => {
    expect(() => checkSupplier(put(supplier(), path, value), { key: "k" })).toThrow(new Error(problem));
  });

  it.each([
    [{}, "settings.key is missing"],
    [{ key: "" }, "settings.key is missing"],
    [{ key: "k", kye: "k" }, "settings.kye is not known"],
    [{ key: "k\r\nx-other: y" }, "settings.key must be one line of text"],
  ])("names the wrong setting in %j", (settings: Record<string, string>, problem) => {
    expect(() => checkSupplier(supplier(), settings)).toThrow(new Error(problem));
  });

  it.each([null, [], "mmg", 7])("refuses %j as a supplier", (value) => {
    expect(() => checkSupplier(value, {})).toThrow(new Error("the supplier must be an object"));
  });
});

function put(whole: object, path: string, value: unknown): object {
  const steps = path.split(".");
  const last = steps.pop() ?? "";
  const place = steps.reduce((found, step) => (found as Record<string, unknown>)[step] as object, whole);
  Object.assign(place, { [last]: value });
  return whole;
}
