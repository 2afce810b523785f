/** A connection of the world that sweeps look at, and what one for a new one is made with. */
import { createConnection } from "../../src/flow/connections/change-connections.ts";
import { newId } from "../../src/platform/ids.ts";
import { insertConnectionCalls } from "../../src/records/connections/connection-call-store.ts";
import type { World, WorldService } from "./world.ts";

export async function makeConnection(
  world: World,
  { service, userId }: { service: WorldService; userId: string },
): Promise<Readonly<Record<string, string>>> {
  const { app } = world;
  const { templateId } = await world.template(service, { name: "A new contact", body: "Hello ((name))" });
  const form = {
    ...{ name: "Our CRM", templateId, recipientPath: "data.phones[0].value", conditions: "meta.action is create" },
    ...{ fields: { name: "data.name" }, eventPath: "meta.id", repeatDays: "7", organizationId: "" },
  };
  const { id } = await createConnection(app, { userId, ip: undefined }, { service, kind: "pipedrive", form });
  const call = { connectionId: id, notificationId: undefined, eventIndex: undefined };
  await insertConnectionCalls(app.db, [
    { ...call, id: newId(), outcome: "left-out", reason: "meta.action is create" },
    { ...call, id: newId(), outcome: "refused", reason: "There is no recipient at data.phones[0].value" },
  ]);
  return { "/connections/:cid": id, "/connections/new/:kind": "pipedrive", "/connections/new/:kind/:tid": templateId };
}
