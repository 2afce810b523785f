/** Senders of an organisation, such as a short code that its services have together; no sender is shared between organisations. */
import { Refusal } from "../../core/refusal.ts";
import { protectedNameIn } from "../../core/senders/look-alike.ts";
import { parseAnySender } from "../../core/senders/parse-text-sender.ts";
import { type Db, type Tx, violatedUniqueConstraint } from "../../platform/db.ts";
import { newId, newRandomId } from "../../platform/ids.ts";
import { findOrganisation } from "../../records/organisations/organisation-people-store.ts";
import { listProtectedNames } from "../../records/senders/protected-name-store.ts";
import {
  deleteSharedSender,
  insertSharedSender,
  listServicesOf,
  listSharedSenders,
  listUsesOfShared,
  type SharedSender,
  setSharedRegistrations,
} from "../../records/senders/shared-sender-store.ts";
import {
  archiveTextSender,
  insertTextSender,
  isUsedOutside,
  listTextSenders,
  markShared,
} from "../../records/senders/text-sender-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { fieldRefusal } from "../form-refusal.ts";
import { refuseUnknownCountries } from "./platform-senders.ts";
import { looksLike, senderTaken, shortCodeOfStrangers } from "./sender-words.ts";

type Keeper = Pick<App, "db" | "services">;
type SharedOne = Pick<SharedSender, "id" | "sender">;

/** Fields: `sender`, `organisationId`. Answers its id. */
export async function addSharedSender(
  { db }: Pick<App, "db">,
  actor: Actor,
  { organisationId, sender: text }: { organisationId: string; sender: string },
): Promise<string> {
  const id = newRandomId();
  try {
    await db.transaction(async (tx) => {
      if (!(await findOrganisation(tx, organisationId)))
        throw fieldRefusal("organisationId", "organisation-unknown", "Choose an organisation");
      const sender = await readSharedSender(tx, organisationId, text);
      await insertSharedSender(tx, { id, organisationId, sender, registeredCountries: [] });
      await recordDeed(tx, actor, { action: "shared-sender.added", subject: sender, after: { organisationId } });
    });
  } catch (error) {
    if (violatedUniqueConstraint(error)) throw senderTaken();
    throw error;
  }
  return id;
}

/** As operators write senders, and one that this organisation may have. */
export async function readSharedSender(tx: Tx, organisationId: string, text: string): Promise<string> {
  const parsed = parseAnySender(text);
  if (typeof parsed === "string")
    throw fieldRefusal("sender", parsed, "Enter a name of 3 to 11 letters and digits, a number, or a short code");
  const { sender, type } = parsed;
  const known = protectedNameIn(await listProtectedNames(tx), sender, { serviceId: "", organisationId });
  if (type === "alphanumeric" && known) throw looksLike(known);
  if (type === "short-code" && (await isUsedOutside(tx, { sender, organisationId }))) throw shortCodeOfStrangers();
  return sender;
}

export async function getSharedSender({ db }: { db: Db }, id: string): Promise<SharedSender> {
  const found = (await listSharedSenders(db)).find((one) => one.id === id);
  if (found) return found;
  throw new Refusal("not-found", "There is no such sender");
}

/** Which services may use it, and in which countries' lists it is. Fields: `serviceIds`, `countries`. */
export async function setSharing(
  app: Keeper,
  actor: Actor,
  { id, serviceIds, countries }: { id: string; serviceIds: readonly string[]; countries: readonly string[] },
): Promise<void> {
  refuseUnknownCountries(countries);
  const touched = await app.db.transaction(async (tx) => {
    const shared = await getSharedSender({ db: tx }, id);
    const own = new Set((await listServicesOf(tx, shared.organisationId)).map((service) => service.id));
    if (serviceIds.some((one) => !own.has(one)))
      throw fieldRefusal("serviceIds", "service-elsewhere", "Choose services of the organisation");
    const changed = await shareWith(tx, shared, new Set(serviceIds));
    await setSharedRegistrations(tx, id, [...new Set(countries)].toSorted());
    const before = { serviceIds: shared.serviceIds, countries: shared.registeredCountries };
    const deed = { action: "shared-sender.changed", subject: shared.sender };
    await recordDeed(tx, actor, { ...deed, before, after: { serviceIds, countries } });
    return [...changed, ...serviceIds];
  });
  for (const serviceId of touched) app.services.forget(serviceId);
}

/** Those that may no longer use it lose it, also where it was their default; the first of the rest takes that place. */
export async function shareWith(tx: Tx, shared: SharedOne, wanted: ReadonlySet<string>): Promise<string[]> {
  const uses = await listUsesOfShared(tx, shared.id);
  const lost = uses.filter(({ serviceId }) => !wanted.has(serviceId));
  for (const { id } of lost) await archiveTextSender(tx, id);
  for (const serviceId of wanted) {
    if (uses.some((use) => use.serviceId === serviceId)) continue;
    await insertShared(tx, serviceId, shared);
  }
  return lost.map(({ serviceId }) => serviceId);
}

/** One that the service had set up for itself is the shared one from now on, under the id that its systems know. */
async function insertShared(tx: Tx, serviceId: string, { id: sharedId, sender }: SharedOne): Promise<void> {
  const all = await listTextSenders(tx, serviceId);
  const own = all.find((one) => one.sender === sender);
  if (own) return markShared(tx, own.id, sharedId);
  await insertTextSender(tx, serviceId, { id: newId(), sender, isDefault: all.length === 0, sharedId });
}

export async function removeSharedSender(app: Keeper, actor: Actor, id: string): Promise<void> {
  const lost = await app.db.transaction(async (tx) => {
    const shared = await getSharedSender({ db: tx }, id);
    const changed = await shareWith(tx, shared, new Set());
    await deleteSharedSender(tx, id);
    const { organisationId, serviceIds, sender: subject } = shared;
    await recordDeed(tx, actor, { action: "shared-sender.removed", subject, before: { organisationId, serviceIds } });
    return changed;
  });
  for (const serviceId of lost) app.services.forget(serviceId);
}
