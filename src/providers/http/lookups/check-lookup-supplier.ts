/** Finds what is wrong with the description of a look-up supplier before anybody is asked with it. */
import { NETWORK_STATUSES } from "../../../core/phone/network-facts.ts";
import { type Fields, fillUrl, namesIn } from "../fill.ts";
import { AUTH, BODY, PICK } from "../request-shapes.ts";
import { having, object, oneOf, optional, recordOf, text } from "../shape.ts";
import type { LookupSupplier } from "./lookup-supplier.ts";

const OF_NUMBER = ["to", "toPlus"];

const SUPPLIER = object({
  settings: recordOf(having("default", object({ default: text }), oneOf("required", "optional"))),
  ask: object({
    method: oneOf("POST", "PUT", "GET"),
    url: text,
    headers: optional(recordOf(text)),
    auth: optional(AUTH),
    body: BODY,
  }),
  answer: object({
    status: PICK,
    statuses: recordOf(oneOf(...NETWORK_STATUSES)),
    ...Object.fromEntries(
      ["roaming", "ported", "currentNetwork", "originalNetwork", "portedNetwork", "roamingNetwork"].map((name) => [
        name,
        optional(PICK),
      ]),
    ),
  }),
});

/** Throws an error whose message is one line that names the wrong place. */
export function checkLookupSupplier(
  description: unknown,
  given: Readonly<Record<string, string>>,
): { supplier: LookupSupplier; settings: Fields } {
  refuse(SUPPLIER(description, ""));
  const supplier = description as LookupSupplier; // its shape was just checked
  const known = Object.keys(supplier.settings);
  refuse(settingProblem(supplier, given) ?? nameProblem(supplier, [...known, ...OF_NUMBER]));
  const defaults = Object.entries(supplier.settings).flatMap(([name, rule]) =>
    typeof rule === "object" ? [[name, rule.default] as const] : [],
  );
  const settings = { ...Object.fromEntries(defaults), ...given };
  const url = fillUrl(supplier.ask.url, { to: "1", toPlus: "+1", ...settings });
  refuse(URL.canParse(url) && /^https?:/.test(url) ? undefined : "ask.url must lead to a complete https:// address");
  return { supplier, settings };
}

function settingProblem(supplier: LookupSupplier, given: Readonly<Record<string, string>>): string | undefined {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(supplier.settings, name));
  if (unknown !== undefined) return `settings.${unknown} is not known`;
  const missing = Object.entries(supplier.settings).find(([name, rule]) => rule === "required" && !given[name]);
  if (missing !== undefined) return `settings.${missing[0]} is missing`;
  const unsafe = Object.entries(given).find(([, value]) => typeof value !== "string" || /[\r\n\0]/.test(value));
  return unsafe && `settings.${unsafe[0]} must be one line of text`;
}

function nameProblem({ ask }: LookupSupplier, known: readonly string[]): string | undefined {
  const unknown = namesIn([ask.url, ask.headers ?? null, ask.auth ?? null, ask.body]).find(
    (name) => !known.includes(name),
  );
  return unknown && `ask asks for {${unknown}}, which is not known there`;
}

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new Error(problem);
}
