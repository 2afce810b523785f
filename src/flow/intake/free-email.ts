/** Emails whose words come with the request, where there is no template: plain mail of other systems. */
import type { Database } from "../../platform/db.ts";
import { ensureHiddenTemplate } from "../hidden-template.ts";
import type { SendRequest } from "./send-request.ts";

const FREE_EMAIL = {
  purpose: "free email",
  channel: "email",
  name: "Free email",
  subject: "((subject))",
  body: "((text))",
} as const;

/**
 * The part of a request that says what is sent.
 *
 *     await accept(intake, { ...request, ...(await freeEmail(intake, service.id, { subject: "Backup", text: "Done." })) });
 */
export async function freeEmail(
  { db }: { db: Database },
  serviceId: string,
  { subject, text }: { subject: string; text: string },
): Promise<Pick<SendRequest, "templateId" | "personalisation" | "isFreeText">> {
  const templateId = await ensureHiddenTemplate(db, serviceId, FREE_EMAIL);
  return { templateId, personalisation: { subject, text }, isFreeText: true };
}
