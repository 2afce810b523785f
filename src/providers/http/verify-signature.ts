/** Whether a report is from the supplier whose key we hold. */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { SupplierRequest } from "../provider.ts";
import { type Fields, fillText } from "./fill.ts";
import type { SignatureRule } from "./supplier.ts";

/**
 * Messente signs the body's bytes; Twilio the URL it was given, then each name and value of the form, sorted by name
 * (https://www.twilio.com/docs/usage/security). Without a key there is nothing to hold it against, and it passes.
 */
export function isSignatureRight(rule: SignatureRule, settings: Fields, request: SupplierRequest): boolean {
  const key = fillText(rule.key, settings);
  if (key === "") return true;
  const signed = rule.over === "body" ? request.body : signedForm(fillText(rule.over.url, settings), request.body);
  const expected = Buffer.from(createHmac(rule.algorithm, key).update(signed).digest(rule.encoding));
  const given = Buffer.from(request.headers[rule.header] ?? "");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function signedForm(url: string, body: Buffer): string {
  const fields = [...new URLSearchParams(body.toString())];
  const sorted = fields.sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return url + sorted.flat().join("");
}
