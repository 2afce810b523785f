/** `/services/:sid/usage`: what a service has used in a financial year, and what that costs; as a page, and as a table to take away. */

import { dayOf } from "../../../core/calendar/home-day.ts";
import type { Cell } from "../../../core/csv/write-csv.ts";
import { listCountries } from "../../../core/phone/international-rates.ts";
import type { PostageUsage } from "../../../flow/statistics/charges.ts";
import {
  type CountryUsage,
  type MonthUsage,
  readUsage,
  type TemplateUsage,
  type Usage,
} from "../../../flow/statistics/read-usage.ts";
import { type BarChart, layOutBars } from "../charts/bar-chart.ts";
import type { Answer } from "../http/answer.ts";
import { csvAnswer } from "../http/csv.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { type NamedTemplate, nameTemplates } from "../templates/template-names.ts";
import { type BudgetBar, budgetBar } from "./budget-bar.ts";
import { postageWords } from "./postage-words.ts";
import { type YearLink, yearAskedFor, yearLinks } from "./years.ts";

const TEMPLATES_SHOWN_MAX = 20;
const COUNTRIES_SHOWN_MAX = 20;
const WHO = { permission: "manage_service", orReader: true } as const;

type NamedUsage = TemplateUsage & NamedTemplate;

interface CountryRow extends CountryUsage {
  name: string;
}

interface UsagePage {
  /** Of this month, where it is of the year and has a budget. */
  budget: BudgetBar | undefined;
  usage: Usage;
  years: readonly YearLink[];
  /** Those that have begun. */
  months: readonly (MonthUsage & { moment: Date })[];
  chart: BarChart;
  csvUrl: string;
  templates: readonly NamedUsage[];
  moreTemplates: number;
  templatesCsvUrl: string;
  countries: readonly CountryRow[];
  moreCountries: number;
  countriesCsvUrl: string;
  /** The service sends letters, or has. */
  showsLetters: boolean;
  /** The same of chat messages. */
  showsChats: boolean;
  postages: readonly (PostageUsage & { name: string })[];
}

const showUsage = page<UsagePage>("usage/usage.njk");

export const usageRoutes: readonly Route[] = [
  route({ method: "GET", url: "/services/:sid/usage", who: WHO, handler: openUsage }),
  route({ method: "GET", url: "/services/:sid/usage.csv", who: WHO, handler: downloadUsage }),
  route({ method: "GET", url: "/services/:sid/usage/templates.csv", who: WHO, handler: downloadTemplates }),
  route({ method: "GET", url: "/services/:sid/usage/countries.csv", who: WHO, handler: downloadCountries }),
];

async function openUsage(visit: ServiceVisit): Promise<Answer> {
  const { app, service } = visit;
  const year = yearAskedFor(visit);
  const usage = await readUsage(app, service.id, year);
  const here = `/services/${service.id}/usage`;
  const months = monthsBegun(visit, usage);
  return showUsage(visit, {
    budget: thisMonthsBudget(visit, usage),
    usage,
    months: months.map((month) => ({ ...month, moment: momentOf(month) })),
    years: yearLinks(visit, here, year),
    templates: (await namedTemplates(visit, usage)).slice(0, TEMPLATES_SHOWN_MAX),
    moreTemplates: Math.max(0, usage.byTemplate.length - TEMPLATES_SHOWN_MAX),
    chart: costChart(visit, usage, months),
    csvUrl: `${here}.csv?year=${year}`,
    templatesCsvUrl: `${here}/templates.csv?year=${year}`,
    countries: namedCountries(visit, usage).slice(0, COUNTRIES_SHOWN_MAX),
    moreCountries: Math.max(0, usage.byCountry.length - COUNTRIES_SHOWN_MAX),
    countriesCsvUrl: `${here}/countries.csv?year=${year}`,
    showsLetters: service.permissions.has("letter") || usage.letters > 0,
    showsChats: service.permissions.has("chat") || usage.chats > 0,
    postages: usage.byPostage.map((posted) => ({ ...posted, name: postageWords(visit, posted.postage) })),
  });
}

function thisMonthsBudget(visit: ServiceVisit, { months }: Usage): BudgetBar | undefined {
  const thisMonth = dayOf(visit.now).slice(0, 7);
  const spent = months.find(({ month }) => month === thisMonth)?.textCost;
  return spent === undefined ? undefined : budgetBar(visit, spent);
}

/** A row for each month and rate of texts, and of letters, so that quantities times rates make the costs. */
async function downloadUsage(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const year = yearAskedFor(visit);
  const usage = await readUsage(app, service.id, year);
  const columns = [
    "emails",
    "texts",
    "fragments",
    "letters",
    "postage",
    "sheetsEach",
    "rate",
    "cost",
    "chats",
  ] as const;
  const heads = [text("usage.month"), ...columns.map((column) => text(`usage.column.${column}`))];
  return csvAnswer(`usage-${year}-${year + 1}.csv`, [
    heads,
    ...monthsBegun(visit, usage).flatMap((month) => csvRows(visit, month)),
  ]);
}

async function downloadTemplates(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const year = yearAskedFor(visit);
  const templates = await namedTemplates(visit, await readUsage(app, service.id, year));
  const columns = ["emails", "texts", "fragments", "letters", "sheets", "cost", "chats"] as const;
  const heads = [text("usage.template"), ...columns.map((column) => text(`usage.column.${column}`))];
  const rows = templates.map(({ name, emails, texts, fragments, letters, sheets, cost, chats }) => {
    return [name, emails, texts, fragments, letters, sheets, cost, chats];
  });
  return csvAnswer(`usage-by-template-${year}-${year + 1}.csv`, [heads, ...rows]);
}

async function namedTemplates(visit: ServiceVisit, { byTemplate }: Usage): Promise<NamedUsage[]> {
  const ids = byTemplate.map(({ templateId }) => templateId);
  const named = await nameTemplates(visit, ids);
  return byTemplate.map((usage) => ({ ...usage, ...named(usage.templateId) }));
}

async function downloadCountries(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const year = yearAskedFor(visit);
  const usage = await readUsage(app, service.id, year);
  const columns = ["texts", "fragments", "cost"] as const;
  const heads = [
    text("usage.country"),
    text("usage.prefix"),
    ...columns.map((column) => text(`usage.column.${column}`)),
  ];
  const rows = namedCountries(visit, usage).map(({ name, countryPrefix, texts, fragments, cost }) => {
    return [name, countryPrefix, texts, fragments, cost];
  });
  return csvAnswer(`usage-by-country-${year}-${year + 1}.csv`, [heads, ...rows]);
}

function namedCountries({ text }: ServiceVisit, { byCountry }: Usage): CountryRow[] {
  const names = new Map(listCountries().map(({ prefix, names: all }) => [prefix, all.join(", ")]));
  return byCountry.map((usage) => ({
    ...usage,
    name: names.get(usage.countryPrefix) ?? text("usage.unknownCountry"),
  }));
}

/** Emails and texts stand with the month's first rate alone, so that columns add up. Chat messages cost by app, and stand together. */
function csvRows(visit: ServiceVisit, usage: MonthUsage): Cell[][] {
  const { month, emails, texts, rates, postages, chats, chatCost } = usage;
  const [first, ...others] = rates;
  return [
    [month, emails, texts, first?.fragments ?? 0, 0, "", "", first?.rate ?? "", first?.cost ?? "0.0", 0],
    ...others.map(({ fragments, rate, cost }) => [month, 0, 0, fragments, 0, "", "", rate, cost, 0]),
    ...postages.map(({ letters, postage, sheetsEach, rate, cost }) => {
      return [month, 0, 0, 0, letters, postageWords(visit, postage), sheetsEach, rate, cost, 0];
    }),
    ...(chats > 0 ? [[month, 0, 0, 0, 0, "", "", "", chatCost, chats]] : []),
  ];
}

function costChart({ text, formats }: ServiceVisit, usage: Usage, months: readonly MonthUsage[]): BarChart {
  const dearest = months.reduce((most, month) => (Number(month.cost) > Number(most.cost) ? month : most));
  const nothing = Number(usage.cost) === 0;
  return layOutBars({
    id: "cost",
    title: text("usage.chart.title"),
    description: nothing
      ? text("usage.chart.nothing")
      : text("usage.chart.description", {
          total: formats.money(usage.cost),
          most: formats.money(dearest.cost),
          month: formats.month(momentOf(dearest)),
        }),
    series: [{ kind: "plain", name: text("usage.series.cost") }],
    // For the height of a bar; the table has the exact amounts.
    points: usage.months.map((month) => ({
      name: formats.month(momentOf(month)),
      mark: formats.month(momentOf(month)).slice(0, 3),
      values: [Number(month.cost)],
    })),
    show: (cost) => formats.money(cost.toFixed(2)),
  });
}

function monthsBegun({ now }: ServiceVisit, { months }: Usage): readonly MonthUsage[] {
  const thisMonth = dayOf(now).slice(0, 7);
  return months.filter(({ month }) => month <= thisMonth);
}

/** A day that lies in the month wherever it is shown. */
function momentOf({ month }: { month: string }): Date {
  return new Date(`${month}-15T12:00:00Z`);
}
