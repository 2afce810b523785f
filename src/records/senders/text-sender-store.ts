/** Whom a service's texts appear to come from. */
import type { Db, Tx } from "../../platform/db.ts";
import type { TextSender } from "../services/service.ts";
import { closeApplications } from "./sender-application-store.ts";

/** One shared inside an organisation that the service has left is no longer its own. */
export function listTextSenders(db: Db, serviceId: string): Promise<TextSender[]> {
  return db.query<TextSender>`
    select t.id, t.sender, t.is_default, t.shared_id is not null as is_shared,
      coalesce(h.registered_countries, t.registered_countries) as registered_countries
    from text_senders t join services s on s.id = t.service_id left join shared_senders h on h.id = t.shared_id
    where t.service_id = ${serviceId} and t.archived_at is null and (t.shared_id is null or h.organisation_id = s.organisation_id)
    order by t.created_at, t.id`;
}

export interface NewTextSender {
  id: string;
  sender: string;
  isDefault: boolean;
  sharedId?: string;
}

/** The new default takes the place of the old. */
export async function insertTextSender(tx: Tx, serviceId: string, sender: NewTextSender): Promise<void> {
  await makeRoomForDefault(tx, serviceId, sender);
  await tx.query`
    insert into text_senders (id, service_id, sender, is_default, shared_id)
    values (${sender.id}, ${serviceId}, ${sender.sender}, ${sender.isDefault}, ${sender.sharedId ?? null})`;
}

/** Another name is registered nowhere, and what was applied for is of the old. */
export async function updateTextSender(tx: Tx, serviceId: string, sender: NewTextSender): Promise<void> {
  await makeRoomForDefault(tx, serviceId, sender);
  await tx.query`
    update text_senders set sender = ${sender.sender}, is_default = ${sender.isDefault},
      registered_countries = case when sender = ${sender.sender} then registered_countries else '{}' end
    where id = ${sender.id} and service_id = ${serviceId}`;
  await closeApplications(tx, sender.id, sender.sender);
}

/** Nobody changes it before the transaction has ended. */
export async function lockTextSender(tx: Tx, id: string): Promise<void> {
  await tx.query`select t.id from text_senders t where t.id = ${id} for update`;
}

/** In which countries' lists it is. */
export async function setRegisteredCountries(tx: Tx, id: string, countries: readonly string[]): Promise<void> {
  await tx.query`update text_senders set registered_countries = ${countries} where id = ${id} and shared_id is null`;
}

/** The service's own becomes its organisation's. */
export async function markShared(tx: Tx, id: string, sharedId: string): Promise<void> {
  await tx.query`update text_senders set shared_id = ${sharedId}, registered_countries = '{}' where id = ${id}`;
  await closeApplications(tx, id);
}

export async function archiveTextSender(tx: Tx, id: string): Promise<void> {
  await tx.query`update text_senders set archived_at = now() where id = ${id} and archived_at is null`;
  await closeApplications(tx, id);
}

async function makeRoomForDefault(tx: Tx, serviceId: string, sender: NewTextSender): Promise<void> {
  if (!sender.isDefault) return;
  await tx.query`
    update text_senders set is_default = false
    where service_id = ${serviceId} and is_default and id <> ${sender.id} and archived_at is null`;
}

/** A sender with the service that has it, as those who run the platform see it. */
export interface PlatformSender extends TextSender {
  serviceId: string;
  serviceName: string;
}

const LISTED_MAX = 500;

/** By sender; of services in use, and those that look for a part of its name. */
export function listAllTextSenders(db: Db, search: string): Promise<PlatformSender[]> {
  return db.query<PlatformSender>`
    select t.id, t.sender, t.is_default, t.shared_id is not null as is_shared, t.service_id, s.name as service_name,
      coalesce(h.registered_countries, t.registered_countries) as registered_countries
    from text_senders t join services s on s.id = t.service_id left join shared_senders h on h.id = t.shared_id
    where t.archived_at is null and s.archived_at is null and not s.is_internal
      and (${search} = '' or position(lower(${search}) in lower(t.sender)) > 0)
    order by lower(t.sender), lower(s.name), t.id limit ${LISTED_MAX}`;
}

/** A sender that is a name, and who sends under it. */
export interface NamedSender {
  sender: string;
  serviceId: string;
  serviceName: string;
  organisationId: string | undefined;
}

const NAMED_MAX = 10_000;

/** Of services in use. */
export function listNamedSenders(db: Db): Promise<NamedSender[]> {
  return db.query<NamedSender>`
    select t.sender, t.service_id, s.name as service_name, s.organisation_id
    from text_senders t join services s on s.id = t.service_id
    where t.archived_at is null and s.archived_at is null and not s.is_internal and t.sender ~ '[A-Za-z]'
    order by lower(s.name), t.id limit ${NAMED_MAX}`;
}

export async function findPlatformSender(db: Db, id: string): Promise<PlatformSender | undefined> {
  const [found] = await db.query<PlatformSender>`
    select t.id, t.sender, t.is_default, t.shared_id is not null as is_shared, t.service_id, s.name as service_name, t.registered_countries
    from text_senders t join services s on s.id = t.service_id where t.id = ${id} and t.archived_at is null`;
  return found;
}

/** Whether a service outside of this organisation, or any of none, sends from this number or hears from it. */
export async function isUsedOutside(
  db: Db,
  { sender, organisationId, exceptId }: { sender: string; organisationId: string | undefined; exceptId?: string },
): Promise<boolean> {
  const [row] = await db.query<{ isUsed: boolean }>`
    select exists (
      select from services o
      where o.archived_at is null and (${exceptId ?? null}::uuid is null or o.id <> ${exceptId ?? null})
        and (o.organisation_id is null or o.organisation_id is distinct from ${organisationId ?? null}::uuid) and (
          exists (select from text_senders t where t.service_id = o.id and t.archived_at is null and t.sender = ${sender})
          or exists (select from inbound_numbers i where i.service_id = o.id and i.number = ${sender}))
    ) or exists (
      select from shared_senders h
      where h.sender = ${sender} and h.organisation_id is distinct from ${organisationId ?? null}::uuid
    ) as is_used`;
  return row?.isUsed ?? false;
}
