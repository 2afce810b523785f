/** `/services/:sid`: how a service is doing. Those who may not see that are shown its templates, and the organisation's people its usage. */
import { HOME_TIME_ZONE } from "../../../core/calendar/home.ts";
import { dayOf } from "../../../core/calendar/home-day.ts";
import { startOfLocalDay } from "../../../core/calendar/local-day.ts";
import { countReceived } from "../../../flow/inbox/conversations.ts";
import { listScheduled } from "../../../flow/statistics/list-scheduled.ts";
import { type Days, readDashboard } from "../../../flow/statistics/read-dashboard.ts";
import { spentIn } from "../../../flow/statistics/warn-of-budgets.ts";
import { countReturnedSince } from "../../../records/letters/returned-letter-store.ts";
import { countComplaintsSince } from "../../../records/notifications/complaint-search-store.ts";
import { countWaitingRequests } from "../../../records/unsubscribe-requests/unsubscribe-request-store.ts";
import { complaintsUrl } from "../complaints/complaints.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { csvAnswer } from "../http/csv.ts";
import { type FieldErrors, type Form, formOf } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { returnedLettersUrl } from "../returned-letters/returned-letters.ts";
import { nameTemplates } from "../templates/template-names.ts";
import { unsubscribeRequestsUrl } from "../unsubscribe-requests/unsubscribe-requests.ts";
import { type BudgetBar, budgetBar } from "../usage/budget-bar.ts";
import { type Figures, failingShareOf, presentFigures } from "./figures.ts";
import { DEFAULT_RANGE, daysOf, isLiveRange, LIVE_RANGES, type LiveRange, parseDays } from "./ranges.ts";
import { presentTrend, type Trend, trendTable } from "./trend.ts";
import { countersTopic } from "./watch-counters.ts";

const SCHEDULED_SHOWN_MAX = 5;
/** Who watches what is sent, and who answers for the service: they see the numbers, if not each message. */
const MAY_SEE = ["view_activity", "manage_service"] as const;

/** What else came in, with the way there for who may see each of them. */
interface Notices {
  received: { texts: number; newestAt: Date | undefined; unread: number; url: string | undefined } | undefined;
  returned: { letters: number; url: string } | undefined;
  complaints: { count: number; url: string } | undefined;
  unsubscribe: { waiting: number; oldestAt: Date | undefined; url: string } | undefined;
}

interface DashboardPage extends Figures, Notices {
  /** By the hours that are counted; for who may see what is spent, where a budget is set. */
  budget: BudgetBar | undefined;
  ranges: readonly { name: string; href: string; isCurrent: boolean }[];
  /** What the numbers are about: "7-days", or "custom". */
  range: string;
  days: { first: Date; last: Date };
  form: Form<"from" | "to">;
  /** Of the live counters; "" where nothing moves. */
  topic: string;
  trend: Trend;
  csvUrl: string;
  /** How messages fared, in more figures. */
  qualityUrl: string;
  /** Where the share that counts as failing is set, for who may. */
  thresholdUrl: string | undefined;
  /** For someone who may write the first one. */
  templatesUrl: string | undefined;
  scheduled: { count: number; next: readonly { at: Date; template: string; url: string | undefined }[] };
}

const showDashboard = page<DashboardPage>("dashboard/dashboard.njk");

export const dashboardRoutes: readonly Route[] = [
  route({ method: "GET", url: "/services/:sid", who: "reader", handler: openService }),
  route({
    method: "GET",
    url: "/services/:sid/trend.csv",
    who: { permission: MAY_SEE },
    handler: downloadTrend,
  }),
];

async function openService(visit: ServiceVisit): Promise<Answer> {
  if (visit.isReader) return redirect(`/services/${visit.service.id}/usage`);
  if (!MAY_SEE.some(visit.may)) return redirect(`/services/${visit.service.id}/templates`);
  const chosen = readRange(visit);
  const answer = showDashboard(visit, await dashboardOf(visit, chosen));
  return { ...answer, status: chosen.errors ? 400 : 200 };
}

async function downloadTrend(visit: ServiceVisit): Promise<Answer> {
  const { days } = readRange(visit);
  const { app, service } = visit;
  const dashboard = await readDashboard(app, service.id, { days, failingShare: failingShareOf(service) });
  return csvAnswer(`messages-${days.first}-${days.last}.csv`, trendTable(visit.text, dashboard));
}

interface ChosenRange {
  range: LiveRange | "custom";
  days: Days;
  values: { from: string; to: string };
  errors: FieldErrors | undefined;
}

/** What is wrong with the days that were asked for is told with the week that is shown instead. */
function readRange(visit: ServiceVisit): ChosenRange {
  const { app, now, query, text } = visit;
  const name = query.get("range");
  const values = { from: query.get("from") ?? "", to: query.get("to") ?? "" };
  if (name !== "custom") {
    const range = isLiveRange(name) ? name : DEFAULT_RANGE;
    return { range, days: daysOf(app, range), values, errors: undefined };
  }
  const days = parseDays({ first: values.from, last: values.to }, now);
  if (typeof days !== "string") return { range: "custom", days, values, errors: undefined };
  const field = days === "first-wrong" ? "from" : "to";
  const errors = { [field]: text(`dashboard.range.${days}`) };
  return { range: DEFAULT_RANGE, days: daysOf(app, DEFAULT_RANGE), values, errors };
}

async function dashboardOf(visit: ServiceVisit, chosen: ChosenRange): Promise<DashboardPage> {
  const { app, service } = visit;
  const { range, days, values, errors } = chosen;
  const [dashboard, scheduled, notices, budget] = await Promise.all([
    readDashboard(app, service.id, { days, failingShare: failingShareOf(service) }),
    listScheduled(app, service.id),
    noticesOf(visit, days),
    budgetOf(visit),
  ]);
  const mayOpenMessages = visit.may("view_activity") || visit.may("send_messages");
  const used = [...dashboard.byTemplate, ...scheduled].map(({ templateId }) => templateId);
  const named = await nameTemplates(visit, used);
  const here = `/services/${service.id}`;
  return {
    ...presentFigures(visit, dashboard, named),
    ...notices,
    budget,
    ranges: LIVE_RANGES.map((name) => ({ name, href: `${here}?range=${name}`, isCurrent: name === range })),
    range,
    days: { first: noonOf(days.first), last: noonOf(days.last) },
    form: formOf(values, errors),
    topic: range === "custom" ? "" : countersTopic(service.id, range),
    trend: presentTrend(visit, dashboard),
    csvUrl: `${here}/trend.csv?${csvQuery(chosen)}`,
    qualityUrl: `${here}/quality`,
    thresholdUrl: visit.may("manage_service") ? `${here}/settings/failing-templates` : undefined,
    templatesUrl: visit.may("manage_templates") ? `${here}/templates` : undefined,
    scheduled: {
      count: scheduled.length,
      next: scheduled.slice(0, SCHEDULED_SHOWN_MAX).map(({ id, templateId, scheduledFor }) => ({
        at: scheduledFor,
        template: named(templateId).name,
        url: mayOpenMessages ? `${here}/messages/${id}` : undefined,
      })),
    },
  };
}

async function budgetOf(visit: ServiceVisit): Promise<BudgetBar | undefined> {
  const { app, service, now, may } = visit;
  if (service.monthlyBudget === undefined || !may("manage_service")) return undefined;
  return budgetBar(visit, await spentIn(app, service.id, dayOf(now).slice(0, 7)));
}

function csvQuery({ range, values }: ChosenRange): string {
  return new URLSearchParams(range === "custom" ? { range, ...values } : { range }).toString();
}

async function noticesOf(visit: ServiceVisit, days: Days): Promise<Notices> {
  const [received, unsubscribe, returned, complaints] = await Promise.all([
    receivedSince(visit, days),
    waitingToUnsubscribe(visit),
    returnedSince(visit, days),
    complaintsSince(visit, days),
  ]);
  return { received, unsubscribe, returned, complaints };
}

async function receivedSince(visit: ServiceVisit, { first }: Days): Promise<Notices["received"]> {
  const { app, service } = visit;
  if (!service.permissions.has("inbound_sms") && !service.permissions.has("chat")) return undefined;
  const counted = await countReceived(app, service.id, startOfLocalDay(first, HOME_TIME_ZONE));
  return { ...counted, url: visit.may("view_activity") ? `/services/${service.id}/inbox` : undefined };
}

async function waitingToUnsubscribe(visit: ServiceVisit): Promise<Notices["unsubscribe"]> {
  const { app, service, may } = visit;
  if (!service.permissions.has("email") || !may("view_activity")) return undefined;
  return { ...(await countWaitingRequests(app.db, service.id)), url: unsubscribeRequestsUrl(visit) };
}

async function returnedSince(visit: ServiceVisit, { first }: Days): Promise<Notices["returned"]> {
  const { app, service } = visit;
  if (!service.permissions.has("letter") || !visit.may("view_activity")) return undefined;
  const letters = await countReturnedSince(app.db, service.id, startOfLocalDay(first, HOME_TIME_ZONE));
  return letters === 0 ? undefined : { letters, url: returnedLettersUrl(visit) };
}

async function complaintsSince(visit: ServiceVisit, { first }: Days): Promise<Notices["complaints"]> {
  const { app, service } = visit;
  if (!visit.may("view_activity")) return undefined;
  const count = await countComplaintsSince(app.db, service.id, startOfLocalDay(first, HOME_TIME_ZONE));
  return count === 0 ? undefined : { count, url: complaintsUrl(service.id) };
}

/** A day as a moment that lies in it wherever it is shown. */
function noonOf(day: string): Date {
  return new Date(`${day}T12:00:00Z`);
}
