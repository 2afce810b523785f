/** From an event in another product to a text that is delivered: what it posts, the message it makes, and the carrier it leaves by. */
import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { PIPEDRIVE_PERSON } from "../../src/core/connections/sample-bodies.ts";
import { createConnection } from "../../src/flow/connections/change-connections.ts";
import { createIntake } from "../../src/flow/intake/create-intake.ts";
import { registerConnections } from "../../src/servers/connections/register-connections.ts";
import { makeCarrier, startWorkings, untilWritten } from "../support/workings.ts";
import { createWorld, type World } from "../support/world.ts";

const WAIT = { timeout: 30_000, interval: 20 };

let world: World;
let server: FastifyInstance;
let origin: string;
beforeAll(async () => {
  world = await createWorld();
  server = Fastify();
  registerConnections(server, { intake: createIntake(world.app) });
  origin = await server.listen({ host: "127.0.0.1", port: 0 });
});
afterAll(async () => {
  await server.close();
  await world.close();
});

it("somebody who is new in Pipedrive gets one text, though Pipedrive tells it twice", async () => {
  const service = await world.service({ prefixesTexts: false });
  const { templateId } = await world.template(service, { body: "Welcome ((first name))" });
  const form = {
    ...{ name: "Our CRM", templateId, recipientPath: "data.phones[primary=true].value", organizationId: "" },
    ...{ fields: { "first name": "data.first_name" }, conditions: "meta.action is create" },
    ...{ eventPath: "meta.id", repeatDays: "7" },
  };
  const actor = { userId: service.id, ip: undefined };
  const { id, secret } = await createConnection(world.app, actor, { service, kind: "pipedrive", form });
  const carrier = await makeCarrier(world.app);
  const workings = await startWorkings(world.app);
  const tell = async () => {
    const authorization = `Basic ${Buffer.from(`pennypost:${secret}`).toString("base64")}`;
    const headers = { authorization, "content-type": "application/json" };
    const body = JSON.stringify(PIPEDRIVE_PERSON);
    const answer = await fetch(`${origin}/connections/${id}`, { method: "POST", headers, body });
    return { status: answer.status, ...((await answer.json()) as { result: string; notification_id: string }) };
  };
  const first = await tell();
  expect(first).toMatchObject({ status: 200, result: "sent" });
  const messageId = first.notification_id;
  await vi.waitFor(async () => expect((await world.latest({ id: messageId })).status).toBe("delivered"), WAIT);
  expect(await tell()).toEqual({ status: 200, result: "repeated", notification_id: messageId });
  await untilWritten(carrier, 1);
  expect(carrier.texts).toEqual(["Welcome Ada"]);
  await workings.stop();
  await carrier.stop();
});
