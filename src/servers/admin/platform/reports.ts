/** `/platform/reports`: tables to take away about all services and everybody with an account. */

import { dayOf } from "../../../core/calendar/home-day.ts";
import type { Cell } from "../../../core/csv/write-csv.ts";
import type { UsageSums } from "../../../flow/statistics/charges.ts";
import {
  lettersByService,
  textsByProvider,
  volumesByDay,
  volumesByService,
} from "../../../flow/statistics/platform-reports.ts";
import { listServiceOverviews, type ServiceOverview } from "../../../records/services/service-overview-store.ts";
import type { Days } from "../../../records/statistics/counted-days.ts";
import { listUserOverviews } from "../../../records/users/user-overview-store.ts";
import type { Answer } from "../http/answer.ts";
import { csvAnswer } from "../http/csv.ts";
import { type Form, formOf, InvalidFields, readFields, refuseIfInvalid, submit, type Values } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { dateOrNone } from "../messages/list-query.ts";
import { postageWords } from "../usage/postage-words.ts";
import { PEOPLE_FIELDS, peopleRows, readPeopleFilter } from "./people-report.ts";
import { stateOf } from "./services.ts";

const REPORTS_URL = "/platform/reports";
const FIELDS = ["report", "from", "to", ...PEOPLE_FIELDS] as const;
type Field = (typeof FIELDS)[number];
const EVERYBODY = { createdFrom: "", createdTo: "", signedInFrom: "", signedInTo: "" };
const ROWS_READ = 500;
const ROWS_MAX = 50_000;
const MONTH_CHARACTERS = "2026-11".length;

type Rows = readonly (readonly Cell[])[];

const REPORTS = {
  services: listServices,
  "volumes-by-service": byService,
  "volumes-by-day": byDay,
  "texts-by-provider": byProvider,
  letters: lettersOfServices,
  users: listUsers,
} as const satisfies Record<string, (visit: UserVisit, values: Values<Field>) => Promise<Rows>>;
type Report = keyof typeof REPORTS;

interface ReportsPage {
  form: Form<Field>;
  reports: readonly { value: Report; text: string; hint: { text: string } }[];
}

const showReports = page<ReportsPage>("platform/reports.njk");

export const platformReportRoutes: readonly Route[] = [
  route({ method: "GET", url: REPORTS_URL, who: "platform-admin", handler: openReports }),
  route({ method: "POST", url: REPORTS_URL, who: "platform-admin", handler: takeReport }),
];

/** This month, unless other days are asked for. */
function openReports(visit: UserVisit): Promise<Answer> {
  const today = dayOf(visit.now);
  const from = `${today.slice(0, MONTH_CHARACTERS)}-01`;
  return showAll(visit, formOf<Field>({ ...EVERYBODY, report: "volumes-by-service", from, to: today }));
}

async function showAll(visit: UserVisit, form: Form<Field>): Promise<Answer> {
  const names = Object.keys(REPORTS) as Report[];
  const reports = names.map((value) => ({
    value,
    text: visit.text(`platformReports.${value}`),
    hint: { text: visit.text(`platformReports.${value}.hint`) },
  }));
  return showReports(visit, { form, reports });
}

function takeReport(visit: UserVisit): Promise<Answer> {
  const values = readFields(visit, FIELDS);
  return submit({
    values,
    refusedAt: "report",
    act: async () => {
      const report = (Object.keys(REPORTS) as Report[]).find((name) => name === values.report);
      if (!report) throw new InvalidFields({ report: visit.text("platformReports.chooseOne") });
      return csvAnswer(`${report}.csv`, await REPORTS[report](visit, values));
    },
    showAgain: (form) => showAll(visit, form),
  });
}

async function listServices(visit: UserVisit): Promise<Rows> {
  const { text } = visit;
  const services = await allServices(visit);
  const heads = ["service", "serviceId", "organisation", "state", "created"] as const;
  return [
    heads.map((head) => text(`platformReports.column.${head}`)),
    ...services.map((service) => [
      ...[service.name, service.id, service.organisation ?? ""],
      ...[stateOf(service, text).stateText, service.createdAt.toISOString()],
    ]),
  ];
}

async function byService(visit: UserVisit, values: Values<Field>): Promise<Rows> {
  const volumes = await volumesByService(visit.app, readDays(visit, values));
  refuseNothing(visit, volumes.size);
  const cellsOf = await serviceCells(visit);
  return [
    [...serviceHeads(visit), ...volumeHeads(visit)],
    ...[...volumes].map(([id, volume]) => [...cellsOf(id), ...volumeCells(volume)]),
  ];
}

/** A row for each price of a service's letters, so that letters times prices make the cost. */
async function lettersOfServices(visit: UserVisit, values: Values<Field>): Promise<Rows> {
  const { app, text } = visit;
  const byService = await lettersByService(app, readDays(visit, values));
  refuseNothing(visit, byService.size);
  const cellsOf = await serviceCells(visit);
  const heads = ["postage", "sheetsEach", "letters", "rate", "cost"] as const;
  return [
    [...serviceHeads(visit), ...heads.map((head) => text(`usage.column.${head}`))],
    ...[...byService].flatMap(([id, postages]) =>
      postages.map(({ postage, sheetsEach, letters, rate, cost }) => {
        return [...cellsOf(id), postageWords(visit, postage), sheetsEach, letters, rate, cost];
      }),
    ),
  ];
}

function serviceHeads({ text }: UserVisit): string[] {
  return (["service", "serviceId", "organisation"] as const).map((head) => text(`platformReports.column.${head}`));
}

/** Which service a row is of, by its id. */
async function serviceCells(visit: UserVisit): Promise<(id: string) => Cell[]> {
  const services = new Map((await allServices(visit)).map((service) => [service.id, service]));
  return (id) => {
    const service = services.get(id);
    return [service?.name ?? visit.text("platformReports.ownMail"), id, service?.organisation ?? ""];
  };
}

async function byDay(visit: UserVisit, values: Values<Field>): Promise<Rows> {
  const volumes = await volumesByDay(visit.app, readDays(visit, values));
  refuseNothing(visit, volumes.size);
  return [
    [visit.text("platformReports.column.day"), ...volumeHeads(visit)],
    ...[...volumes].map(([day, volume]) => [day, ...volumeCells(volume)]),
  ];
}

async function byProvider(visit: UserVisit, values: Values<Field>): Promise<Rows> {
  const volumes = await textsByProvider(visit.app, readDays(visit, values));
  refuseNothing(visit, volumes.length);
  const volume = ["day", "provider", "texts", "fragments", "cost"] as const;
  const heads = [...volume, "charged", "chargedIn", "chargedAtHome", "unpriced", "repeated", "repeatedCost"] as const;
  return [
    heads.map((head) => headOf(visit, head)),
    ...volumes.map(({ day, provider, texts, fragments, cost, ...its }) => [
      ...[day, provider, texts, fragments, cost],
      ...[its.charged, its.currency || visit.formats.currency, its.chargedAtHome, its.unpricedFragments],
      ...[its.repeatedMessages, its.repeatedCost],
    ]),
  ];
}

async function listUsers(visit: UserVisit, values: Values<Field>): Promise<Rows> {
  const filter = readPeopleFilter(visit, values);
  const users = await readAll((at) => listUserOverviews(visit.app.db, { ...at, ...filter }));
  refuseIfInvalid({ report: users.length === 0 && visit.text("platformReports.nobody") });
  return peopleRows(visit, users);
}

/** Archived services have volumes, too. */
async function allServices({ app }: UserVisit): Promise<ServiceOverview[]> {
  const inUse = await readAll((at) => listServiceOverviews(app.db, at));
  return [...inUse, ...(await readAll((at) => listServiceOverviews(app.db, { ...at, state: "archived" })))];
}

async function readAll<Row extends { id: string }>(
  list: (page: { after: string | undefined; limit: number }) => Promise<Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  let found: Row[];
  do {
    found = await list({ after: rows.at(-1)?.id, limit: ROWS_READ });
    rows.push(...found);
  } while (found.length === ROWS_READ && rows.length < ROWS_MAX);
  return rows;
}

function readDays({ text }: UserVisit, values: Values<Field>): Days {
  const [first, last] = [dateOrNone(values.from), dateOrNone(values.to)];
  refuseIfInvalid({
    from: first === undefined && text("platformReports.dateMissing"),
    to: last === undefined && text("platformReports.dateMissing"),
  });
  return { first: first ?? "", last: last ?? "" };
}

function refuseNothing({ text }: UserVisit, found: number): void {
  refuseIfInvalid({ to: found === 0 && text("platformReports.nothing") });
}

const VOLUMES = ["emails", "texts", "fragments", "letters", "sheets", "cost"] as const;

function volumeHeads(visit: UserVisit): string[] {
  return VOLUMES.map((head) => headOf(visit, head));
}

type VolumeHead =
  | (typeof VOLUMES)[number]
  | "day"
  | "provider"
  | "charged"
  | "chargedIn"
  | "chargedAtHome"
  | "unpriced"
  | "repeated"
  | "repeatedCost";

function headOf({ text, formats }: UserVisit, head: VolumeHead): string {
  return text(`platformReports.column.${head}`, { currency: formats.currency });
}

function volumeCells({ emails, texts, fragments, letters, sheets, cost }: UsageSums): Cell[] {
  return [emails, texts, fragments, letters, sheets, cost];
}
