/** A number that several services of one organisation share: each has keywords, and one of them holds the number and gets the rest. */
import { Refusal } from "../../core/refusal.ts";
import type { Keyword } from "../../core/replies/match-keyword.ts";
import { plainWords, REPLY_WORD_MAX_CHARACTERS, USUAL_WORDS } from "../../core/replies/reply-words.ts";
import type { Db, Tx } from "../../platform/db.ts";
import {
  deleteKeywordsOf,
  KEYWORDS_MAX,
  listAllKeywords,
  putKeyword,
} from "../../records/inbound-numbers/keyword-store.ts";
import { findHolder } from "../../records/inbound-numbers/number-pool-store.ts";
import { listServicesOf } from "../../records/senders/shared-sender-store.ts";
import { findOrganisationIdOf } from "../../records/services/service-life-store.ts";
import { listActiveNumbers, lockSettings } from "../../records/services/service-setting-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { fieldRefusal } from "../form-refusal.ts";

/** One on a line, `LIBRARY: Northwold Libraries`; none: the number is its holder's alone. Field: `keywords`. */
export async function shareNumber(
  { db }: Pick<App, "db">,
  actor: Actor,
  { number, text }: { number: string; text: string },
): Promise<void> {
  await db.transaction(async (tx) => {
    const services = await listSharers(tx, number);
    const wanted = readKeywords(text, services);
    const before = (await listAllKeywords(tx)).filter((one) => one.number === number);
    await deleteKeywordsOf(tx, number);
    for (const keyword of wanted) await putKeyword(tx, number, keyword);
    const plain = (keywords: readonly Keyword[]) => ({
      keywords: keywords.map(({ keyword, serviceId }) => `${keyword} ${serviceId}`),
    });
    const deed = { action: "inbound-numbers.shared", subject: "numbers" };
    await recordDeed(tx, actor, { ...deed, before: plain(before), after: { number, ...plain(wanted) } });
  });
}

/** Services that may share a number: its holder, and those of its organisation. */
export async function listSharers(tx: Pick<Tx, "query">, number: string): Promise<{ id: string; name: string }[]> {
  const holder = await findHolder(tx, number);
  const organisationId = holder && (await findOrganisationIdOf(tx, holder.serviceId));
  if (!holder) throw new Refusal("not-found", "There is no such number, or no service has it");
  return organisationId === undefined
    ? [{ id: holder.serviceId, name: holder.name }]
    : listServicesOf(tx, organisationId);
}

const USUAL: ReadonlySet<string> = new Set(Object.values(USUAL_WORDS).flat());

/** A keyword as it is kept; undefined for one that cannot be, or that asks for something already.  readKeyword("Café!") → "CAFE" */
export function readKeyword(text: string): string | undefined {
  const keyword = plainWords(text);
  return keyword === "" || keyword.length > REPLY_WORD_MAX_CHARACTERS || USUAL.has(keyword) ? undefined : keyword;
}

/** A service's own numbers that no other has a keyword on, and its keywords there. */
export async function readOwnKeywords(
  db: Db,
  serviceId: string,
): Promise<{ numbers: readonly string[]; keywords: readonly string[] }> {
  const held = (await listActiveNumbers(db, serviceId)).map(({ number }) => number);
  const there = (await listAllKeywords(db)).filter(({ number }) => held.includes(number));
  const shared = new Set(there.filter((one) => one.serviceId !== serviceId).map(({ number }) => number));
  const own = there.filter(({ number }) => !shared.has(number)).map(({ keyword }) => keyword);
  return { numbers: held.filter((number) => !shared.has(number)), keywords: [...new Set(own)].sort() };
}

/**
 * What a service tells the texts to its own numbers apart by, one on a line: all of them stay its own. Numbers that it shares are left to
 * platform administrators. Field: `keywords`.
 */
export async function setOwnKeywords(
  { db }: Pick<App, "db">,
  actor: Actor,
  { serviceId, text }: { serviceId: string; text: string },
): Promise<void> {
  await db.transaction(async (tx) => {
    await lockSettings(tx, serviceId);
    const { numbers, keywords: before } = await readOwnKeywords(tx, serviceId);
    if (numbers.length === 0) throw new Refusal("not-found", "The service has no number of its own alone");
    const wanted = checked(linesOf(text).map((line) => ({ keyword: keywordIn(line), serviceId })));
    for (const number of numbers) {
      await deleteKeywordsOf(tx, number);
      for (const keyword of wanted) await putKeyword(tx, number, keyword);
    }
    const after = { keywords: wanted.map(({ keyword }) => keyword) };
    const deed = { action: "inbound-numbers.keywords-set", subject: "numbers", serviceId };
    await recordDeed(tx, actor, { ...deed, before: { keywords: before }, after });
  });
}

function readKeywords(text: string, services: readonly { id: string; name: string }[]): Keyword[] {
  const keywords = linesOf(text).map((line): Keyword => {
    const [before = "", ...after] = line.split(":");
    const keyword = keywordIn(before);
    const named = after.join(":").trim();
    const found = services.filter(({ id, name }) => id === named.toLowerCase() || name === named);
    if (found.length === 1 && found[0]) return { keyword, serviceId: found[0].id };
    throw wrong("keyword-service", `“${named.slice(0, 60)}” is not a service of the organisation that has the number`);
  });
  return checked(keywords);
}

function linesOf(text: string): string[] {
  return text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter(Boolean);
}

function keywordIn(text: string): string {
  const keyword = readKeyword(text);
  if (keyword === undefined) throw wrong("keyword-wrong", `“${text.slice(0, 30)}” cannot be a keyword`);
  return keyword;
}

function checked(keywords: Keyword[]): Keyword[] {
  const distinct = new Set(keywords.map(({ keyword }) => keyword));
  if (distinct.size < keywords.length) throw wrong("keyword-twice", "Each keyword can be of one service only");
  if (keywords.length > KEYWORDS_MAX) throw wrong("keyword-many", `Enter up to ${KEYWORDS_MAX} keywords`);
  return keywords;
}

function wrong(problem: string, message: string) {
  return fieldRefusal("keywords", problem, message);
}
