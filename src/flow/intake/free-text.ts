/** Messages whose words come with the request, where there is no template: from systems that bind to us, or written on the spot. */
import type { Database } from "../../platform/db.ts";
import { ensureHiddenTemplate } from "../hidden-template.ts";
import type { SendRequest } from "./send-request.ts";

const VALUE = "text";
const BODY = `((${VALUE}))`;
const TEMPLATES = {
  sms: { purpose: "free text", channel: "sms", name: "Free text", body: BODY },
  chat: { purpose: "free chat", channel: "chat", name: "Free chat message", body: BODY },
} as const;

/**
 * The part of a request that says what is sent.
 *
 *     await accept(intake, { ...request, ...(await freeText(intake, service.id, "Your table is ready")) });
 */
export function freeText(app: { db: Database }, serviceId: string, words: string): Promise<OwnWords> {
  return inOwnWords(app, serviceId, { template: TEMPLATES.sms, words });
}

/** The same of a chat message. */
export function freeChat(app: { db: Database }, serviceId: string, words: string): Promise<OwnWords> {
  return inOwnWords(app, serviceId, { template: TEMPLATES.chat, words });
}

type OwnWords = Pick<SendRequest, "templateId" | "personalisation" | "isFreeText">;

async function inOwnWords(
  { db }: { db: Database },
  serviceId: string,
  { template, words }: { template: (typeof TEMPLATES)[keyof typeof TEMPLATES]; words: string },
): Promise<OwnWords> {
  const templateId = await ensureHiddenTemplate(db, serviceId, template);
  return { templateId, personalisation: { [VALUE]: words }, isFreeText: true };
}
