/** Organisations: whom services belong to. */
import type { Db, Tx } from "../../platform/db.ts";

export interface Organisation {
  id: string;
  name: string;
}

export function listOrganisations(db: Db): Promise<Organisation[]> {
  return db.query<Organisation>`select o.id, o.name from organisations o where not o.is_internal order by o.name`;
}

export async function insertOrganisation(tx: Tx, organisation: Organisation): Promise<void> {
  await tx.query`insert into organisations (id, name) values (${organisation.id}, ${organisation.name})`;
}

export async function updateOrganisation(tx: Tx, organisation: Organisation): Promise<void> {
  await tx.query`update organisations set name = ${organisation.name} where id = ${organisation.id}`;
}
