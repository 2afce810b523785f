/** What chat messages cost, and the template that WhatsApp has approved for one of ours. */
import { type ApprovedTemplate, approvedProblem } from "../../core/chat/approved-template.ts";
import { parseTemplate, placeholderNames } from "../../core/template/placeholders.ts";
import { getChatPrices, setChatPrices } from "../../records/deployment/chat-prices.ts";
import type { Declaration, DeclaredTemplate } from "./declaration.ts";
import { NONE, refuseAt } from "./read.ts";
import { differences } from "./reconcile.ts";
import type { Run } from "./run.ts";

/** The list is the file's: an app that it does not name costs nothing any more. */
export async function applyChatPrices(run: Run, wanted: Declaration["chat_prices"]): Promise<void> {
  if (!wanted) return;
  const current = await getChatPrices(run.tx);
  const { before, after } = differences({ prices: { ...current } }, { prices: { ...wanted } });
  if (Object.keys(after).length === 0) {
    run.unchanged.count += 1;
    return;
  }
  await setChatPrices(run.tx, wanted);
  run.changes.push({ action: "updated", kind: "chat prices", name: "what chat messages cost", before, after });
}

export function refuseWrongApproved(template: DeclaredTemplate): void {
  const place = (...parts: string[]) => ({
    path: [...template.at.path, "whatsapp", ...parts],
    source: template.at.source,
  });
  if (template.whatsapp === undefined) return;
  if (template.channel !== "chat") refuseAt(place(), "cannot be: only chat messages have one");
  const approved = approvedOf(template);
  const problem = approved && approvedProblem(approved, placeholderNames(parseTemplate(template.body)));
  if (problem) refuseAt(place(problem.field), `cannot be so: ${problem.message}`);
}

/** Undefined where the file says that there is none; null would be another than nothing said. */
export function approvedOf({ whatsapp }: Pick<DeclaredTemplate, "whatsapp">): ApprovedTemplate | undefined {
  if (whatsapp === undefined || whatsapp === NONE) return undefined;
  const { name, language, values = [] } = whatsapp;
  return { name, language, values };
}
