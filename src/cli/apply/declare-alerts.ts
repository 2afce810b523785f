/** What a file may say of alerts, for a service or for the installation. */
import { ALERT_KINDS } from "../../core/alerts/alert-rule.ts";
import { ALERT_LIMITS } from "../../flow/alerts/change-rules.ts";
import { integer, listOf, object, oneOf, optional, text } from "./read.ts";

const { threshold, windowMinutes, leastCount } = ALERT_LIMITS;

export const ALERT_RULE = object({
  name: text,
  kind: oneOf(ALERT_KINDS),
  threshold: optional(integer(0, threshold.max)),
  window_minutes: optional(integer(windowMinutes.min, windowMinutes.max)),
  least_count: optional(integer(leastCount.min, leastCount.max)),
  emails: optional(listOf(text)),
  numbers: optional(listOf(text)),
  urls: optional(listOf(text)),
});
