/** Senders of an organisation, which those of its services use that may. */
import type { Db, Tx } from "../../platform/db.ts";

export interface SharedSender {
  id: string;
  organisationId: string;
  organisationName: string;
  sender: string;
  registeredCountries: readonly string[];
  /** Services that may use it. */
  serviceIds: readonly string[];
}

const LISTED_MAX = 500;

export function listSharedSenders(db: Db): Promise<SharedSender[]> {
  return db.query<SharedSender>`
    select h.id, h.organisation_id, o.name as organisation_name, h.sender, h.registered_countries,
      array(select t.service_id from text_senders t join services s on s.id = t.service_id
        where t.shared_id = h.id and t.archived_at is null and s.organisation_id = h.organisation_id order by t.service_id) as service_ids
    from shared_senders h join organisations o on o.id = h.organisation_id
    order by lower(o.name), lower(h.sender) limit ${LISTED_MAX}`;
}

export async function insertSharedSender(
  tx: Tx,
  shared: Pick<SharedSender, "id" | "organisationId" | "sender" | "registeredCountries">,
): Promise<void> {
  await tx.query`
    insert into shared_senders (id, organisation_id, sender, registered_countries)
    values (${shared.id}, ${shared.organisationId}, ${shared.sender}, ${shared.registeredCountries})`;
}

export async function setSharedRegistrations(tx: Tx, id: string, countries: readonly string[]): Promise<void> {
  await tx.query`update shared_senders set registered_countries = ${countries} where id = ${id}`;
}

/** The senders of services that come from it, and with whom. */
export function listUsesOfShared(db: Db, sharedId: string): Promise<{ id: string; serviceId: string }[]> {
  return db.query<{ id: string; serviceId: string }>`
    select t.id, t.service_id from text_senders t where t.shared_id = ${sharedId} and t.archived_at is null`;
}

/** Only one that no service uses any more; those that did stand in the records of what they sent. */
export async function deleteSharedSender(tx: Tx, id: string): Promise<void> {
  await tx.query`update text_senders set shared_id = null where shared_id = ${id} and archived_at is not null`;
  await tx.query`delete from shared_senders where id = ${id}`;
}

/** Services that are an organisation's, and may be allowed its senders. */
export function listServicesOf(db: Db, organisationId: string): Promise<{ id: string; name: string }[]> {
  return db.query<{ id: string; name: string }>`
    select s.id, s.name from services s
    where s.organisation_id = ${organisationId} and s.archived_at is null and not s.is_internal
    order by lower(s.name), s.id limit ${LISTED_MAX}`;
}
