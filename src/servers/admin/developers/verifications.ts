/** `/services/:sid/developers/verifications`: how many codes were sent, and how many of those who asked gave the right one, by the day. */
import { HOME_TIME_ZONE } from "../../../core/calendar/home.ts";
import { startOfLocalDay } from "../../../core/calendar/local-day.ts";
import { clocksAt } from "../../../core/calendar/wall-clock.ts";
import { listVerificationDays, type VerificationDay } from "../../../records/verifications/verification-count-store.ts";
import type { Answer } from "../http/answer.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";

const DAYS_SHOWN = 30;
const DAY_MS = 86_400_000;

interface Row extends Omit<VerificationDay, "day"> {
  /** Undefined for all of them together. */
  date: Date | undefined;
  share: number;
}

const showVerifications = page<{ serviceId: string; days: number; all: Row; rows: readonly Row[] }>(
  "developers/verifications.njk",
);

export const verificationRoutes: readonly Route[] = [
  route({
    method: "GET",
    url: "/services/:sid/developers/verifications",
    who: { permission: "manage_api_keys" },
    handler: openVerifications,
  }),
];

async function openVerifications(visit: ServiceVisit): Promise<Answer> {
  const { app, service, now } = visit;
  const since = clocksAt(new Date(now.getTime() - (DAYS_SHOWN - 1) * DAY_MS), HOME_TIME_ZONE).date;
  const days = await listVerificationDays(app.db, { serviceId: service.id, since, timeZone: HOME_TIME_ZONE });
  const rows = days.map(({ day, ...counts }) => rowOf(counts, startOfLocalDay(day, HOME_TIME_ZONE)));
  return showVerifications(visit, { serviceId: service.id, days: DAYS_SHOWN, all: rowOf(summed(days)), rows });
}

type Counts = Omit<VerificationDay, "day">;

function rowOf(counts: Counts, date?: Date): Row {
  return { ...counts, date, share: counts.asked === 0 ? 0 : counts.verified / counts.asked };
}

function summed(days: readonly Counts[]): Counts {
  const sum = (key: keyof Counts) => days.reduce((total, day) => total + day[key], 0);
  return { asked: sum("asked"), texts: sum("texts"), emails: sum("emails"), verified: sum("verified") };
}
