/** Letters that come as PDFs have no template of anybody's; each service has a hidden one that stands for all of them. */
import { createHash } from "node:crypto";
import type { Database } from "../../platform/db.ts";
import { NO_LETTER_PARTS } from "../../records/templates/template.ts";
import { insertTemplateOnce } from "../../records/templates/template-write-store.ts";

const NAME = "Pre-compiled PDF";
const CREATED_BY = "Pennypost";

/** Made when a service first sends such a letter; several processes at once make one. */
export async function ensureSuppliedTemplate(
  db: Database,
  serviceId: string,
): Promise<{ id: string; version: number }> {
  const id = suppliedTemplateId(serviceId);
  const words = { name: NAME, subject: NAME, body: "", hasUnsubscribeLink: false, ...NO_LETTER_PARTS };
  await db.transaction((tx) =>
    insertTemplateOnce(tx, { ...words, id, serviceId, channel: "letter", isHidden: true, createdBy: CREATED_BY }),
  );
  return { id, version: 1 };
}

/** Always the same for a service, so that it is found without being looked for (a UUID of version 8, RFC 9562 §5.8). */
function suppliedTemplateId(serviceId: string): string {
  const bytes = createHash("sha256").update(`supplied letters of ${serviceId}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
