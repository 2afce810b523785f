/** Values from an untrusted source, made harmless before they are rendered. */
import { normaliseKey } from "../../core/template/personalisation.ts";
import { sanitiseContent } from "../../core/template/sanitise-content.ts";
import type { Accepted, SendRequest } from "./send-request.ts";

type Sanitised = Pick<Accepted, "sanitisedContent"> & Pick<SendRequest, "personalisation">;

/** The personalisation with the named values made harmless, and which of them that changed. Lists are taken item by item. */
export function sanitisePersonalisation({ personalisation, sanitiseContentFor }: SendRequest): Sanitised {
  if (sanitiseContentFor.length === 0) return { personalisation, sanitisedContent: {} };
  const named = new Set(sanitiseContentFor.map(normaliseKey));
  const values = { ...personalisation };
  const sanitisedContent: Accepted["sanitisedContent"] = {};
  for (const [key, value] of Object.entries(personalisation)) {
    if (!named.has(normaliseKey(key))) continue;
    if (typeof value === "string") {
      const sanitised = sanitiseContent(value);
      values[key] = sanitised;
      if (sanitised !== value) sanitisedContent[key] = { unsanitised: value, sanitised };
    } else {
      values[key] = value.map(sanitiseContent);
    }
  }
  return { personalisation: values, sanitisedContent };
}
