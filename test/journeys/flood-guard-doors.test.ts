/** What a guard against floods has stopped, as systems hear it that come by other doors than Notify's API. */
import smpp from "smpp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FLOOD_USUAL } from "../../src/core/floods/flood-rule.ts";
import { type FloodForm, saveFloodRule } from "../../src/flow/floods/change-flood-rules.ts";
import { newRandomId } from "../../src/platform/ids.ts";
import { listFloodStops } from "../../src/records/floods/flood-stop-store.ts";
import { listHeldGroups } from "../../src/records/held/held-message-store.ts";
import type { SmppDoor } from "../../src/servers/smpp/smpp-door.ts";
import { bindCustomer, receiptFields } from "../peers/smpp-customer.ts";
import { startApi, type TestApi } from "../support/api.ts";
import { makeAccount, openDoor } from "../support/smpp-door.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const { errors } = smpp;
const TO = { destination_addr: "447700900123", dest_addr_ton: 1, dest_addr_npi: 1 };

let world: World;
let api: TestApi;
let door: SmppDoor;
beforeAll(async () => {
  world = await createWorld();
  api = await startApi(world.app);
  door = await openDoor(world);
});
afterAll(async () => {
  await door.stop();
  await api.close();
  await world.close();
});

async function guarded(change: Partial<FloodForm>): Promise<WorldService> {
  const service = await world.service({ prefixesTexts: false });
  const form: FloodForm = { ...FLOOD_USUAL, countsBy: "prefix", atLeast: 2, timesUsual: 0, ...change };
  await saveFloodRule(world.app, { userId: newRandomId(), ip: "192.0.2.1" }, { serviceId: service.id, form });
  return service;
}

const kept = async ({ id }: WorldService) => {
  const rows = await world.app.db.query`select 1 as one from notifications where service_id = ${id}`;
  return rows.length;
};
const stopsOf = async ({ id: serviceId }: WorldService) => {
  await world.app.floods.flush();
  return listFloodStops(world.app.db, { serviceId, now: world.clock.now(), limit: 9 });
};

describe("a system that is bound over SMPP", () => {
  const bound = async (service: WorldService) => {
    const customer = await bindCustomer({ port: door.port, ...(await makeAccount(world, service)) });
    const submit = (fields: object = {}) => customer.submit({ ...TO, short_message: "Hello", ...fields });
    return { customer, submit };
  };

  it("is told that a submit failed, and nothing is kept of it", async () => {
    const service = await guarded({});
    const { customer, submit } = await bound(service);
    const statuses = [await submit(), await submit(), await submit(), await submit()].map((pdu) => pdu.command_status);
    expect(statuses).toEqual([0, 0, errors["ESME_RSUBMITFAIL"], errors["ESME_RSUBMITFAIL"]]);
    expect(await kept(service)).toBe(2);
    expect(await stopsOf(service)).toMatchObject([{ subject: "447700", refused: 2, held: 0 }]);
    expect((await submit({ destination_addr: "447911123456" })).command_status).toBe(0);
    customer.drop();
  });

  it("hears of the parts it has brought when the whole is refused", async () => {
    const service = await guarded({ atLeast: 1 });
    const { customer, submit } = await bound(service);
    await submit();
    const part = (number: number) => {
      const message = { udh: Buffer.from([5, 0, 3, 9, 2, number]), message: "A part. " };
      return submit({ esm_class: 0x40, registered_delivery: 1, short_message: message });
    };
    const [first, last] = [await part(1), await part(2)];
    expect([first.command_status, last.command_status]).toEqual([0, errors["ESME_RSUBMITFAIL"]]);
    const receipt = await customer.delivery((pdu) => receiptFields(pdu)["id"] === String(first["message_id"]));
    expect(receiptFields(receipt)["stat"]).toBe("REJECTD");
    customer.drop();
  });

  it("has a message that is held taken, as under way, and what is urgent refused", async () => {
    const service = await guarded({ action: "hold", countsBy: "template" });
    const { customer, submit } = await bound(service);
    const taken = [await submit(), await submit(), await submit()];
    expect(taken.map((pdu) => pdu.command_status)).toEqual([0, 0, 0]);
    const state = await customer.ask("query_sm", { message_id: String(taken[2]?.["message_id"]) });
    expect(state).toMatchObject({ command_status: 0, message_state: 1 });
    expect((await submit({ priority_flag: 3 })).command_status).toBe(errors["ESME_RSUBMITFAIL"]);
    const groups = await listHeldGroups(world.app.db, { serviceId: service.id, limit: 9 });
    expect(groups).toMatchObject([{ messages: 1, reasons: [{ heldFor: "flood" }] }]);
    expect(await stopsOf(service)).toMatchObject([{ countsBy: "template", refused: 1, held: 1 }]);
    customer.drop();
  });
});

describe("a system that sends omnimessages", () => {
  const ask = async (service: WorldService, path: string, body?: object) => {
    const authorization = `Basic ${Buffer.from(`${service.id}:${service.secrets.live}`).toString("base64")}`;
    const response = await fetch(`${api.url}/v1/omnimessage${path}`, {
      method: body ? "POST" : "GET",
      headers: { authorization, "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const json = (await response.json()) as { omnimessage_id?: string; statuses?: object[]; errors?: object[] };
    return { status: response.status, json };
  };
  const send = (service: WorldService, change: object = {}) =>
    ask(service, "", { to: "+447700900123", messages: [{ channel: "sms", text: "Hello" }], ...change });

  it("is told in Messente's words why one is refused", async () => {
    const service = await guarded({ countsBy: "template" });
    const answers = [await send(service), await send(service), await send(service)];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 400]);
    expect(answers[2]?.json.errors).toEqual([
      {
        ...{ title: "Invalid data", code: "104", source: null },
        detail: "Far more texts than usual were sent: the flood guard of your service has stopped them for now",
      },
    ]);
    expect(await kept(service)).toBe(2);
  });

  it("has one that is held taken, as accepted, and what is urgent refused", async () => {
    const service = await guarded({ action: "hold", atLeast: 1 });
    await send(service);
    const { status, json } = await send(service);
    expect(status).toBe(201);
    expect((await ask(service, `/${json.omnimessage_id}/status`)).json.statuses).toMatchObject([{ status: "ACK" }]);
    expect((await send(service, { priority: "high" })).status).toBe(400);
    expect(await stopsOf(service)).toMatchObject([{ refused: 1, held: 1 }]);
  });
});
