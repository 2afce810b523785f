/** Keywords by which the services of one organisation share a number. */
import type { Keyword } from "../../core/replies/match-keyword.ts";
import type { Db, Tx } from "../../platform/db.ts";

export const KEYWORDS_MAX = 200;

/**
 * For a text: of the service that holds the number, and of those of its organisation: nobody reads what was written to another.
 */
export function listKeywords(db: Db, number: string): Promise<Keyword[]> {
  return db.query<Keyword>`
    select k.keyword, k.service_id
    from inbound_keywords k join inbound_numbers i on i.number = k.number
    join services h on h.id = i.service_id join services s on s.id = k.service_id
    where k.number = ${number} and s.archived_at is null and (s.id = h.id or s.organisation_id = h.organisation_id)
    order by k.keyword limit ${KEYWORDS_MAX}`;
}

export interface NumberKeyword extends Keyword {
  number: string;
  serviceName: string;
}

export function listAllKeywords(db: Db): Promise<NumberKeyword[]> {
  return db.query<NumberKeyword>`
    select k.number, k.keyword, k.service_id, s.name as service_name
    from inbound_keywords k join inbound_numbers i on i.number = k.number
    join services h on h.id = i.service_id join services s on s.id = k.service_id
    where s.archived_at is null and (s.id = h.id or s.organisation_id = h.organisation_id) order by k.number, k.keyword`;
}

export async function putKeyword(tx: Tx, number: string, { keyword, serviceId }: Keyword): Promise<void> {
  await tx.query`
    insert into inbound_keywords (number, keyword, service_id) values (${number}, ${keyword}, ${serviceId})
    on conflict (number, keyword) do update set service_id = excluded.service_id`;
}

export async function deleteKeyword(tx: Tx, number: string, keyword: string): Promise<void> {
  await tx.query`delete from inbound_keywords where number = ${number} and keyword = ${keyword}`;
}

/** Whoever has the number next begins without. */
export async function deleteKeywordsOf(tx: Tx, number: string): Promise<void> {
  await tx.query`delete from inbound_keywords where number = ${number}`;
}
