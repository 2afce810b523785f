/** A service's connections, as a declaration says them. Their secrets stay: elsewhere each gets another. */
import { conditionText } from "../core/connections/condition.ts";
import type { Db } from "../platform/db.ts";
import { listConnections } from "../records/connections/connection-store.ts";

export async function connectionsOf(db: Db, serviceId: string) {
  return (await listConnections(db, serviceId)).map((connection) => ({
    ...{ id: connection.id, name: connection.name, kind: connection.kind, template: connection.templateId },
    ...{ recipient: connection.recipientPath, fields: connection.fields },
    conditions: connection.conditions.map(conditionText),
    ...{ event: connection.eventPath, repeat_days: connection.repeatDays, organization_id: connection.organizationId },
    on: connection.isOn,
  }));
}
