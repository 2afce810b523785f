/** Texts whose words come with the request, where there is no template: from systems that bind to us, or written on the spot. */
import type { Database } from "../../platform/db.ts";
import { ensureHiddenTemplate } from "../hidden-template.ts";
import type { SendRequest } from "./send-request.ts";

const VALUE = "text";
const FREE_TEXT = { purpose: "free text", channel: "sms", name: "Free text", body: `((${VALUE}))` } as const;

/**
 * The part of a request that says what is sent.
 *
 *     await accept(intake, { ...request, ...(await freeText(intake, service.id, "Your table is ready")) });
 */
export async function freeText(
  { db }: { db: Database },
  serviceId: string,
  words: string,
): Promise<Pick<SendRequest, "templateId" | "personalisation" | "isFreeText">> {
  const templateId = await ensureHiddenTemplate(db, serviceId, FREE_TEXT);
  return { templateId, personalisation: { [VALUE]: words }, isFreeText: true };
}
