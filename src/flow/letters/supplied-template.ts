/** The template that stands for a service's letters that come as PDFs. */
import type { Database } from "../../platform/db.ts";
import { ensureHiddenTemplate } from "../hidden-template.ts";

const NAME = "Pre-compiled PDF";
const SUPPLIED_LETTERS = {
  purpose: "supplied letters",
  channel: "letter",
  name: NAME,
  subject: NAME,
  body: "",
} as const;

/** Made when a service first sends such a letter. */
export async function ensureSuppliedTemplate(
  db: Database,
  serviceId: string,
): Promise<{ id: string; version: number }> {
  return { id: await ensureHiddenTemplate(db, serviceId, SUPPLIED_LETTERS), version: 1 };
}
