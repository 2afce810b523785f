/** A route is a rule: which messages it takes, whom it leads to, and how it stands to the other routes that take them. */

import { isWithin, type WeekSpan } from "../calendar/week-times.ts";
import type { ChannelName } from "../channels/channel.ts";
import type { SenderType } from "../senders/sender-type.ts";

export const PRIORITIES = ["high", "normal", "low"] as const;
export type Priority = (typeof PRIORITIES)[number];

/** A list that names nothing takes everything. */
export interface RouteRule {
  name: string;
  provider: string;
  keyKinds: readonly string[];
  carriesInternational: boolean;
  /** Of the table of rates: `33`, `1664`. */
  countryPrefixes: readonly string[];
  /** Mobile country code and network code: `23415`. */
  networks: readonly string[];
  serviceIds: readonly string[];
  senderTypes: readonly SenderType[];
  priorities: readonly Priority[];
  /** At home. */
  times: readonly WeekSpan[];
  /** Of the routes that take a message those of the lowest position come first. */
  position: number;
  /** Share of the traffic, 0 to 100, against others of the same position; with 0 it is used only after those. */
  weight: number;
  /** Among those of its position the cheapest takes all. */
  isCheapestFirst: boolean;
}

/** What a rule looks at. What is not known of a message fits only rules that do not ask. */
export interface RoutedMessage {
  keyKind: string;
  isInternational: boolean;
  countryPrefix?: string | undefined;
  network?: string | undefined;
  serviceId?: string | undefined;
  senderType?: SenderType | undefined;
  priority?: Priority | undefined;
  /** When it is sent, on the clocks at home. */
  minuteOfWeek: number;
}

export type Misfit = "key-kind" | "abroad" | "country" | "network" | "service" | "sender" | "priority" | "time";

/** The first reason for which a rule does not take a message; undefined when it does. */
export function misfitOf(rule: RouteRule, message: RoutedMessage): Misfit | undefined {
  if (!rule.keyKinds.includes(message.keyKind)) return "key-kind";
  if (message.isInternational && !rule.carriesInternational) return "abroad";
  if (!takes(rule.countryPrefixes, message.countryPrefix)) return "country";
  if (!takes(rule.networks, message.network)) return "network";
  if (!takes(rule.serviceIds, message.serviceId)) return "service";
  if (!takes(rule.senderTypes, message.senderType)) return "sender";
  if (!takes(rule.priorities, message.priority)) return "priority";
  if (rule.times.length > 0 && !isWithin(message.minuteOfWeek, rule.times)) return "time";
  return undefined;
}

function takes<T extends string>(named: readonly T[], known: T | undefined): boolean {
  return named.length === 0 || (known !== undefined && named.includes(known));
}

type Channel = ChannelName;

/** What a rule can ask of messages of any channel, and what of some only. */
const ASKED_OF: Readonly<Partial<Record<keyof RouteRule, readonly Channel[]>>> = {
  countryPrefixes: ["sms"],
  networks: ["sms"],
  senderTypes: ["sms"],
  isCheapestFirst: ["sms"],
  serviceIds: ["sms", "email", "chat"],
  priorities: ["sms", "email", "chat"],
};

/** What a rule asks that messages of its channel do not have, so that it would never take one. */
export function senselessIn(
  channel: Channel,
  rule: Readonly<Partial<Record<keyof RouteRule, unknown>>>,
): (keyof RouteRule)[] {
  const asked = Object.entries(ASKED_OF).filter(([field]) => asks(rule[field as keyof RouteRule]));
  return asked.filter(([, channels]) => !channels.includes(channel)).map(([field]) => field as keyof RouteRule);
}

function asks(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value === true;
}
