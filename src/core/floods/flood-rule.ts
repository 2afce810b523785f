/**
 * A guard against floods: somebody's form that sends codes to numbers by which others earn, a loop, a campaign gone wrong. It counts texts to
 * numbers that begin alike, texts by one template, or money, in a moving window, and stops what is far more than it should be. Pure.
 */
import { impossible } from "../refusal.ts";

export const FLOOD_KINDS = ["prefix", "template", "spend"] as const;
export type FloodKind = (typeof FLOOD_KINDS)[number];

export const FLOOD_ACTIONS = ["refuse", "hold"] as const;
export type FloodAction = (typeof FLOOD_ACTIONS)[number];

export const FLOOD_LIMITS = {
  atLeast: { min: 1, max: 1_000_000 },
  timesUsual: { min: 0, max: 100 },
  windowMinutes: { min: 5, max: 1_440 },
  prefixDigits: { min: 0, max: 6 },
  stopsMinutes: { min: 0, max: 10_080 },
} as const;
export type FloodNumber = keyof typeof FLOOD_LIMITS;

export interface FloodRule {
  countsBy: FloodKind;
  /** So many texts, or so much money, may go in a window whatever is usual. */
  atLeast: number;
  /** And, unless it is 0, so many times what is usual. */
  timesUsual: number;
  windowMinutes: number;
  /** Of the national number. */
  prefixDigits: number;
  action: FloodAction;
  /** How long it stops; 0: until somebody lifts it. */
  stopsMinutes: number;
}

/** Where nobody has said otherwise. */
export const FLOOD_USUAL: Omit<FloodRule, "countsBy"> = {
  ...{ atLeast: 100, timesUsual: 5, windowMinutes: 60, prefixDigits: 4, action: "refuse", stopsMinutes: 60 },
};

export interface FloodMessage {
  channel: string;
  /** Of a text: E.164 without the plus, and how much of it is the country's. */
  number: { digits: string; countryPrefix: string } | undefined;
  templateId: string;
}

/** So much of a number's end is never in a prefix: nobody is to be known by it. */
const END_DIGITS = 4;

/** What a message counts towards; undefined where it does not concern the rule.  subjectOf(…, 447700900123) → "447700" */
export function subjectOf({ countsBy, prefixDigits }: FloodRule, message: FloodMessage): string | undefined {
  const { channel, number, templateId } = message;
  switch (countsBy) {
    case "prefix":
      return number && prefixOf(number, prefixDigits);
    case "template":
      return number && templateId;
    case "spend":
      return channel === "sms" || channel === "chat" ? "" : undefined;
    default:
      return impossible(countsBy);
  }
}

function prefixOf({ digits, countryPrefix }: NonNullable<FloodMessage["number"]>, prefixDigits: number): string {
  const longest = Math.max(countryPrefix.length, digits.length - END_DIGITS);
  return digits.slice(0, Math.min(countryPrefix.length + prefixDigits, longest));
}

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

/** A window has sixty steps: of so many seconds as it has minutes. */
export function slotOf({ windowMinutes }: Pick<FloodRule, "windowMinutes">, at: Date): number {
  return Math.floor(at.getTime() / (windowMinutes * SECOND_MS));
}

export function floodDayOf(at: Date): number {
  return Math.floor(at.getTime() / DAY_MS);
}

const MINUTE_MS = 60_000;

/** When a stop that begins now ends by itself; undefined: it does not. */
export function stopEndsAt({ stopsMinutes }: Pick<FloodRule, "stopsMinutes">, now: Date): Date | undefined {
  return stopsMinutes === 0 ? undefined : new Date(now.getTime() + stopsMinutes * MINUTE_MS);
}
