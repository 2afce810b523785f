/** Whether a text has to wait for the morning of whoever gets it. */
import { quietUntil } from "../core/calendar/quiet-hours.ts";
import { clockOffsets } from "../core/phone/time-zones.ts";
import { LANES, type Lane } from "../platform/queue.ts";
import type { Channel, KeyKind, Service } from "../records/services/service.ts";

export interface WhatWaits {
  channel: Channel;
  lane: Lane;
  keyKind: KeyKind;
  countryPrefix: string | undefined;
}

/** Until when it waits; undefined for at once. What is urgent goes whatever the time, and test keys wake nobody. */
export function heldUntil(
  { quietHours }: Pick<Service, "quietHours">,
  { channel, lane, keyKind, countryPrefix }: WhatWaits,
  now: Date,
): Date | undefined {
  if (!quietHours || channel !== "sms" || lane === LANES.high || keyKind === "test") return undefined;
  return quietUntil(quietHours, clockOffsets(countryPrefix ?? "", now), now);
}
