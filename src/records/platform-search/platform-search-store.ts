/** Finds a record by its id alone, whatever it is, and people, services and organisations by a part of their name. */
import type { Db } from "../../platform/db.ts";

const FOUND_MAX = 50;

export type FoundKind = "user" | "service" | "template" | "notification" | "api-key" | "organisation" | "provider";

export interface Found {
  kind: FoundKind;
  id: string;
  /** Of users and services and the like; none of a notification. */
  name: string | undefined;
  /** Whose it is, where it is a service's. */
  serviceId: string | undefined;
}

/** Everything with this id: at most one of each kind. Nothing of the internal service's messages is found. */
export function findById(db: Db, id: string): Promise<Found[]> {
  return db.query<Found>`
    select 'user' as kind, u.id, u.name, null::uuid as service_id from users u where u.id = ${id}
    union all select 'service', s.id, s.name, s.id from services s where s.id = ${id} and not s.is_internal
    union all select 'template', t.id, v.name, t.service_id
      from templates t join template_versions v on v.template_id = t.id and v.version = t.version
      join services s on s.id = t.service_id and not s.is_internal where t.id = ${id}
    union all select 'notification', n.id, null, n.service_id
      from notifications n join services s on s.id = n.service_id and not s.is_internal where n.id = ${id}
    union all select 'api-key', k.id, k.name, k.service_id
      from api_keys k join services s on s.id = k.service_id and not s.is_internal where k.id = ${id}
    union all select 'organisation', o.id, o.name, null from organisations o where o.id = ${id} and not o.is_internal
    union all select 'provider', p.id, p.name, null from providers p where p.id = ${id}`;
}

/** Users by a part of their address or name, services and organisations by a part of their name. */
export function searchByName(db: Db, text: string): Promise<Found[]> {
  const pattern = `%${text.replace(/[\\%_]/g, "\\$&")}%`;
  return db.query<Found>`
    (select 'user' as kind, u.id, u.name, null::uuid as service_id from users u
      where u.archived_at is null and (u.email_address ilike ${pattern} or u.name ilike ${pattern})
      order by u.name limit ${FOUND_MAX})
    union all
    (select 'service', s.id, s.name, s.id from services s where s.name ilike ${pattern} and not s.is_internal
      order by s.name limit ${FOUND_MAX})
    union all
    (select 'organisation', o.id, o.name, null from organisations o where o.name ilike ${pattern} and not o.is_internal
      order by o.name limit ${FOUND_MAX})`;
}
