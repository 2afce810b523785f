/** The internal service and its templates: made where they are missing, and brought up to what this version of Pennypost says. */

import type { Database, Tx } from "../../platform/db.ts";
import { newId, newRandomId } from "../../platform/ids.ts";
import { newWrappedKey, unwrapKey } from "../../platform/sealing.ts";
import { insertApiKey } from "../../records/api-keys/api-key-store.ts";
import { insertService, NEW_SERVICE } from "../../records/services/service-settings-store.ts";
import {
  findSystemServiceId,
  insertInternalOrganisation,
  lockSystemService,
  markAsInternal,
} from "../../records/services/system-service-store.ts";
import { NO_LETTER_PARTS } from "../../records/templates/template.ts";
import {
  insertTemplate,
  insertTemplateVersion,
  listAllTemplates,
  type StoredTemplate,
} from "../../records/templates/template-write-store.ts";
import type { AppKeys } from "../app.ts";
import { SYSTEM_TEMPLATES, type SystemTemplate } from "./system-messages.ts";

const NAME = "Pennypost";
const SENDER_LOCAL_PART = "pennypost";
/** Texts abroad cost many times those at home, and anybody who may register may ask for one. */
const INTERNATIONAL_TEXTS_A_DAY_MAX = 1_000;

/** The id of the service. Safe to call in several processes at once, and at every start. */
export function ensureSystemService(db: Database, keys: AppKeys): Promise<string> {
  return db.transaction(async (tx) => {
    await lockSystemService(tx);
    const serviceId = (await findSystemServiceId(tx)) ?? (await makeService(tx, keys));
    await bringTemplatesUpToDate(tx, serviceId);
    return serviceId;
  });
}

async function makeService(tx: Tx, keys: AppKeys): Promise<string> {
  const id = newRandomId();
  const organisation = { id: newId(), name: NAME };
  await insertInternalOrganisation(tx, organisation);
  const wrappedKey = newWrappedKey(keys.master, id);
  const settings = {
    ...NEW_SERVICE,
    id,
    name: NAME,
    organisationId: organisation.id,
    isTrial: false,
    permissions: ["sms", "email", "international_sms"] as const,
    emailSenderLocalPart: SENDER_LOCAL_PART,
    dailyLimitInternationalSms: INTERNATIONAL_TEXTS_A_DAY_MAX,
  };
  await insertService(tx, settings, wrappedKey);
  await markAsInternal(tx, id);
  const owner = { serviceId: id, dataKey: unwrapKey(keys.master, id, wrappedKey) };
  await insertApiKey(tx, owner, { id: newRandomId(), name: NAME, kind: "live", secret: newRandomId() });
  return id;
}

async function bringTemplatesUpToDate(tx: Tx, serviceId: string): Promise<void> {
  const known = new Map((await listAllTemplates(tx, serviceId)).map((template) => [template.id, template]));
  for (const template of Object.values<SystemTemplate>(SYSTEM_TEMPLATES)) {
    const wanted = { ...template, subject: template.subject, ...NO_LETTER_PARTS, hasUnsubscribeLink: false };
    const current = known.get(template.id);
    if (!current) await insertTemplate(tx, { ...wanted, serviceId, isHidden: false, createdBy: NAME });
    else if (!saysTheSame(current, wanted)) await insertTemplateVersion(tx, { ...wanted, createdBy: NAME });
  }
}

function saysTheSame(current: StoredTemplate, wanted: Pick<StoredTemplate, "name" | "subject" | "body">): boolean {
  return current.name === wanted.name && current.subject === wanted.subject && current.body === wanted.body;
}
