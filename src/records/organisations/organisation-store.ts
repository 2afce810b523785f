/** Organisations: whom services belong to. */
import type { Db, Tx } from "../../platform/db.ts";

export interface Organisation {
  id: string;
  name: string;
}

export function listOrganisations(db: Db): Promise<Organisation[]> {
  return db.query<Organisation>`select o.id, o.name from organisations o where not o.is_internal order by o.name`;
}

export interface OrganisationOverview extends Organisation {
  /** In use. */
  services: number;
  people: number;
}

/** By name; those after the one last seen. */
export function listOrganisationOverviews(
  db: Db,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<OrganisationOverview[]> {
  const afterId = after ?? null;
  return db.query<OrganisationOverview>`
    select o.id, o.name,
      (select count(*) from services s where s.organisation_id = o.id and s.archived_at is null) as services,
      (select count(*) from organisation_members m where m.organisation_id = o.id) as people
    from organisations o
    where not o.is_internal and (${afterId}::uuid is null
      or (lower(o.name), o.id) > (select lower(a.name), a.id from organisations a where a.id = ${afterId}))
    order by lower(o.name), o.id limit ${limit}`;
}

export async function insertOrganisation(tx: Tx, organisation: Organisation): Promise<void> {
  await tx.query`insert into organisations (id, name) values (${organisation.id}, ${organisation.name})`;
}

export async function updateOrganisation(tx: Tx, organisation: Organisation): Promise<void> {
  await tx.query`update organisations set name = ${organisation.name} where id = ${organisation.id}`;
}
