/** `/services/:sid/quality` and `/platform/quality`: how messages fared, as a page and as a table to take away. */
import type { Cell } from "../../../core/csv/write-csv.ts";
import { listCountries } from "../../../core/phone/international-rates.ts";
import type { Indicators } from "../../../core/quality/indicators.ts";
import { FormRefusal } from "../../../flow/form-refusal.ts";
import { parseDay } from "../../../flow/money/change-prices.ts";
import { type QualityReport, qualityDays, readQuality } from "../../../flow/quality/read-quality.ts";
import { listPrices } from "../../../records/prices/price-list-store.ts";
import type { QualityBy } from "../../../records/quality/quality-store.ts";
import { listServices } from "../../../records/services/service-settings-store.ts";
import type { Answer } from "../http/answer.ts";
import { csvAnswer } from "../http/csv.ts";
import { type Form, formOf } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit, UserVisit } from "../http/visit.ts";
import { nameTemplates } from "../templates/template-names.ts";

const SERVICE_QUALITY = "/services/:sid/quality";
const PLATFORM_QUALITY = "/platform/quality";
const who = { permission: ["view_activity", "manage_service"] } as const;
const OF_SERVICE = ["country", "network", "provider", "sender", "template"] as const satisfies readonly QualityBy[];
const OF_PLATFORM = ["country", "network", "provider", "sender", "service"] as const satisfies readonly QualityBy[];
type Field = "from" | "to";

interface ShownRow extends Indicators {
  name: string;
}

interface QualityPage {
  url: string;
  csvUrl: string;
  backUrl: string;
  alertsUrl: string;
  form: Form<Field>;
  by: QualityBy;
  choices: readonly { value: QualityBy; text: string }[];
  total: Indicators | undefined;
  rows: readonly ShownRow[];
}

type NameOf = (key: string) => string;

/** Of one service, or of all. */
interface Scope {
  serviceId: string | undefined;
  url: string;
  backUrl: string;
  choices: readonly QualityBy[];
  namesOf: (by: QualityBy, keys: readonly string[]) => Promise<NameOf>;
}

const showQuality = page<QualityPage>("quality/quality.njk");

export const qualityRoutes: readonly Route[] = [
  route({ method: "GET", url: SERVICE_QUALITY, who, handler: (visit) => open(visit, scopeOf(visit)) }),
  route({ method: "GET", url: `${SERVICE_QUALITY}.csv`, who, handler: (visit) => download(visit, scopeOf(visit)) }),
  route({
    method: "GET",
    url: PLATFORM_QUALITY,
    who: "platform-admin",
    handler: (visit) => open(visit, platformScope(visit)),
  }),
  route({
    method: "GET",
    url: `${PLATFORM_QUALITY}.csv`,
    who: "platform-admin",
    handler: (visit) => download(visit, platformScope(visit)),
  }),
];

function scopeOf(visit: ServiceVisit): Scope {
  const { service } = visit;
  const home = `/services/${service.id}`;
  return {
    ...{ serviceId: service.id, url: `${home}/quality`, backUrl: home, choices: OF_SERVICE },
    namesOf: async (by, keys) => {
      if (by !== "template") return plainNames(visit, by);
      const named = await nameTemplates(visit, keys);
      return (key) => named(key).name;
    },
  };
}

function platformScope(visit: UserVisit): Scope {
  return {
    ...{ serviceId: undefined, url: PLATFORM_QUALITY, backUrl: "/platform/reports", choices: OF_PLATFORM },
    namesOf: async (by) => {
      if (by !== "service") return plainNames(visit, by);
      const names = new Map((await listServices(visit.app.db)).map(({ id, name }) => [id, name]));
      return (key) => names.get(key) ?? visit.text("quality.formerService");
    },
  };
}

async function plainNames(visit: UserVisit, by: QualityBy): Promise<NameOf> {
  if (by === "network") return networkNames(visit);
  const countries = countryNames();
  return (key) => (by === "country" ? countries.get(key) : key) || visit.text("quality.none");
}

function countryNames(): Map<string, string> {
  return new Map(listCountries().map(({ prefix, names }) => [prefix, names[0] ?? ""]));
}

/** The price list has what people call networks: “Estonia, Elisa (24802)”. */
async function networkNames({ app, text }: UserVisit): Promise<NameOf> {
  const [countries, prices] = [countryNames(), await listPrices(app.db)];
  const labels = new Map(prices.flatMap(({ network, label }) => (network && label ? [[network, label] as const] : [])));
  return (key) => {
    const [prefix = "", network = ""] = key.split(" ");
    const label = labels.get(network);
    const named = label === undefined ? network : `${label} (${network})`;
    const country = countries.get(prefix);
    return country === undefined ? text("quality.none") : `${country}, ${named || text("quality.unknownNetwork")}`;
  };
}

interface Asked {
  by: QualityBy;
  form: Form<Field>;
  report: QualityReport | undefined;
}

/** Days that are none, or too many, are said beside their fields. */
async function ask(visit: UserVisit, { serviceId, choices }: Scope): Promise<Asked> {
  const typed = { from: visit.query.get("from") ?? "", to: visit.query.get("to") ?? "" };
  const by = choices.find((choice) => choice === visit.query.get("by")) ?? "country";
  const wrong = (["from", "to"] as const).filter((field) => typed[field] !== "" && !parseDay(typed[field]));
  if (wrong.length > 0) {
    const errors = Object.fromEntries(wrong.map((field) => [field, visit.text("quality.wrongDay")]));
    return { by, form: formOf(typed, errors), report: undefined };
  }
  try {
    const days = qualityDays(visit.app, typed);
    return { by, form: formOf({ ...days }), report: await readQuality(visit.app, { serviceId, days, by }) };
  } catch (error) {
    if (!(error instanceof FormRefusal)) throw error;
    return { by, form: formOf(typed, { to: error.message }), report: undefined };
  }
}

async function open(visit: UserVisit, scope: Scope): Promise<Answer> {
  const { by, form, report } = await ask(visit, scope);
  const answer = showQuality(visit, {
    ...{ url: scope.url, backUrl: scope.backUrl, form, by, total: report?.total },
    alertsUrl: scope.url.replace(/quality$/, "alerts"),
    csvUrl: `${scope.url}.csv?${new URLSearchParams({ ...form.values, by })}`,
    choices: scope.choices.map((value) => ({ value, text: visit.text(`quality.by.${value}`) })),
    rows: await namedRows(scope, by, report),
  });
  return report ? answer : { ...answer, status: 400 };
}

async function namedRows(scope: Scope, by: QualityBy, report: QualityReport | undefined): Promise<ShownRow[]> {
  const rows = report?.rows ?? [];
  const nameOf = await scope.namesOf(
    by,
    rows.map(({ key }) => key),
  );
  return rows.map((row) => ({ ...row, name: nameOf(row.key) }));
}

async function download(visit: UserVisit, scope: Scope): Promise<Answer> {
  const { text } = visit;
  const { by, report, form } = await ask(visit, scope);
  const columns = ["sent", "ended", "delivered", "deliverable", "deliveredShare", "p50", "p95"] as const;
  const heads = [text(`quality.by.${by}`), ...columns.map((column) => text(`quality.${column}`))];
  const cells = ({ name, ...row }: ShownRow): Cell[] => [
    ...[name, row.sent, row.ended, row.delivered],
    ...[row.deliverableShare, row.deliveredShare, row.p50Seconds, row.p95Seconds].map((figure) => figure ?? ""),
  ];
  const rows = await namedRows(scope, by, report);
  return csvAnswer(`quality-${form.values.from}-${form.values.to}.csv`, [heads, ...rows.map(cells)]);
}
