/** What a file may say of what keeps a service, or an installation, from harm. */
import { parseQuietHours, type QuietHours } from "../../core/calendar/quiet-hours.ts";
import { LOOKED_FOR, RULE_ACTIONS, RULED_CHANNELS } from "../../core/content-rules/content-rule.ts";
import { UNDO_LANES, UNDO_MAX_SECONDS } from "../../core/delivery/undo-window.ts";
import { FLOOD_ACTIONS, FLOOD_KINDS, FLOOD_LIMITS, type FloodNumber } from "../../core/floods/flood-rule.ts";
import { FAILURES_IN_A_ROW } from "../../core/suppression/suppression-reason.ts";
import { RELEASE_LIMITS } from "../../flow/services/guards.ts";
import { REPEAT_GUARD } from "./declare-installation.ts";
import { country } from "./declare-senders.ts";
import { flag, integer, listOf, object, oneOf, optional, orNone, type Read, refuseAt, text } from "./read.ts";

/** Both ends are read before they are held against each other. */
const QUIET_HOURS: Read<QuietHours> = (place) => {
  const { from, until } = object({ from: text, until: text })(place);
  const hours = parseQuietHours(from, until);
  return typeof hours === "string"
    ? refuseAt(place, 'must be two times in quotes, at most 12 hours apart: "21:00"')
    : hours;
};

export const CONTENT_RULE = object({
  name: text,
  forbids: oneOf(LOOKED_FOR),
  action: optional(oneOf(RULE_ACTIONS)),
  list: optional(listOf(text)),
  channels: optional(listOf(oneOf(RULED_CHANNELS))),
  countries: optional(listOf(country)),
});

const inRange = (field: FloodNumber) => optional(integer(FLOOD_LIMITS[field].min, FLOOD_LIMITS[field].max));

export const FLOOD_RULE = object({
  counts: oneOf(FLOOD_KINDS),
  at_least: inRange("atLeast"),
  times_usual: inRange("timesUsual"),
  window_minutes: inRange("windowMinutes"),
  prefix_digits: inRange("prefixDigits"),
  action: optional(oneOf(FLOOD_ACTIONS)),
  stops_minutes: inRange("stopsMinutes"),
});

/** Fields of a service. */
export const GUARDS = {
  repeat_guard: optional(REPEAT_GUARD),
  quiet_hours: optional(orNone(QUIET_HOURS)),
  content_rules: optional(listOf(CONTENT_RULE)),
  flood_guard: optional(listOf(FLOOD_RULE)),
  release: optional(
    object({
      above: optional(integer(0, RELEASE_LIMITS.above.max)),
      above_cost: optional(integer(0, RELEASE_LIMITS.above.max)),
      /** Its name when every installation charged in pounds. */
      above_pounds: optional(integer(0, RELEASE_LIMITS.above.max)),
      within_hours: optional(integer(RELEASE_LIMITS.withinHours.min, RELEASE_LIMITS.withinHours.max)),
    }),
  ),
  undo: optional(
    object({ seconds: optional(integer(0, UNDO_MAX_SECONDS)), lanes: optional(listOf(oneOf(UNDO_LANES))) }),
  ),
  suppression: optional(
    object({
      after_failures: optional(orNone(integer(FAILURES_IN_A_ROW.min, FAILURES_IN_A_ROW.max))),
      objectors: optional(flag),
    }),
  ),
};
