/**
 * Which of its senders a service's text comes from: the one that the message names, or the default; one of a pool; and where the
 * recipient's country does not let that one through, another that it does. The decision alone, from what is known of the service.
 */
import { type SenderType, senderTypeOf } from "./sender-type.ts";

export interface SenderCandidate {
  id: string;
  sender: string;
  isDefault: boolean;
  /** Countries, by prefix, whose networks have it on their list. */
  registeredCountries: readonly string[];
}

/** Senders that share the texts of a service. */
export interface SenderPool {
  id: string;
  name: string;
  senderIds: readonly string[];
  /** Texts that name no sender come from it. */
  isDefault: boolean;
  /** Whoever has heard from one of them hears from the same again. */
  isSticky: boolean;
}

/** What a country's networks ask of senders. */
export interface CountrySenderRule {
  countryPrefix: string;
  /** Those that come through. */
  senderTypes: readonly SenderType[];
  registeredOnly: boolean;
  /** Whom a text is from must stand in its words. */
  needsSignature: boolean;
}

export interface SenderQuestion {
  senders: readonly SenderCandidate[];
  pools: readonly SenderPool[];
  /** A sender or a pool, by id; undefined for the default. */
  wantedId: string | undefined;
  /** For a service that has set up none. */
  lastResort: string;
  rule: CountrySenderRule | undefined;
  /** Digits of the recipient's number. */
  recipient: string;
  /** A number from 0 (included) to 1 (excluded). */
  draw: () => number;
}

/** Why a text comes from another sender than the one it would have had, in what is kept with it. */
export interface SenderNote {
  /** The name of the pool it is from. */
  pool?: string;
  /** It stays with this recipient. */
  isSticky?: boolean;
  /** The sender that the country does not let through. */
  instead?: string;
  /** The country wants whom it is from in the text itself. */
  isSigned?: boolean;
}

export type SenderChoice =
  | { kind: "sender"; sender: string; note: SenderNote | undefined }
  | { kind: "unknown" }
  /** The service has none that the country lets through. */
  | { kind: "not-in-country"; rule: CountrySenderRule };

export function chooseTextSender(question: SenderQuestion): SenderChoice {
  const pool = poolOf(question);
  if (pool) return fromPool(question, pool);
  const wanted = wantedOf(question);
  return wanted ? checked(question, wanted, {}) : { kind: "unknown" };
}

function poolOf({ pools, wantedId }: SenderQuestion): SenderPool | undefined {
  return pools.find(({ id, isDefault }) => (wantedId === undefined ? isDefault : id === wantedId));
}

function wantedOf({ senders, wantedId, lastResort }: SenderQuestion): SenderCandidate | undefined {
  if (wantedId !== undefined) return senders.find(({ id }) => id === wantedId);
  const [first] = byPreference(senders);
  return first ?? { id: "", sender: lastResort, isDefault: true, registeredCountries: [] };
}

/** A pool whose senders are all gone is as if none had been asked for. */
function fromPool(question: SenderQuestion, pool: SenderPool): SenderChoice {
  const { senders, rule, recipient, draw } = question;
  const members = senders.filter(({ id }) => pool.senderIds.includes(id));
  const able = members.filter((one) => isLetThrough(one, rule));
  const among = able.length > 0 ? able : members;
  const drawn = pool.isSticky ? highest(among, recipient) : among[Math.floor(draw() * among.length)];
  const note = drawn && { pool: pool.name, ...(pool.isSticky ? { isSticky: true } : {}) };
  const wanted = drawn ?? wantedOf({ ...question, wantedId: undefined });
  return wanted ? checked(question, wanted, note ?? {}) : { kind: "unknown" };
}

function checked(question: SenderQuestion, wanted: SenderCandidate, note: SenderNote): SenderChoice {
  const { senders, rule } = question;
  if (!rule) return chosen(wanted, note);
  const signed = rule.needsSignature ? { isSigned: true } : {};
  if (isLetThrough(wanted, rule)) return chosen(wanted, { ...note, ...signed });
  const other = byPreference(senders).find((one) => isLetThrough(one, rule));
  if (!other) return { kind: "not-in-country", rule };
  return chosen(other, { instead: wanted.sender, ...signed });
}

function chosen({ sender }: SenderCandidate, note: SenderNote): SenderChoice {
  return { kind: "sender", sender, note: Object.keys(note).length > 0 ? note : undefined };
}

function isLetThrough({ sender, registeredCountries }: SenderCandidate, rule: CountrySenderRule | undefined): boolean {
  if (!rule) return true;
  if (!rule.senderTypes.includes(senderTypeOf(sender))) return false;
  return !rule.registeredOnly || registeredCountries.includes(rule.countryPrefix);
}

/** The default first, then as they were added. */
function byPreference(senders: readonly SenderCandidate[]): SenderCandidate[] {
  return senders.toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault));
}

/**
 * Rendezvous hashing: each sender has a number with each recipient, and the highest takes them. So it needs no look-up, and a sender that
 * leaves the pool, or joins it, moves only the recipients that are its own.
 */
function highest(senders: readonly SenderCandidate[], recipient: string): SenderCandidate | undefined {
  let best: { one: SenderCandidate; score: number } | undefined;
  for (const one of senders) {
    const score = hashOf(`${one.id} ${recipient}`);
    if (!best || score > best.score) best = { one, score };
  }
  return best?.one;
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** FNV-1a, with MurmurHash3's last step so that numbers which differ in a digit fall far apart. Nobody gains by guessing it. */
function hashOf(text: string): number {
  let hash = FNV_OFFSET;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), FNV_PRIME);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
