/** `/services/:sid/audit`: who changed what in a service, when and from where, for those who manage it. */
import { listAudit, type NamedAuditEntry } from "../../../records/audit/audit-store.ts";
import type { Answer } from "../http/answer.ts";
import { asId } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { actionWords, type Change, changesOf, subjectWords } from "./deed-words.ts";

const ENTRIES_A_PAGE = 50;

interface Deed {
  at: Date;
  what: string;
  who: string;
  ip: string | undefined;
  subject: string | undefined;
  changes: readonly Change[];
}

const showAudit = page<{ deeds: readonly Deed[]; olderUrl: string | undefined; newestUrl: string | undefined }>(
  "audit/audit.njk",
);

export const auditRoutes: readonly Route[] = [
  route({ method: "GET", url: "/services/:sid/audit", who: { permission: "manage_service" }, handler: openAudit }),
];

async function openAudit(visit: ServiceVisit): Promise<Answer> {
  const { app, service, query } = visit;
  const before = asId(query.get("before"));
  const found = await listAudit(app.db, { serviceId: service.id, before, limit: ENTRIES_A_PAGE + 1 });
  const entries = found.slice(0, ENTRIES_A_PAGE);
  const last = found.length > ENTRIES_A_PAGE ? entries.at(-1) : undefined;
  const url = `/services/${service.id}/audit`;
  return showAudit(visit, {
    deeds: entries.map((entry) => deedOf(visit, entry)),
    olderUrl: last && `${url}?before=${last.id}`,
    newestUrl: before && url,
  });
}

function deedOf(visit: ServiceVisit, entry: NamedAuditEntry): Deed {
  return {
    at: entry.at,
    what: actionWords(visit, entry.action),
    who: entry.actorName ?? entry.actor,
    ip: entry.ip ?? undefined,
    subject: subjectWords(entry, visit.service.name),
    changes: changesOf(visit, entry),
  };
}
