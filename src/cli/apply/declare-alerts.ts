/** What a file may say of alerts, for a service or for the installation. */
import { ALERT_KINDS } from "../../core/alerts/alert-rule.ts";
import { ALERT_LIMITS } from "../../flow/alerts/change-rules.ts";
import { isWebhookSecret } from "../../platform/webhook-signature.ts";
import { integer, listOf, object, oneOf, optional, type Read, refuseAt, secret, text } from "./read.ts";

const { threshold, windowMinutes, leastCount } = ALERT_LIMITS;

const signingSecret: Read<string> = (place) => {
  const given = secret(place);
  return isWebhookSecret(given) ? given : refuseAt(place, "must be whsec_ with 24 to 64 bytes in base64");
};

export const ALERT_RULE = object({
  name: text,
  kind: oneOf(ALERT_KINDS),
  threshold: optional(integer(0, threshold.max)),
  window_minutes: optional(integer(windowMinutes.min, windowMinutes.max)),
  least_count: optional(integer(leastCount.min, leastCount.max)),
  emails: optional(listOf(text)),
  numbers: optional(listOf(text)),
  urls: optional(listOf(text)),
  signing_secret: optional(signingSecret),
});
