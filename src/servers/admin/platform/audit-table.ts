/** `/platform/audit.csv`: the audit log to take away, the newest first; of one service, of one person. */
import type { Cell } from "../../../core/csv/write-csv.ts";
import { listAudit, type NamedAuditEntry } from "../../../records/audit/audit-store.ts";
import type { Answer } from "../http/answer.ts";
import { csvStreamAnswer } from "../http/csv.ts";
import { asId } from "../http/ids.ts";
import type { UserVisit } from "../http/visit.ts";

const READ_AT_ONCE = 1_000;
const HEADS = ["id", "time", "actor", "actor name", "address", "service", "service name", "action", "subject"];

export function downloadAudit({ app, query }: UserVisit): Answer {
  const filter = { serviceId: asId(query.get("service")), actor: asId(query.get("person")) };
  return csvStreamAnswer(
    "audit.csv",
    tableOf((before) => listAudit(app.db, { ...filter, before, limit: READ_AT_ONCE })),
  );
}

async function* tableOf(read: (before?: string) => Promise<NamedAuditEntry[]>): AsyncGenerator<readonly Cell[][]> {
  yield [[...HEADS, "before", "after"]];
  let before: string | undefined;
  while (true) {
    const entries = await read(before);
    yield entries.map(rowOf);
    before = entries.at(-1)?.id;
    if (entries.length < READ_AT_ONCE) return;
  }
}

function rowOf(entry: NamedAuditEntry): Cell[] {
  const json = (value: unknown) => (value ? JSON.stringify(value) : "");
  return [
    ...[entry.id, entry.at.toISOString(), entry.actor, entry.actorName ?? "", entry.ip ?? ""],
    ...[entry.serviceId ?? "", entry.serviceName ?? "", entry.action, entry.subjectName ?? entry.subject],
    ...[json(entry.before), json(entry.after)],
  ];
}
