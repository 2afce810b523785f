/** Areas that a service keeps under a name. They say where places are and nothing of anybody, so they are not sealed. */
import type { Area } from "../../core/places/area.ts";
import type { Db, Tx } from "../../platform/db.ts";

export const AREA_NAME_CONSTRAINT = "areas_by_name";

export interface SavedArea {
  id: string;
  serviceId: string;
  name: string;
  area: Area;
  createdAt: Date;
  updatedAt: Date;
}

/** Without its corners, of which there may be many. */
export interface ListedArea {
  id: string;
  name: string;
  kind: Area["kind"];
  radiusKm: number | undefined;
}

/** False where the service has as many as it may have. */
export async function insertArea(tx: Tx, saved: SavedArea, areasMax: number): Promise<boolean> {
  const made = await tx.query<{ id: string }>`
    insert into areas (id, service_id, name, area, created_at, updated_at)
    select ${saved.id}::uuid, ${saved.serviceId}::uuid, ${saved.name}::text, ${JSON.stringify(saved.area)}::jsonb,
      ${saved.createdAt}::timestamptz, ${saved.updatedAt}::timestamptz
    where (select count(*) from areas a where a.service_id = ${saved.serviceId}) < ${areasMax}
    returning id`;
  return made.length > 0;
}

export async function updateArea(tx: Tx, saved: Omit<SavedArea, "createdAt">): Promise<void> {
  await tx.query`
    update areas set name = ${saved.name}, area = ${JSON.stringify(saved.area)}::jsonb, updated_at = ${saved.updatedAt}
    where id = ${saved.id} and service_id = ${saved.serviceId}`;
}

export async function deleteArea(tx: Tx, { serviceId, id }: { serviceId: string; id: string }): Promise<void> {
  await tx.query`delete from areas where id = ${id} and service_id = ${serviceId}`;
}

export async function findArea(
  db: Db,
  { serviceId, id }: { serviceId: string; id: string },
): Promise<SavedArea | undefined> {
  const [found] = await db.query<SavedArea>`
    select a.id, a.service_id, a.name, a.area, a.created_at, a.updated_at from areas a
    where a.id = ${id} and a.service_id = ${serviceId}`;
  return found;
}

/** The same, and nobody else changes it meanwhile. */
export async function lockArea(
  tx: Tx,
  { serviceId, id }: { serviceId: string; id: string },
): Promise<SavedArea | undefined> {
  const [found] = await tx.query<SavedArea>`
    select a.id, a.service_id, a.name, a.area, a.created_at, a.updated_at from areas a
    where a.id = ${id} and a.service_id = ${serviceId} for update`;
  return found;
}

/** All of a service, by name. */
export function listAreas(db: Db, serviceId: string): Promise<SavedArea[]> {
  return db.query<SavedArea>`
    select a.id, a.service_id, a.name, a.area, a.created_at, a.updated_at from areas a
    where a.service_id = ${serviceId} order by lower(a.name)`;
}

/** The same, to choose from. */
export function listAreaNames(db: Db, serviceId: string): Promise<ListedArea[]> {
  return db.query<ListedArea>`
    select a.id, a.name, a.area ->> 'kind' as kind, (a.area ->> 'radiusKm')::float8 as radius_km from areas a
    where a.service_id = ${serviceId} order by lower(a.name)`;
}
