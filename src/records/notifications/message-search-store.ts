/**
 * Looking for messages of one service. What is searched by text is found whole, a bounded number of it, by an index that says who or
 * which reference; lists by facets alone walk the service's messages in order and stop after a bounded number of rows.
 */
import { type Db, type SqlPiece, sqlConstant, sqlPiece } from "../../platform/db.ts";
import { firstIdAt } from "../../platform/ids.ts";
import type { Channel, KeyKind } from "../services/service.ts";
import type { Notification } from "./notification.ts";

/** More than this are not counted one by one. */
export const FOUND_MAX = 10_000;
/** Rows that one look goes through before it says how far it has come. */
const WALKED_MAX = 50_000;
/** Rows that are looked at again and again while somebody has a list open. */
const WATCHED_MAX = 200;
/** Sorts after every character that text can hold. */
const LAST_CHARACTER = "\u{10FFFF}";
const FIRST_ID = "00000000-0000-0000-0000-000000000000";
const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/** What lists are filtered by; everything that is left out does not matter. */
export interface MessageFacets {
  channels?: readonly Channel[] | undefined;
  statuses?: readonly string[] | undefined;
  templateId?: string | undefined;
  apiKeyId?: string | undefined;
  /** As messages have it: the text sender, or where replies to an email go. */
  sender?: string | undefined;
  countryPrefix?: string | undefined;
  provider?: string | undefined;
  /** The first word of what the carrier reported. */
  code?: string | undefined;
  keyKinds: readonly KeyKind[];
  /** Made at or after, and before. */
  from?: Date | undefined;
  before?: Date | undefined;
}

/** What finding and filtering takes of a message. */
export type FoundMessage = Pick<
  Notification,
  | "id"
  | "channel"
  | "status"
  | "templateId"
  | "apiKeyId"
  | "keyKind"
  | "sender"
  | "countryPrefix"
  | "provider"
  | "reportedCode"
>;

const FOUND = sqlConstant(
  "n.id, n.channel, n.status, n.template_id, n.api_key_id, n.key_kind, n.sender, n.country_prefix, n.provider, n.reported_code",
);

/** The newest messages to a recipient, one more than `FOUND_MAX` at most. */
export function findByRecipient(db: Db, serviceId: string, recipientIndex: Buffer): Promise<FoundMessage[]> {
  return db.query<FoundMessage>`
    select ${FOUND} from notifications n
    where n.service_id = ${serviceId} and n.recipient_index = ${recipientIndex}
    order by n.id desc limit ${FOUND_MAX + 1}`;
}

/**
 * Messages whose reference begins so, one more than `FOUND_MAX` at most. Where the database sorts text by code point its index finds
 * them; where it sorts as people do, the service's newest messages are looked through.
 */
export async function findByReference(db: Db, serviceId: string, beginning: string): Promise<FoundMessage[]> {
  return (await sortsByCodePoint(db))
    ? findInReferences(db, serviceId, beginning)
    : findAmongNewest(db, serviceId, beginning);
}

async function sortsByCodePoint(db: Db): Promise<boolean> {
  const [row] = await db.query<{ isPlain: boolean }>`select 'B'::text < 'a'::text as is_plain`;
  return row?.isPlain === true;
}

function findInReferences(db: Db, serviceId: string, beginning: string): Promise<FoundMessage[]> {
  return db.query<FoundMessage>`
    select ${FOUND} from notifications n
    where n.service_id = ${serviceId} and n.reference >= ${beginning} and n.reference <= ${beginning + LAST_CHARACTER}
      and starts_with(n.reference, ${beginning})
    limit ${FOUND_MAX + 1}`;
}

function findAmongNewest(db: Db, serviceId: string, beginning: string): Promise<FoundMessage[]> {
  return db.query<FoundMessage>`
    select ${FOUND} from (
      select ${FOUND}, n.reference from notifications n
      where n.service_id = ${serviceId} order by n.id desc limit ${WALKED_MAX}) n
    where starts_with(n.reference, ${beginning})
    limit ${FOUND_MAX + 1}`;
}

export interface Walk {
  serviceId: string;
  facets: MessageFacets;
  /** Messages older, or newer, than this one; from the newest when it is left out. */
  from?: { direction: "older" | "newer"; id: string } | undefined;
  limit: number;
}

export interface Walked {
  /** Newest first. */
  messages: FoundMessage[];
  /** Where a walk that did not find enough gave up; undefined when it came to the end. */
  stoppedAtId: string | undefined;
}

/** The next messages that fit the facets. */
export async function walkMessages(db: Db, walk: Walk): Promise<Walked> {
  const isNewer = walk.from?.direction === "newer";
  const messages = await (isNewer ? walkNewer(db, walk) : walkOlder(db, walk));
  if (messages.length >= walk.limit) return { messages: inOrder(messages), stoppedAtId: undefined };
  return { messages: inOrder(messages), stoppedAtId: await findStop(db, walk, isNewer) };
}

function inOrder(messages: FoundMessage[]): FoundMessage[] {
  return messages.sort((a, b) => (a.id < b.id ? 1 : -1));
}

function walkOlder(db: Db, { serviceId, facets, from, limit }: Walk): Promise<FoundMessage[]> {
  const { lowest, highest } = idBounds(facets);
  const { statuses = null } = facets;
  const below = from?.id ?? LAST_ID;
  return db.query<FoundMessage>`
    select ${FOUND} from (
      select ${FOUND} from notifications n
      where n.service_id = ${serviceId} and n.id < ${below}::uuid and n.id >= ${lowest}::uuid and n.id < ${highest}::uuid
      order by n.id desc limit ${WALKED_MAX}) n
    where ${fits(facets)} and (${statuses}::text[] is null or n.status = any(${statuses}))
    order by n.id desc limit ${limit}`;
}

function walkNewer(db: Db, { serviceId, facets, from, limit }: Walk): Promise<FoundMessage[]> {
  const { lowest, highest } = idBounds(facets);
  const { statuses = null } = facets;
  const above = from?.id ?? FIRST_ID;
  return db.query<FoundMessage>`
    select ${FOUND} from (
      select ${FOUND} from notifications n
      where n.service_id = ${serviceId} and n.id > ${above}::uuid and n.id >= ${lowest}::uuid and n.id < ${highest}::uuid
      order by n.id limit ${WALKED_MAX}) n
    where ${fits(facets)} and (${statuses}::text[] is null or n.status = any(${statuses}))
    order by n.id limit ${limit}`;
}

/** The last row a walk went through, if there are more behind it. */
async function findStop(db: Db, { serviceId, facets, from }: Walk, isNewer: boolean): Promise<string | undefined> {
  const { lowest, highest } = idBounds(facets);
  const [stop] = isNewer
    ? await db.query<{ id: string }>`
        select n.id from notifications n
        where n.service_id = ${serviceId} and n.id > ${from?.id ?? FIRST_ID}::uuid and n.id >= ${lowest}::uuid and n.id < ${highest}::uuid
        order by n.id offset ${WALKED_MAX - 1} limit 1`
    : await db.query<{ id: string }>`
        select n.id from notifications n
        where n.service_id = ${serviceId} and n.id < ${from?.id ?? LAST_ID}::uuid and n.id >= ${lowest}::uuid and n.id < ${highest}::uuid
        order by n.id desc offset ${WALKED_MAX - 1} limit 1`;
  return stop?.id;
}

/** How many of a service's messages from one on, a bounded number of them, have which status: whether any has come further. */
export async function countStatusesFrom(db: Db, serviceId: string, firstId: string): Promise<Record<string, number>> {
  const rows = await db.query<{ status: string; messages: number }>`
    select f.status, count(*)::integer as messages from (
      select n.status from notifications n
      where n.service_id = ${serviceId} and n.id >= ${firstId}::uuid order by n.id limit ${WATCHED_MAX}) f
    group by f.status order by f.status`;
  return Object.fromEntries(rows.map(({ status, messages }) => [status, messages]));
}

/** By status, of the newest messages that fit the facets; at most one more than `FOUND_MAX` altogether. */
export function countMessages(
  db: Db,
  serviceId: string,
  facets: MessageFacets,
): Promise<{ status: string; messages: number }[]> {
  const { lowest, highest } = idBounds(facets);
  return db.query<{ status: string; messages: number }>`
    select m.status, count(*)::integer as messages from (
      select n.status from (
        select ${FOUND} from notifications n
        where n.service_id = ${serviceId} and n.id >= ${lowest}::uuid and n.id < ${highest}::uuid
        order by n.id desc limit ${WALKED_MAX}) n
      where ${fits(facets)}
      limit ${FOUND_MAX + 1}) m
    group by m.status`;
}

/** What every facet but the status asks of a row of `FOUND`. */
function fits(facets: MessageFacets): SqlPiece {
  const { keyKinds, channels = null, templateId = null, apiKeyId = null } = facets;
  const { sender = null, countryPrefix = null, provider = null, code = null } = facets;
  return sqlPiece`n.key_kind = any(${keyKinds}::text[])
      and (${channels}::text[] is null or n.channel = any(${channels}))
      and (${templateId}::uuid is null or n.template_id = ${templateId})
      and (${apiKeyId}::uuid is null or n.api_key_id = ${apiKeyId})
      and (${sender}::text is null or n.sender = ${sender})
      and (${countryPrefix}::text is null or n.country_prefix = ${countryPrefix})
      and (${provider}::text is null or n.provider = ${provider})
      and (${code}::text is null or split_part(n.reported_code, ' ', 1) = ${code})`;
}

/** A version 7 id begins with its time, so a span of time is a span of ids. */
function idBounds({ from, before }: MessageFacets): { lowest: string; highest: string } {
  return { lowest: from ? firstIdAt(from) : FIRST_ID, highest: before ? firstIdAt(before) : LAST_ID };
}
