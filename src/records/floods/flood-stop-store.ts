/** What guards against floods have stopped, as long as it is. */
import type { FloodKind } from "../../core/floods/flood-rule.ts";
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";

export interface FloodStop {
  id: string;
  ruleId: string;
  serviceId: string;
  subject: string;
  startedAt: Date;
  /** Undefined: until somebody lifts it. */
  endsAt: Date | undefined;
}

/** What a stop keeps back is like this. */
export type StoppedLike = Pick<FloodStop, "ruleId" | "serviceId" | "subject">;

export interface KeptBack extends StoppedLike {
  refused: number;
  held: number;
}

/** To the stops that go on; what another one kept back is forgotten with it. */
export async function addToFloodStops(db: Db, kept: readonly KeptBack[]): Promise<void> {
  const column = <Key extends keyof KeptBack>(key: Key) => kept.map((one) => one[key]);
  await db.query`
    update flood_stops s set refused = s.refused + k.refused, held = s.held + k.held
    from unnest(${column("ruleId")}::uuid[], ${column("serviceId")}::uuid[], ${column("subject")}::text[], ${column("refused")}::bigint[],
      ${column("held")}::bigint[]) as k (rule_id, service_id, subject, refused, held)
    where s.rule_id = k.rule_id and s.service_id = k.service_id and s.subject = k.subject`;
}

/** False where it is stopped already. */
export async function insertFloodStop(tx: Tx, stop: FloodStop): Promise<boolean> {
  const made = await tx.query<{ id: string }>`
    insert into flood_stops as s (id, rule_id, service_id, subject, started_at, ends_at)
    select ${stop.id}, r.id, ${stop.serviceId}, ${stop.subject}, ${stop.startedAt}, ${stop.endsAt ?? null}
    from flood_rules r where r.id = ${stop.ruleId}
    on conflict (rule_id, service_id, subject) do update
      set id = excluded.id, started_at = excluded.started_at, ends_at = excluded.ends_at, refused = 0, held = 0
      where s.ends_at <= excluded.started_at
    returning s.id`;
  return made.length > 0;
}

export interface ListedFloodStop extends FloodStop {
  /** Messages, since it began. */
  refused: number;
  held: number;
  countsBy: FloodKind;
  /** Of the installation's rule: a service's own people do not lift it. */
  isPlatform: boolean;
  serviceName: string;
  /** Where a template is stopped. */
  templateName: string | undefined;
}

const LISTED = sqlConstant(`
  s.id, s.rule_id, s.service_id, s.subject, s.started_at, s.ends_at, s.refused, s.held, r.counts_by, r.service_id is null as is_platform,
  v.name as service_name,
  (select n.name from templates t join template_versions n on n.template_id = t.id and n.version = t.version
   where r.counts_by = 'template' and t.id::text = s.subject) as template_name`);

/** The newest first; of one service, or of all. */
export function listFloodStops(
  db: Db,
  { serviceId, now, limit }: { serviceId?: string | undefined; now: Date; limit: number },
): Promise<ListedFloodStop[]> {
  return db.query<ListedFloodStop>`
    select ${LISTED} from flood_stops s join flood_rules r on r.id = s.rule_id join services v on v.id = s.service_id
    where (${serviceId ?? null}::uuid is null or s.service_id = ${serviceId ?? null}::uuid) and (s.ends_at is null or s.ends_at > ${now})
    order by s.started_at desc, s.id limit ${limit}`;
}

type LiftedFloodStop = FloodStop & Pick<ListedFloodStop, "countsBy" | "refused" | "held">;

/** As it was; undefined where there is none of that id that may be lifted there: of one service's own rules, or of all. */
export async function deleteFloodStop(
  tx: Tx,
  { id, serviceId }: { id: string; serviceId: string | undefined },
): Promise<LiftedFloodStop | undefined> {
  const [stop] = await tx.query<LiftedFloodStop>`
    delete from flood_stops s using flood_rules r
    where s.id = ${id} and r.id = s.rule_id and (${serviceId ?? null}::uuid is null or r.service_id = ${serviceId ?? null}::uuid)
    returning s.id, s.rule_id, s.service_id, s.subject, s.started_at, s.ends_at, s.refused, s.held, r.counts_by`;
  return stop;
}

export async function deleteEndedFloodStops(db: Db, now: Date): Promise<number> {
  const deleted = await db.query<{ id: string }>`delete from flood_stops s where s.ends_at <= ${now} returning s.id`;
  return deleted.length;
}
