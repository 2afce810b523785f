/**
 * What a phone or a mailbox makes a link of: with a scheme, or a bare name that ends as domains do. Rather one too many: a full stop without
 * a space behind it is soon mended, a link that was not seen is not.
 */
import { isTopLevelDomain } from "./top-level-domains.ts";

const WITH_SCHEME = /(?<![\p{L}\p{N}])[a-z][a-z0-9+.-]{1,15}:[/\\]{2}(?:\[[0-9a-f:.]*\])?[^\s<>"«»()[\]]*/giu;
/** Taken whole and split: an expression for names alone would try every part of a long one. */
const NAME_CHARACTERS = /[\p{L}\p{N}@._-]+/gu;
/** With a port or a path: other numbers between dots are versions, dates and telephone numbers. */
const BARE_ADDRESS = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?=[:/][^\s])/g;
const UNSEEN = /\p{Cf}/gu;
/** Dots of other scripts, which browsers read as dots (RFC 3490 §3.1). */
const OTHER_DOTS = /[。｡]/g;
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[.*\])$/;

/** Hosts of all links, as browsers read them; one that cannot be read is empty.  findLinkHosts("see Example.org/x") → ["example.org"] */
export function findLinkHosts(text: string): string[] {
  const plain = text.normalize("NFKC").replace(UNSEEN, "").replace(OTHER_DOTS, ".");
  if (!plain.includes(".") && !plain.includes(":")) return [];
  const hosts: string[] = [];
  const rest = plain.replace(WITH_SCHEME, (link) => {
    hosts.push(hostOf(link));
    return " ";
  });
  for (const [characters] of rest.matchAll(NAME_CHARACTERS)) hosts.push(...namesIn(characters));
  for (const [address] of rest.matchAll(BARE_ADDRESS)) hosts.push(hostOf(`http://${address}`));
  return hosts;
}

/** What has an @ is an email address. "evil.com.Thanks" has no space behind its full stop: the name ends where names can. */
function namesIn(characters: string): string[] {
  if (characters.includes("@") || !characters.includes(".")) return [];
  return characters.split(/\.{2,}/).flatMap((name) => {
    const labels = name.replace(/^[._-]+|[._-]+$/g, "").split(".");
    const isWeb = labels.length > 2 && labels[0]?.toLowerCase() === "www";
    const end = isWeb ? labels.length - 1 : labels.findLastIndex((label, at) => at > 0 && isTopLevelDomain(label));
    return end < 1 ? [] : [hostOf(`http://${labels.slice(0, end + 1).join(".")}`)];
  });
}

/** A number in the place of a name.  "127.0.0.1", "[::1]" */
export function isAddressHost(host: string): boolean {
  return ADDRESS.test(host);
}

/** The domain itself, or one below it. */
export function isOfDomain(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

/** A domain as somebody types or pastes it; undefined for none.  "https://www.Example.org/x" → "www.example.org" */
export function parseDomain(typed: string): string | undefined {
  const trimmed = typed.trim();
  const host = hostOf(/^https?:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`);
  return /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]+$/.test(host) ? host : undefined;
}

function hostOf(link: string): string {
  if (!URL.canParse(link)) return "";
  return new URL(link).hostname.toLowerCase().replace(/\.$/, "");
}
