/** The template that WhatsApp has approved for one of ours: it goes to whoever has not written within a day. */
import { type ApprovedProblem, type ApprovedTemplate, approvedProblem } from "../../core/chat/approved-template.ts";
import { Refusal } from "../../core/refusal.ts";
import { parseTemplate, placeholderNames } from "../../core/template/placeholders.ts";
import type { Db } from "../../platform/db.ts";
import { findApproved, lockTemplate } from "../../records/templates/template-page-store.ts";
import { updateApproved } from "../../records/templates/template-write-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { fieldRefusal } from "../form-refusal.ts";

interface Which {
  serviceId: string;
  templateId: string;
}

/** Undefined where there is none. */
export function readApproved(
  { db }: { db: Db },
  { serviceId, templateId }: Which,
): Promise<ApprovedTemplate | undefined> {
  return findApproved(db, serviceId, templateId);
}

/** Holds for what is handed over from now on. Undefined takes it away. Fields: those of `ApprovedTemplate`. */
export async function setApproved(
  app: Pick<App, "db">,
  actor: Actor,
  { serviceId, templateId, approved }: Which & { approved: ApprovedTemplate | undefined },
): Promise<void> {
  await app.db.transaction(async (tx) => {
    const template = await lockTemplate(tx, serviceId, templateId);
    if (!template || template.archivedAt) throw new Refusal("not-found", "There is no such template");
    if (template.channel !== "chat") throw new Refusal("bad-request", "Only chat messages go by WhatsApp");
    const problem = approved && approvedProblem(approved, placeholderNames(parseTemplate(template.body)));
    if (problem) throw fieldRefusal(problem.field, problemOf(problem), problem.message);
    const before = (await findApproved(tx, serviceId, templateId)) ?? null;
    await updateApproved(tx, templateId, approved);
    const change = { before: { whatsapp: before }, after: { whatsapp: approved ?? null } };
    await recordDeed(tx, actor, { serviceId, action: "template.whatsapp-changed", subject: template.name, ...change });
  });
}

function problemOf({ field }: ApprovedProblem): string {
  return `approved-${field}-wrong`;
}
