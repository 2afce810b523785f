/** Emails that recipients marked as spam: `/platform/complaints` of all services, `/services/:sid/complaints` of one. */
import { HOME_TIME_ZONE } from "../../../core/calendar/home.ts";
import { startOfLocalDay } from "../../../core/calendar/local-day.ts";
import { type ListedComplaint, listComplaints } from "../../../records/notifications/complaint-search-store.ts";
import type { Answer } from "../http/answer.ts";
import { type FieldErrors, type Form, formOf } from "../http/form.ts";
import { asId } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit, UserVisit } from "../http/visit.ts";
import { dateOrNone } from "../messages/list-query.ts";

const PLATFORM_COMPLAINTS = "/platform/complaints";
const PAGE_ROWS = 50;
const DAY_MS = 86_400_000;

interface ComplaintsPage {
  form: Form<"from" | "to">;
  isFiltered: boolean;
  /** Whether each is said with its service. */
  isOfAll: boolean;
  complaints: readonly (ListedComplaint & { serviceUrl: string; messageUrl: string | undefined })[];
  firstUrl: string;
  /** Undefined on the last page. */
  nextUrl: string | undefined;
  /** Whether newer ones were left behind. */
  isFurther: boolean;
}

const showComplaints = page<ComplaintsPage>("complaints/complaints.njk");

export const complaintRoutes: readonly Route[] = [
  route({ method: "GET", url: PLATFORM_COMPLAINTS, who: "platform-admin", handler: openAll }),
  route({
    method: "GET",
    url: "/services/:sid/complaints",
    who: { permission: "view_activity" },
    handler: openOfService,
  }),
];

export function complaintsUrl(serviceId: string): string {
  return `/services/${serviceId}/complaints`;
}

function openAll(visit: UserVisit): Promise<Answer> {
  return show(visit, { path: PLATFORM_COMPLAINTS });
}

function openOfService(visit: ServiceVisit): Promise<Answer> {
  const { id: serviceId } = visit.service;
  return show(visit, { path: complaintsUrl(serviceId), serviceId });
}

async function show(visit: UserVisit, of: { path: string; serviceId?: string }): Promise<Answer> {
  const { values, period, errors } = readPeriod(visit);
  const olderThan = asId(visit.query.get("older"));
  const wish = { serviceId: of.serviceId, ...period, olderThan, limit: PAGE_ROWS + 1 };
  const found = await listComplaints(visit.app.db, wish);
  const complaints = found.slice(0, PAGE_ROWS);
  const last = found.length > PAGE_ROWS ? complaints.at(-1) : undefined;
  const filter = errors ? {} : values;
  const answer = showComplaints(visit, {
    form: formOf(values, errors),
    isFiltered: values.from !== "" || values.to !== "",
    isOfAll: of.serviceId === undefined,
    complaints: complaints.map(present),
    firstUrl: addressOf(of.path, filter),
    nextUrl: last && addressOf(of.path, { ...filter, older: last.id }),
    isFurther: olderThan !== undefined,
  });
  return { ...answer, status: errors ? 400 : 200 };
}

interface Period {
  values: Record<"from" | "to", string>;
  period: { from?: Date; before?: Date };
  errors: FieldErrors | undefined;
}

/** By days at home, the last one included. All there are, where nothing was asked for or what was asked for is wrong. */
function readPeriod({ query, text }: UserVisit): Period {
  const values = { from: query.get("from")?.trim() ?? "", to: query.get("to")?.trim() ?? "" };
  const [first, last] = [dateOrNone(values.from), dateOrNone(values.to)];
  const errors = {
    ...(values.from && !first ? { from: text("complaints.from.wrong") } : {}),
    ...(values.to && !last ? { to: text("complaints.to.wrong") } : {}),
    ...(first && last && last < first ? { to: text("complaints.to.beforeFrom") } : {}),
  };
  if (Object.keys(errors).length > 0) return { values, period: {}, errors };
  const period = {
    ...(first ? { from: startOfLocalDay(first, HOME_TIME_ZONE) } : {}),
    ...(last ? { before: startOfLocalDay(dayAfter(last), HOME_TIME_ZONE) } : {}),
  };
  return { values, period, errors: undefined };
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, day.length);
}

function addressOf(path: string, values: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== ""));
  return query.size > 0 ? `${path}?${query}` : path;
}

function present(complaint: ListedComplaint): ComplaintsPage["complaints"][number] {
  const { serviceId, notificationId, emailMadeAt } = complaint;
  const messageUrl = emailMadeAt && `/services/${serviceId}/messages/${notificationId}`;
  return { ...complaint, serviceUrl: complaintsUrl(serviceId), messageUrl };
}
