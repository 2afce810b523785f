/** What a template lets be kept of the words of messages that are sent with it. */
import type { Keeping } from "../../core/content/keeping.ts";
import { Refusal } from "../../core/refusal.ts";
import { lockTemplate, updateKeeping } from "../../records/templates/template-page-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";

/** Holds for what is sent from now on. Letters are kept until they are printed, so theirs cannot be set. */
export async function setKeeping(
  app: Pick<App, "db">,
  actor: Actor,
  { serviceId, templateId, keeps }: { serviceId: string; templateId: string; keeps: Keeping },
): Promise<void> {
  await app.db.transaction(async (tx) => {
    const template = await lockTemplate(tx, serviceId, templateId);
    if (!template || template.archivedAt) throw new Refusal("not-found", "There is no such template");
    if (template.channel === "letter") throw new Refusal("bad-request", "The words of letters are always kept");
    if (template.keeps === keeps) return;
    await updateKeeping(tx, templateId, keeps);
    const change = { before: { keeps: template.keeps }, after: { keeps } };
    await recordDeed(tx, actor, { serviceId, action: "template.keeping-changed", subject: template.name, ...change });
  });
}
