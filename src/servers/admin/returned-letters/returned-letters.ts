/** `/services/:sid/returned-letters`: which letters came back, by day, and each day's to take away. */
import { HOME_TIME_ZONE } from "../../../core/calendar/home.ts";
import { startOfLocalDay } from "../../../core/calendar/local-day.ts";
import { Refusal } from "../../../core/refusal.ts";
import {
  countReturnedByDay,
  listReturned,
  type ReturnedLetter,
} from "../../../records/letters/returned-letter-store.ts";
import type { Answer } from "../http/answer.ts";
import { csvAnswer } from "../http/csv.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { dateOrNone } from "../messages/list-query.ts";

const DAY_MS = 86_400_000;
/** The rest are in the file. */
const SHOWN_MAX = 50;

interface DaysPage {
  days: readonly { at: Date; letters: number; href: string }[];
}

interface DayPage {
  day: Date;
  letters: readonly (ReturnedLetter & { href: string })[];
  /** More than are shown. */
  more: number;
  csvUrl: string;
  backUrl: string;
}

const showDays = page<DaysPage>("returned-letters/days.njk");
const showDay = page<DayPage>("returned-letters/day.njk");

const RETURNED = "/services/:sid/returned-letters";
const who = { permission: "view_activity" } as const;

export const returnedLetterRoutes: readonly Route[] = [
  route({ method: "GET", url: RETURNED, who, handler: openDays }),
  route({ method: "GET", url: `${RETURNED}/:day`, who, handler: openDay }),
  route({ method: "GET", url: `${RETURNED}/:day/letters.csv`, who, handler: downloadDay }),
];

async function openDays(visit: ServiceVisit): Promise<Answer> {
  const { app, service } = visit;
  const days = await countReturnedByDay(app.db, service.id, HOME_TIME_ZONE);
  return showDays(visit, {
    days: days.map(({ day, letters }) => ({
      at: startOfLocalDay(day, HOME_TIME_ZONE),
      letters,
      href: `${returnedLettersUrl(visit)}/${day}`,
    })),
  });
}

export function returnedLettersUrl({ service }: ServiceVisit): string {
  return `/services/${service.id}/returned-letters`;
}

async function openDay(visit: ServiceVisit): Promise<Answer> {
  const { service } = visit;
  const { day, from, letters } = await readDay(visit);
  const backUrl = returnedLettersUrl(visit);
  return showDay(visit, {
    day: from,
    letters: letters
      .slice(0, SHOWN_MAX)
      .map((letter) => ({ ...letter, href: `/services/${service.id}/messages/${letter.id}` })),
    more: Math.max(0, letters.length - SHOWN_MAX),
    csvUrl: `${backUrl}/${day}/letters.csv`,
    backUrl,
  });
}

async function readDay({ app, service, params }: ServiceVisit) {
  const day = dateOrNone(params["day"] ?? "");
  if (day === undefined) throw new Refusal("not-found", "There is no such day");
  const from = startOfLocalDay(day, HOME_TIME_ZONE);
  const nextDay = new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, day.length);
  const before = startOfLocalDay(nextDay, HOME_TIME_ZONE);
  return { day, from, letters: await listReturned(app.db, service.id, { from, before }) };
}

async function downloadDay(visit: ServiceVisit): Promise<Answer> {
  const { text } = visit;
  const { day, letters } = await readDay(visit);
  const heads = ["id", "reference", "sentAt", "sentBy", "template", "templateId", "version"] as const;
  return csvAnswer(`returned-letters-${day}.csv`, [
    heads.map((name) => text(`returnedLetters.column.${name}`)),
    ...letters.map((letter) => [
      letter.id,
      letter.reference ?? "",
      letter.createdAt.toISOString(),
      letter.isFromApi ? text("returnedLetters.api") : (letter.createdByName ?? ""),
      letter.templateName ?? text("returnedLetters.supplied"),
      letter.templateId ?? "",
      letter.templateVersion ?? "",
    ]),
  ]);
}
