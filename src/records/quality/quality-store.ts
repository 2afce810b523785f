/** Counts of how messages fared (docs/decisions/0051-quality-is-counted-as-it-happens.md). */
import { TIME_STEPS } from "../../core/quality/histogram.ts";
import type { QualityCounts } from "../../core/quality/indicators.ts";
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";

/** What messages have in common that are counted together. */
export interface QualityKey {
  /** When the five minutes began, or the hour or the day of older counts. */
  slot: Date;
  serviceId: string;
  templateId: string;
  channel: string;
  provider: string;
  /** Empty for emails. */
  countryPrefix: string;
  /** Empty where it is not known. */
  network: string;
  sender: string;
}

export type QualityRow = QualityKey & QualityCounts;

const TIMES_ADDED = sqlConstant(
  `array[${Array.from({ length: TIME_STEPS }, (_, step) => `q.times[${step + 1}] + excluded.times[${step + 1}]`).join(", ")}]`,
);
const TIMES_SUMMED = sqlConstant(
  `array[${Array.from({ length: TIME_STEPS }, (_, step) => `sum(q.times[${step + 1}])`).join(", ")}]::integer[]`,
);
const COUNTS_SUMMED = sqlConstant(`
  sum(q.sent)::integer as sent, sum(q.delivered)::integer as delivered, sum(q.permanent)::integer as permanent,
  sum(q.temporary)::integer as temporary, sum(q.technical)::integer as technical`);
const COUNTS_ADDED = sqlConstant(`
  sent = q.sent + excluded.sent, delivered = q.delivered + excluded.delivered, permanent = q.permanent + excluded.permanent,
  temporary = q.temporary + excluded.temporary, technical = q.technical + excluded.technical`);

/** Adds what a process has counted. Rows are taken in one order everywhere. */
export async function addQuality(db: Db, rows: readonly QualityRow[]): Promise<void> {
  if (rows.length === 0) return;
  const column = <Key extends keyof QualityRow>(key: Key) => rows.map((row) => row[key]);
  await db.query`
    insert into quality_counts as q (slot, service_id, template_id, channel, provider, country_prefix, network, sender, sent,
      delivered, permanent, temporary, technical, times)
    select n.slot, n.service_id, n.template_id, n.channel, n.provider, n.country_prefix, n.network, n.sender, n.sent,
      n.delivered, n.permanent, n.temporary, n.technical, string_to_array(n.times, ' ')::integer[]
    from unnest(${column("slot")}::timestamptz[], ${column("serviceId")}::uuid[], ${column("templateId")}::uuid[],
      ${column("channel")}::text[], ${column("provider")}::text[], ${column("countryPrefix")}::text[], ${column("network")}::text[],
      ${column("sender")}::text[], ${column("sent")}::integer[], ${column("delivered")}::integer[], ${column("permanent")}::integer[],
      ${column("temporary")}::integer[], ${column("technical")}::integer[], ${rows.map(({ times }) => times.join(" "))}::text[]
    ) as n (slot, service_id, template_id, channel, provider, country_prefix, network, sender, sent, delivered, permanent, temporary,
      technical, times)
    order by n.slot, n.service_id, n.template_id, n.channel, n.provider, n.country_prefix, n.network, n.sender
    on conflict (slot, service_id, template_id, channel, provider, country_prefix, network, sender) do update set ${COUNTS_ADDED}, times = ${TIMES_ADDED}`;
}

/** What counts can be told by; of networks the key is the country's prefix, a space, and the network's code where it is known. */
export const QUALITY_BY = ["country", "network", "provider", "sender", "template", "service"] as const;
export type QualityBy = (typeof QUALITY_BY)[number];

export interface QualityQuestion {
  /** Undefined for all services. */
  serviceId: string | undefined;
  channel?: string;
  from: Date;
  before: Date;
  by: QualityBy;
}

export type QualityOf = QualityCounts & { key: string };

const GROUPS_MAX = 1_000;

/** The most used first. */
export function listQuality(
  db: Db,
  { serviceId = undefined, channel, from, before, by }: QualityQuestion,
): Promise<QualityOf[]> {
  return db.query<QualityOf>`
    select case ${by}::text when 'country' then q.country_prefix when 'network' then q.country_prefix || ' ' || q.network when 'provider' then q.provider when 'sender' then q.sender
        when 'template' then q.template_id::text else q.service_id::text end as key,
      ${COUNTS_SUMMED}, ${TIMES_SUMMED} as times
    from quality_counts q
    where q.slot >= ${from} and q.slot < ${before} and (${serviceId ?? null}::uuid is null or q.service_id = ${serviceId ?? null}::uuid)
      and (${channel ?? null}::text is null or q.channel = ${channel ?? null})
    group by 1 order by sum(q.sent) desc, 1 limit ${GROUPS_MAX}`;
}

/** Puts what is older than a moment together by the hour or the day, in one statement: nothing is counted twice or lost. */
export async function foldQuality(tx: Tx, { before, into }: { before: Date; into: "hour" | "day" }): Promise<number> {
  const [folded] = await tx.query<{ rows: number }>`
    with old as (
      delete from quality_counts q where q.slot < ${before} and q.slot <> date_trunc(${into}, q.slot, 'UTC') returning q.*
    ), kept as (
      insert into quality_counts as q (slot, service_id, template_id, channel, provider, country_prefix, network, sender, sent,
        delivered, permanent, temporary, technical, times)
      select date_trunc(${into}, q.slot, 'UTC'), q.service_id, q.template_id, q.channel, q.provider, q.country_prefix, q.network, q.sender,
        ${COUNTS_SUMMED}, ${TIMES_SUMMED}
      from old q group by 1, 2, 3, 4, 5, 6, 7, 8
      on conflict (slot, service_id, template_id, channel, provider, country_prefix, network, sender) do update set ${COUNTS_ADDED}, times = ${TIMES_ADDED}
    )
    select count(*) as rows from old`;
  return folded?.rows ?? 0;
}

export async function deleteQualityBefore(db: Db, before: Date): Promise<void> {
  await db.query`delete from quality_counts where slot < ${before}`;
}
