/**
 * What a service, or an installation, does not want to be sent: words, and links of some sort, by channel and country. Pure, so that tables can
 * say what is found; looks at the words as their recipient will read them.
 */
import type { ChannelName } from "../channels/channel.ts";
import { impossible } from "../refusal.ts";
import { findLinkHosts, isAddressHost, isOfDomain } from "./find-links.ts";
import { foldWords } from "./fold-words.ts";
import { LINK_SHORTENERS } from "./link-shorteners.ts";

/** Words or phrases · any link · links to other domains than those listed · to sites that shorten links · to a bare IP address. */
export const LOOKED_FOR = ["words", "links", "unlisted-links", "short-links", "address-links"] as const;
export type LookedFor = (typeof LOOKED_FOR)[number];

/** What becomes of a message that breaks it: nothing is kept of it, or two people look at it first. */
export const RULE_ACTIONS = ["refuse", "hold"] as const;
export type RuleAction = (typeof RULE_ACTIONS)[number];

export const RULED_CHANNELS = ["sms", "email", "letter", "chat"] as const satisfies readonly ChannelName[];

export const RULE_LIMITS = { rules: 30, entries: 500, entryCharacters: 80, nameCharacters: 60 } as const;

export interface ContentRule {
  /** How its refusal names it. */
  name: string;
  looksFor: LookedFor;
  /** Words and phrases; or domains: those that may be linked to, or, of short links, further ones that may not. */
  entries: readonly string[];
  action: RuleAction;
  channels: readonly ChannelName[];
  /** Of texts: calling codes of countries; none named, everywhere. */
  countryPrefixes: readonly string[];
  /** Of the installation, for all its services. */
  isPlatform: boolean;
}

export interface JudgedMessage {
  channel: ChannelName;
  /** Of a text. */
  countryPrefix: string | undefined;
  subject: string | undefined;
  body: string;
}

/** Whether its words must have some of its own. */
export function needsEntries(looksFor: LookedFor): boolean {
  return looksFor === "words" || looksFor === "unlisted-links";
}

/** Whether it may have any. */
export function takesEntries(looksFor: LookedFor): boolean {
  return needsEntries(looksFor) || looksFor === "short-links";
}

/** The first rule that a message breaks; those that refuse come before those that hold. */
export function brokenRule<Rule extends ContentRule>(rules: readonly Rule[], message: JudgedMessage): Rule | undefined {
  const found = lookThrough(message);
  const isBrokenOf = (action: RuleAction) => (rule: Rule) =>
    rule.action === action && concerns(rule, message) && isBroken(rule, found);
  return rules.find(isBrokenOf("refuse")) ?? rules.find(isBrokenOf("hold"));
}

function concerns({ channels, countryPrefixes }: ContentRule, { channel, countryPrefix }: JudgedMessage): boolean {
  if (!channels.includes(channel)) return false;
  if (countryPrefixes.length === 0) return true;
  return countryPrefix !== undefined && countryPrefixes.includes(countryPrefix);
}

/** Each looked for once, and only if a rule asks. */
interface Found {
  words(): readonly string[];
  hosts(): readonly string[];
}

function lookThrough({ subject, body }: JudgedMessage): Found {
  const text = subject === undefined ? body : `${subject}\n${body}`;
  const known: { words?: readonly string[]; hosts?: readonly string[] } = {};
  return {
    words: () => (known.words ??= foldWords(text)),
    hosts: () => (known.hosts ??= findLinkHosts(text)),
  };
}

function isBroken(rule: ContentRule, found: Found): boolean {
  const { looksFor, entries } = rule;
  switch (looksFor) {
    case "words":
      return hasPhrase(phrasesOf(rule), found.words());
    case "links":
      return found.hosts().length > 0;
    case "unlisted-links":
      return found.hosts().some((host) => !entries.some((domain) => isOfDomain(host, domain)));
    case "short-links":
      return found.hosts().some((host) => [...LINK_SHORTENERS, ...entries].some((domain) => isOfDomain(host, domain)));
    case "address-links":
      return found.hosts().some(isAddressHost);
    default:
      return impossible(looksFor);
  }
}

/** By their first words: a text is gone through once, however many phrases there are. */
type Phrases = ReadonlyMap<string, readonly (readonly string[])[]>;

/** A rule is read again every few seconds, and used for many texts. */
const foldedPhrases = new WeakMap<ContentRule, Phrases>();

function phrasesOf(rule: ContentRule): Phrases {
  const known = foldedPhrases.get(rule);
  if (known) return known;
  const phrases = new Map<string, (readonly string[])[]>();
  for (const entry of rule.entries) {
    const [first, ...rest] = foldWords(entry);
    if (first !== undefined) phrases.set(first, [...(phrases.get(first) ?? []), rest]);
  }
  foldedPhrases.set(rule, phrases);
  return phrases;
}

function hasPhrase(phrases: Phrases, words: readonly string[]): boolean {
  return words.some((word, at) =>
    phrases.get(word)?.some((rest) => rest.every((next, index) => words[at + 1 + index] === next)),
  );
}
