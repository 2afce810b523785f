/** Connections of services, as the database keeps them. Their secrets are sealed, each for its own row. */
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";
import { timeOfId } from "../../platform/ids.ts";
import { open, seal } from "../../platform/sealing.ts";
import type { Service } from "../services/service.ts";
import { CONNECTION_LIMITS, type Connection, type ConnectionTerms } from "./connection.ts";

export const NAME_CONSTRAINT = "connections_by_name";

const COLUMNS = sqlConstant(`
  c.id, c.service_id, c.name, c.kind, c.template_id, c.recipient_path, c.fields, c.conditions, c.event_path, c.repeat_days,
  c.organization_id, c.is_on, c.created_at`);
/** An id says when it was made (RFC 9562 §5.7), but the database has no function for it: the latest call's own id is told. */
const LAST_CALL = sqlConstant(`
  (select k.id from connection_calls k where k.connection_id = c.id order by k.id desc limit 1) as last_call_id`);

type Owner = Pick<Service, "dataKey">;
type Row = Omit<Connection, "lastCalledAt"> & { lastCallId: string | undefined };

/** By name. */
export async function listConnections(db: Db, serviceId: string): Promise<Connection[]> {
  const rows = await db.query<Row>`
    select ${COLUMNS}, ${LAST_CALL} from connections c
    where c.service_id = ${serviceId} order by c.name limit ${CONNECTION_LIMITS.connections}`;
  return rows.map(connectionOf);
}

export async function findConnection(db: Db, serviceId: string, id: string): Promise<Connection | undefined> {
  const [row] = await db.query<Row>`
    select ${COLUMNS}, ${LAST_CALL} from connections c where c.id = ${id} and c.service_id = ${serviceId}`;
  return row && connectionOf(row);
}

function connectionOf({ lastCallId, ...row }: Row): Connection {
  return { ...row, lastCalledAt: lastCallId === undefined ? undefined : timeOfId(lastCallId) };
}

/** As its product calls it: by its id alone. */
export type CalledConnection = Omit<Connection, "lastCalledAt"> & { sealedSecret: Buffer };

export async function findCalledConnection(db: Db, id: string): Promise<CalledConnection | undefined> {
  const [row] = await db.query<CalledConnection>`
    select ${COLUMNS}, c.sealed_secret from connections c where c.id = ${id}`;
  return row;
}

export type NewConnection = ConnectionTerms &
  Pick<Connection, "id" | "serviceId" | "kind"> & { secret: string; createdBy: string };

export async function insertConnection(tx: Tx, owner: Owner, connection: NewConnection): Promise<void> {
  const { id, serviceId, kind, name, templateId, recipientPath, eventPath, repeatDays, organizationId } = connection;
  await tx.query`
    insert into connections (id, service_id, name, kind, template_id, recipient_path, fields, conditions, event_path, repeat_days,
      organization_id, sealed_secret, created_by)
    values (${id}, ${serviceId}, ${name}, ${kind}, ${templateId}, ${recipientPath}, ${JSON.stringify(connection.fields)},
      ${JSON.stringify(connection.conditions)}, ${eventPath ?? null}, ${repeatDays}, ${organizationId ?? null},
      ${sealedSecret(owner, connection)}, ${connection.createdBy})`;
}

export async function updateConnection(tx: Tx, id: string, terms: ConnectionTerms): Promise<void> {
  await tx.query`
    update connections set name = ${terms.name}, template_id = ${terms.templateId}, recipient_path = ${terms.recipientPath},
      fields = ${JSON.stringify(terms.fields)}, conditions = ${JSON.stringify(terms.conditions)},
      event_path = ${terms.eventPath ?? null}, repeat_days = ${terms.repeatDays}, organization_id = ${terms.organizationId ?? null}
    where id = ${id}`;
}

export async function switchConnection(tx: Tx, id: string, isOn: boolean): Promise<void> {
  await tx.query`update connections set is_on = ${isOn} where id = ${id}`;
}

/** Another at once: the one before is good for nothing. */
export async function replaceConnectionSecret(
  tx: Tx,
  owner: Owner,
  wish: { id: string; secret: string },
): Promise<void> {
  await tx.query`update connections set sealed_secret = ${sealedSecret(owner, wish)} where id = ${wish.id}`;
}

/** With what came of its calls; messages stay. */
export async function deleteConnection(tx: Tx, id: string): Promise<void> {
  await tx.query`delete from connections where id = ${id}`;
}

export function openConnectionSecret(owner: Owner, { id, sealedSecret: sealed }: CalledConnection): string {
  return open({ key: owner.dataKey, belongsTo: belonging(id) }, sealed).toString();
}

function sealedSecret(owner: Owner, { id, secret }: { id: string; secret: string }): Buffer {
  return seal({ key: owner.dataKey, belongsTo: belonging(id) }, secret);
}

function belonging(id: string): string {
  return `connections.secret:${id}`;
}
