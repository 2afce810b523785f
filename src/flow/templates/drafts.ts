/** What somebody is writing, kept while they write it: one draft for each template and person. */
import { Refusal } from "../../core/refusal.ts";
import { NO_LETTER_PARTS } from "../../records/templates/template.ts";
import {
  deleteDraft,
  findDraft,
  findTemplatePage,
  saveDraft as saveDraftRow,
  type TemplateDraft,
} from "../../records/templates/template-page-store.ts";
import type { App } from "../app.ts";
import type { TemplateForm } from "./edit-template.ts";

const BODY_MAX_CHARACTERS = 600_000;
const LINE_MAX_CHARACTERS = 1_000;

type Keeper = Pick<App, "db" | "clock">;

interface Whose {
  userId: string;
  serviceId: string;
  templateId: string;
}

export interface KeptDraft extends TemplateDraft {
  /** Another version has come into use since the draft was begun. */
  isOutdated: boolean;
}

/** Keeps what is written so far, however wrong it still is. Says whether another version has come into use meanwhile. */
export async function saveDraft(
  app: Keeper,
  { userId, serviceId, templateId }: Whose,
  draft: TemplateForm & { baseVersion: number },
): Promise<{ savedAt: Date; isOutdated: boolean }> {
  const template = await findTemplatePage(app.db, serviceId, templateId);
  if (!template || template.archivedAt) throw new Refusal("not-found", "There is no such template");
  if (isTooLong(draft)) throw new Refusal("invalid", "The draft is too long to be kept");
  const savedAt = app.clock.now();
  await saveDraftRow(app.db, {
    ...NO_LETTER_PARTS,
    ...draft,
    userId,
    templateId,
    body: unixLines(draft.body),
    savedAt,
  });
  return { savedAt, isOutdated: draft.baseVersion !== template.version };
}

function isTooLong({
  name,
  subject = "",
  body,
  contactBlock = "",
  welshSubject = "",
  welshBody = "",
}: TemplateForm): boolean {
  const isOver = (limit: number) => (text: string) => text.length > limit;
  const lines = [name, subject, welshSubject, contactBlock];
  return lines.some(isOver(LINE_MAX_CHARACTERS)) || [body, welshBody].some(isOver(BODY_MAX_CHARACTERS));
}

function unixLines(text: string): string {
  return text.replaceAll("\r\n", "\n");
}

/** The person's draft of a template, if there is one. */
export async function readDraft(
  app: Pick<Keeper, "db">,
  { userId, serviceId, templateId }: Whose,
): Promise<KeptDraft | undefined> {
  const [draft, template] = await Promise.all([
    findDraft(app.db, userId, templateId),
    findTemplatePage(app.db, serviceId, templateId),
  ]);
  return draft && template && { ...draft, isOutdated: draft.baseVersion !== template.version };
}

export async function discardDraft(
  app: Pick<Keeper, "db">,
  { userId, templateId }: Omit<Whose, "serviceId">,
): Promise<void> {
  await deleteDraft(app.db, userId, templateId);
}
