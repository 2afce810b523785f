/** Everybody with an account, or those who were added, or last signed in, within some days. */
import { HOME_TIME_ZONE } from "../../../core/calendar/home.ts";
import { startOfLocalDay } from "../../../core/calendar/local-day.ts";
import type { Cell } from "../../../core/csv/write-csv.ts";
import type { Between, UserOverview } from "../../../records/users/user-overview-store.ts";
import { refuseIfInvalid, type Values } from "../http/form.ts";
import type { UserVisit } from "../http/visit.ts";
import { dateOrNone } from "../messages/list-query.ts";

export const PEOPLE_FIELDS = ["createdFrom", "createdTo", "signedInFrom", "signedInTo"] as const;
type Field = (typeof PEOPLE_FIELDS)[number];
const A_DAY_MS = 86_400_000;

/** Every date may be left out. */
export function readPeopleFilter({ text }: UserVisit, values: Values<Field>): { created: Between; signedIn: Between } {
  const wrongDates = PEOPLE_FIELDS.map((name) => {
    const isWrong = values[name] !== "" && dateOrNone(values[name]) === undefined;
    return [name, isWrong && text("platformReports.dateWrong")] as const;
  });
  refuseIfInvalid(Object.fromEntries(wrongDates));
  const isReversed = (from: Field, to: Field) => values[to] !== "" && values[from] > values[to];
  refuseIfInvalid({
    createdTo: isReversed("createdFrom", "createdTo") && text("platformReports.daysReversed"),
    signedInTo: isReversed("signedInFrom", "signedInTo") && text("platformReports.daysReversed"),
  });
  return {
    created: between(values.createdFrom, values.createdTo),
    signedIn: between(values.signedInFrom, values.signedInTo),
  };
}

function between(first: string, last: string): Between {
  return {
    from: first === "" ? undefined : startOfLocalDay(first, HOME_TIME_ZONE),
    before: last === "" ? undefined : startOfLocalDay(dayAfter(last), HOME_TIME_ZONE),
  };
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + A_DAY_MS).toISOString().slice(0, day.length);
}

const COLUMNS = ["name", "emailAddress", "services", "created", "lastSignedIn", "platformAdmin"] as const;

export function peopleRows({ text }: UserVisit, users: readonly UserOverview[]): (readonly Cell[])[] {
  return [
    COLUMNS.map((head) => text(`platformReports.column.${head}`)),
    ...users.map(({ name, emailAddress, services, createdAt, lastSignedInAt, isPlatformAdmin }) => [
      ...[name, emailAddress, services, createdAt.toISOString(), lastSignedInAt?.toISOString() ?? ""],
      text(isPlatformAdmin ? "platformReports.yes" : "platformReports.no"),
    ]),
  ];
}
