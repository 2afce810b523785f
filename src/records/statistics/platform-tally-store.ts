/** What became of all services' messages, counted, for those who run the platform; up to the last hour that has been counted. */
import { HOME_TIME_ZONE } from "../../core/calendar/home.ts";
import { type Db, sqlConstant } from "../../platform/db.ts";
import type { Tally } from "./statistics-store.ts";

/** First and last day, as "2026-06-01". */
export interface Days {
  first: string;
  last: string;
}

type Counted = Pick<Tally, "channel" | "status" | "rateMultiplier" | "messages" | "fragments">;
export type ServiceTally = Counted & { serviceId: string };
export type DayTally = Counted & { day: string };

/** Messages of test keys, and those that were taken back, are nobody's volume. */
const COUNTED = sqlConstant(`key_kind <> 'test' and status <> 'cancelled'`);

export function listServiceTallies(db: Db, { first, last }: Days): Promise<ServiceTally[]> {
  return db.query<ServiceTally>`
    select t.service_id, t.channel, t.status, t.rate_multiplier, sum(t.messages)::integer as messages, sum(t.fragments)::integer as fragments
    from (
      select service_id, channel, status, rate_multiplier, messages, fragments
      from daily_statistics where day >= ${first}::date and day <= ${last}::date and ${COUNTED}
      union all
      select service_id, channel, status, rate_multiplier, messages, fragments
      from hourly_statistics
      where hour >= ${first}::date::timestamp at time zone ${HOME_TIME_ZONE}
        and hour < (${last}::date + 1)::timestamp at time zone ${HOME_TIME_ZONE} and ${COUNTED}) t
    group by t.service_id, t.channel, t.status, t.rate_multiplier`;
}

export function listDayTallies(db: Db, { first, last }: Days): Promise<DayTally[]> {
  return db.query<DayTally>`
    select t.day::text as day, t.channel, t.status, t.rate_multiplier, sum(t.messages)::integer as messages,
      sum(t.fragments)::integer as fragments
    from (
      select day, channel, status, rate_multiplier, messages, fragments
      from daily_statistics where day >= ${first}::date and day <= ${last}::date and ${COUNTED}
      union all
      select (hour at time zone ${HOME_TIME_ZONE})::date, channel, status, rate_multiplier, messages, fragments
      from hourly_statistics
      where hour >= ${first}::date::timestamp at time zone ${HOME_TIME_ZONE}
        and hour < (${last}::date + 1)::timestamp at time zone ${HOME_TIME_ZONE} and ${COUNTED}) t
    group by t.day, t.channel, t.status, t.rate_multiplier order by t.day`;
}
