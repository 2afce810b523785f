/** `/platform/audit`: who changed what, everywhere, the newest first; of one service, of one person. */
import { findAnything } from "../../../flow/people/platform.ts";
import { listAudit, type NamedAuditEntry } from "../../../records/audit/audit-store.ts";
import type { FoundKind } from "../../../records/platform-search/platform-search-store.ts";
import { findServiceFacts } from "../../../records/services/service-overview-store.ts";
import { findUser } from "../../../records/users/user-store.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, submit } from "../http/form.ts";
import { asId } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { downloadAudit } from "./audit-table.ts";

const AUDIT_URL = "/platform/audit";
const TABLE_URL = `${AUDIT_URL}.csv`;
const PAGE_ROWS = 50;
const FIELDS = ["service", "person"] as const;
type Field = (typeof FIELDS)[number];

/** What changed, field by field. */
interface Change {
  name: string;
  before: string;
  after: string;
}

interface AuditData {
  form: Form<Field>;
  isFiltered: boolean;
  entries: readonly (NamedAuditEntry & { changes: readonly Change[] })[];
  nextUrl: string | undefined;
  isFurther: boolean;
  firstUrl: string;
  tableUrl: string;
}

const showAudit = page<AuditData>("platform/audit.njk");

export const platformAuditRoutes: readonly Route[] = [
  route({ method: "GET", url: AUDIT_URL, who: "platform-admin", handler: openAudit }),
  route({ method: "POST", url: AUDIT_URL, who: "platform-admin", handler: filterAudit }),
  route({ method: "GET", url: TABLE_URL, who: "platform-admin", handler: downloadAudit }),
];

interface Filter {
  service: string | undefined;
  person: string | undefined;
}

async function openAudit(visit: UserVisit): Promise<Answer> {
  const filter = { service: asId(visit.query.get("service")), person: asId(visit.query.get("person")) };
  const [service, person] = await Promise.all([
    filter.service ? findServiceFacts(visit.app.db, filter.service) : undefined,
    filter.person ? findUser(visit.app.db, filter.person) : undefined,
  ]);
  const values = {
    service: service?.name ?? filter.service ?? "",
    person: person?.emailAddress ?? filter.person ?? "",
  };
  return showAll(visit, filter, formOf<Field>(values));
}

async function showAll(visit: UserVisit, filter: Filter, form: Form<Field>): Promise<Answer> {
  const before = asId(visit.query.get("before"));
  const wish = { serviceId: filter.service, actor: filter.person, before, limit: PAGE_ROWS + 1 };
  const found = await listAudit(visit.app.db, wish);
  const entries = found.slice(0, PAGE_ROWS);
  const last = found.length > PAGE_ROWS ? entries.at(-1) : undefined;
  return showAudit(visit, {
    form,
    isFiltered: filter.service !== undefined || filter.person !== undefined,
    entries: entries.map((entry) => ({ ...entry, changes: changesOf(entry) })),
    nextUrl: last && addressOf(filter, last.id),
    isFurther: before !== undefined,
    firstUrl: addressOf(filter),
    tableUrl: TABLE_URL + queryOf(filter),
  });
}

/** Posted, because a person is asked for by name or address: where it leads there are only ids. */
function filterAudit(visit: UserVisit): Promise<Answer> {
  const values = readFields(visit, FIELDS);
  return submit({
    values,
    refusedAt: "service",
    act: async () => redirect(addressOf(await readFilter(visit, values))),
    showAgain: (form) => showAll(visit, { service: undefined, person: undefined }, form),
  });
}

async function readFilter({ people, text }: UserVisit, values: Readonly<Record<Field, string>>): Promise<Filter> {
  const idOf = async (wanted: string, kind: FoundKind) => {
    if (wanted.trim() === "") return undefined;
    const found = (await findAnything(people, wanted)).filter((one) => one.kind === kind);
    const exact = found.filter(({ name }) => name?.toLowerCase() === wanted.trim().toLowerCase());
    const [only, ...others] = exact.length > 0 ? exact : found;
    return only && others.length === 0 ? only.id : null;
  };
  const [service, person] = await Promise.all([idOf(values.service, "service"), idOf(values.person, "user")]);
  const errors = {
    ...(service === null ? { service: text("platform.audit.noService") } : {}),
    ...(person === null ? { person: text("platform.audit.noPerson") } : {}),
  };
  if (Object.keys(errors).length > 0) throw new InvalidFields(errors);
  return { service: service ?? undefined, person: person ?? undefined };
}

function addressOf(filter: Filter, before?: string): string {
  return AUDIT_URL + queryOf(filter, before);
}

function queryOf({ service, person }: Filter, before?: string): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ service, person, before })) if (value) query.set(name, value);
  return query.size > 0 ? `?${query}` : "";
}

function changesOf({ before = {}, after = {} }: NamedAuditEntry): Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const shown = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value)) ?? "";
  return names
    .map((name) => ({ name, before: shown(before[name]), after: shown(after[name]) }))
    .filter((change) => change.before !== change.after);
}
