/** Letters that came back, as their service looks through them: by the day on which it was told. */
import type { Db } from "../../platform/db.ts";

/** A year of days on which something came back. */
const DAYS_MAX = 366;
/** More of one day are in no list and in no file. */
const RETURNED_OF_DAY_MAX = 20_000;

export interface ReturnedDay {
  /** By clocks at home: 2026-11-30. */
  day: string;
  letters: number;
}

/** Newest first. `timeZone` is an IANA name. */
export function countReturnedByDay(db: Db, serviceId: string, timeZone: string): Promise<ReturnedDay[]> {
  return db.query<ReturnedDay>`
    select to_char(l.returned_at at time zone ${timeZone}, 'YYYY-MM-DD') as day, count(*)::integer as letters
    from letters l where l.service_id = ${serviceId} and l.returned_at is not null
    group by 1 order by 1 desc limit ${DAYS_MAX}`;
}

export async function countReturnedSince(db: Db, serviceId: string, since: Date): Promise<number> {
  const [row] = await db.query<{ letters: number }>`
    select count(*)::integer as letters from letters l where l.service_id = ${serviceId} and l.returned_at >= ${since}`;
  return row?.letters ?? 0;
}

export interface ReturnedLetter {
  id: string;
  reference: string | undefined;
  createdAt: Date;
  createdByName: string | undefined;
  isFromApi: boolean;
  /** Undefined for a letter that came as a PDF. */
  templateId: string | undefined;
  templateName: string | undefined;
  templateVersion: number | undefined;
}

/** Those of which the service was told between two moments, in the order of their making. */
export function listReturned(
  db: Db,
  serviceId: string,
  { from, before }: { from: Date; before: Date },
): Promise<ReturnedLetter[]> {
  return db.query<ReturnedLetter>`
    select n.id, n.reference, n.created_at, n.created_by_name, n.api_key_id is not null as is_from_api,
      case when not l.is_precompiled then n.template_id end as template_id,
      case when not l.is_precompiled then v.name end as template_name,
      case when not l.is_precompiled then n.template_version end as template_version
    from letters l
      join notifications n on n.id = l.notification_id
      left join template_versions v on v.template_id = n.template_id and v.version = n.template_version
    where l.service_id = ${serviceId} and l.returned_at >= ${from} and l.returned_at < ${before}
    order by n.id limit ${RETURNED_OF_DAY_MAX}`;
}
