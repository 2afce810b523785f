/** What became of all services' messages, counted, for those who run the platform; up to the last hour that has been counted. */
import { type Db, sqlConstant } from "../../platform/db.ts";
import { countedDays, type Days } from "./counted-days.ts";
import type { Tally } from "./statistics-store.ts";

type Counted = Pick<
  Tally,
  "channel" | "status" | "rateMultiplier" | "unitPrice" | "postage" | "sheetsEach" | "messages" | "fragments"
>;
/** Letters by day, as their prices change within a financial year; all else of the days together. */
export type ServiceTally = Counted & { serviceId: string; day: string | undefined };
export type DayTally = Counted & { day: string };

/** Messages of test keys, and those that were taken back, are nobody's volume. */
const COUNTED = sqlConstant(`t.key_kind <> 'test' and t.status <> 'cancelled'`);

export function listServiceTallies(db: Db, days: Days): Promise<ServiceTally[]> {
  return db.query<ServiceTally>`
    select t.service_id, (case when t.channel = 'letter' then t.day end)::text as day, t.channel, t.status, t.rate_multiplier, t.unit_price, t.postage,
      t.sheets_each, sum(t.messages)::integer as messages, sum(t.fragments)::integer as fragments
    from ${countedDays(days)} t where ${COUNTED}
    group by t.service_id, case when t.channel = 'letter' then t.day end, t.channel, t.status, t.rate_multiplier, t.unit_price, t.postage,
      t.sheets_each`;
}

export function listDayTallies(db: Db, days: Days): Promise<DayTally[]> {
  return db.query<DayTally>`
    select t.day::text as day, t.channel, t.status, t.rate_multiplier, t.unit_price, t.postage, t.sheets_each, sum(t.messages)::integer as messages,
      sum(t.fragments)::integer as fragments
    from ${countedDays(days)} t where ${COUNTED}
    group by t.day, t.channel, t.status, t.rate_multiplier, t.unit_price, t.postage, t.sheets_each order by t.day`;
}
