/** Counts of messages by day, wherever they are kept: hours stay apart until they are folded into their days. */
import { HOME_TIME_ZONE } from "../../core/calendar/home.ts";
import { type SqlPiece, sqlPiece } from "../../platform/db.ts";

/** First and last day at home, as "2026-06-01". */
export interface Days {
  first: string;
  last: string;
}

/**
 * To select from: rows of both tables, so that what they have in common is still to be added up. Conditions on it reach each table's own
 * index, as for a view of the two.
 *
 *     select t.day, sum(t.messages) from ${countedDays(days)} t where t.service_id = ${serviceId} group by t.day
 */
export function countedDays({ first, last }: Days): SqlPiece {
  return sqlPiece`(
    select d.service_id, d.day, d.channel, d.key_kind, d.template_id, d.status, d.code, d.rate_multiplier, d.country_prefix, d.postage,
      d.sheets_each, d.unit_price, d.messages, d.fragments
    from daily_statistics d where d.day >= ${first}::date and d.day <= ${last}::date
    union all
    select h.service_id, (h.hour at time zone ${HOME_TIME_ZONE})::date, h.channel, h.key_kind, h.template_id, h.status, h.code,
      h.rate_multiplier, h.country_prefix, h.postage, h.sheets_each, h.unit_price, h.messages, h.fragments
    from hourly_statistics h
    where h.hour >= ${first}::date::timestamp at time zone ${HOME_TIME_ZONE}
      and h.hour < (${last}::date + 1)::timestamp at time zone ${HOME_TIME_ZONE})`;
}
