/** A service's beginning, name and end. */
import { Refusal } from "../../core/refusal.ts";
import type { Tx } from "../../platform/db.ts";
import { newRandomId } from "../../platform/ids.ts";
import { newWrappedKey } from "../../platform/sealing.ts";
import { putDefaultBrands } from "../../records/brands/service-brand-store.ts";
import { findOrganisationOfAddress } from "../../records/organisations/organisation-people-store.ts";
import { insertTextSender } from "../../records/senders/text-sender-store.ts";
import { insertMember, MEMBER_PERMISSIONS } from "../../records/services/member-store.ts";
import {
  archiveServiceRow,
  isNameTaken,
  lockServiceNames,
  renameServiceRow,
  setServiceCreator,
} from "../../records/services/service-life-store.ts";
import { insertService, NEW_SERVICE } from "../../records/services/service-settings-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import { fieldRefusal, refuseProblems } from "../form-refusal.ts";
import { serviceNameProblem } from "./names.ts";
import { getUser } from "./own-account.ts";
import type { People } from "./people.ts";
import { getLockedService } from "./team.ts";

/** A service in trial mode sends so few, and only to its own people. */
export const TRIAL_DAILY_LIMIT = 50;
/** What texts come from until the service says otherwise. */
export const DEFAULT_TEXT_SENDER = "Pennypost";

/** A trial service whose maker may do everything in it. Of their address's organisation, if it has one, with its default logos. Field: `name`. */
export async function createService(people: People, actor: Actor, name: string): Promise<string> {
  const user = await getUser(people, actor.userId);
  const checked = checkServiceName(name);
  const id = newRandomId();
  await people.db.transaction(async (tx) => {
    await refuseTakenName(tx, checked, undefined);
    const organisationId = await findOrganisationOfAddress(tx, user.emailAddress);
    const settings = { ...NEW_SERVICE, ...TRIAL_SETTINGS, id, name: checked, organisationId };
    await insertService(tx, settings, newWrappedKey(people.keys.master, id));
    await putDefaultBrands(tx, id, organisationId);
    await setServiceCreator(tx, id, user.id);
    await insertTextSender(tx, id, { id: newRandomId(), sender: DEFAULT_TEXT_SENDER, isDefault: true });
    await insertMember(tx, { serviceId: id, userId: user.id, permissions: MEMBER_PERMISSIONS });
    await recordDeed(tx, actor, { ...serviceDeed("service.created", id), after: { name: checked, organisationId } });
  });
  return id;
}

const TRIAL_SETTINGS = {
  permissions: ["sms", "email"],
  dailyLimitSms: TRIAL_DAILY_LIMIT,
  dailyLimitEmail: TRIAL_DAILY_LIMIT,
  dailyLimitLetter: TRIAL_DAILY_LIMIT,
  dailyLimitChat: TRIAL_DAILY_LIMIT,
} as const;

/** Field: `name`. A new name is to be confirmed as the only one of its kind again. */
export async function renameService(
  people: People,
  actor: Actor,
  { serviceId, name }: { serviceId: string; name: string },
): Promise<void> {
  const checked = checkServiceName(name);
  await people.db.transaction(async (tx) => {
    const service = await getLockedService(tx, serviceId);
    if (service.name === checked) return;
    await refuseTakenName(tx, checked, serviceId);
    await renameServiceRow(tx, serviceId, checked);
    const change = { before: { name: service.name }, after: { name: checked } };
    await recordDeed(tx, actor, { ...serviceDeed("service.renamed", serviceId), ...change });
  });
  people.services.forget(serviceId);
}

/** Its keys are revoked and its name is free again. A live service is archived by platform administrators alone. */
export async function archiveService(
  people: People,
  actor: Actor,
  { serviceId, isPlatformAdmin }: { serviceId: string; isPlatformAdmin: boolean },
): Promise<void> {
  await people.db.transaction(async (tx) => {
    const service = await getLockedService(tx, serviceId);
    if (!service.isTrial && !isPlatformAdmin)
      throw new Refusal("not-authorised", "A live service is deleted by those who run this Pennypost: ask them");
    await archiveServiceRow(tx, serviceId, people.clock.now());
    await recordDeed(tx, actor, { ...serviceDeed("service.archived", serviceId), before: { name: service.name } });
  });
  people.services.forget(serviceId);
}

export function serviceDeed(action: string, serviceId: string) {
  return { action, serviceId, subject: `service ${serviceId}` };
}

function checkServiceName(name: string): string {
  const problem = serviceNameProblem(name);
  refuseProblems(problem ? [problem] : []);
  return name.trim();
}

async function refuseTakenName(tx: Tx, name: string, exceptId: string | undefined): Promise<void> {
  await lockServiceNames(tx);
  if (await isNameTaken(tx, name, exceptId))
    throw fieldRefusal("name", "name-taken", "Another service has this name: choose one that says whose it is");
}
