/** Texts whose words come with the request, where there is no template: from systems that bind to us, or written on the spot. */
import type { Database } from "../../platform/db.ts";
import { ensureHiddenTemplate } from "../hidden-template.ts";
import type { SendRequest } from "./send-request.ts";

const VALUE = "text";
const FREE_TEXT = { purpose: "free text", channel: "sms", name: "Free text", body: `((${VALUE}))` } as const;
const SERVICES_MAX = 10_000;

/** Services whose template this process has seen, by their database: looking again for every text would cost a round trip. */
const made = new WeakMap<Database, Map<string, string>>();

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
  return { templateId: await templateOf(db, serviceId), personalisation: { [VALUE]: words }, isFreeText: true };
}

async function templateOf(db: Database, serviceId: string): Promise<string> {
  const known = made.get(db) ?? new Map<string, string>();
  made.set(db, known);
  const template = known.get(serviceId) ?? (await ensureHiddenTemplate(db, serviceId, FREE_TEXT));
  if (known.size >= SERVICES_MAX) known.clear();
  known.set(serviceId, template);
  return template;
}
