/** Numbers that a service is careful with, where it says so: those that roam, and those that do not say their country. */
import smpp from "smpp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyDeclaration } from "../../src/cli/apply/apply.ts";
import { readDeclaration } from "../../src/cli/apply/declaration.ts";
import { exportDeclaration } from "../../src/cli/export.ts";
import { receiveText } from "../../src/flow/inbound/receive-text.ts";
import { answerInOwnWords } from "../../src/flow/inbox/answer-in-own-words.ts";
import { askNetworks } from "../../src/flow/number-lookups/ask-networks.ts";
import { newRandomId } from "../../src/platform/ids.ts";
import type { NetworkLookup } from "../../src/providers/provider.ts";
import { bindCustomer } from "../peers/smpp-customer.ts";
import { startAdmin } from "../support/admin.ts";
import { intakeOf } from "../support/api.ts";
import { type ReachStage, stageOfReaches } from "../support/reach-stage.ts";
import { makeAccount, openDoor } from "../support/smpp-door.ts";

const HOME = "07700 900123";
const ROAMING = "07700 900004";
const ROAMS = "This number is roaming, as its network has said, and your service sends no texts to such numbers";
const NO_COUNTRY = "Country code missing: begin a phone number abroad with + or 00";

let stage: ReachStage;
beforeAll(async () => {
  stage = await stageOfReaches();
  await stage.world.app.db.query`
    update services set permissions = permissions || '{international_sms}' where id = ${stage.service.id}`;
  const isRoaming = (digits: string) => digits.endsWith("004");
  const network: NetworkLookup = {
    name: "test",
    lookUp: async (digits) => {
      const unknown = { isPorted: undefined, originalNetwork: undefined, portedNetwork: undefined };
      const facts = { ...unknown, status: "ON", isRoaming: isRoaming(digits), currentNetwork: undefined } as const;
      return { kind: "answered", facts: { ...facts, roamingNetwork: undefined } };
    },
  };
  const app = { ...stage.world.app, networkLookup: async () => network };
  await askNetworks(app, stage.service, ["447700900123", "447700900004"]);
});
afterAll(() => stage.close());

async function set(column: "refuses_roaming" | "requires_country", isOn: boolean): Promise<void> {
  const { id } = stage.service;
  if (column === "refuses_roaming")
    await stage.world.app.db.query`update services set refuses_roaming = ${isOn} where id = ${id}`;
  else await stage.world.app.db.query`update services set requires_country = ${isOn} where id = ${id}`;
  stage.world.app.services.forget(id);
}

async function send(phone_number: string, kind: "live" | "test" = "live") {
  const { templateId: template_id } = await stage.world.template(stage.service, { body: "Hello" });
  const body = { phone_number, template_id };
  const { status, json } = await stage.api.post("/v2/notifications/sms", body, { as: stage.service, with: kind });
  return status === 201 ? 201 : json.errors;
}

describe("a number that roams", () => {
  it("gets texts unless its service says otherwise, and then those alone that are sent to nobody", async () => {
    expect(await send(ROAMING)).toBe(201);
    await set("refuses_roaming", true);
    expect(await send(ROAMING)).toEqual([{ error: "BadRequestError", message: ROAMS }]);
    expect([await send(HOME), await send("07700 900456"), await send(ROAMING, "test")]).toEqual([201, 201, 201]);
  });

  it("is passed over by a step of a reach, which says so, and the next one goes", async () => {
    await set("refuses_roaming", true);
    const steps = [stage.text({ phone_number: ROAMING }), stage.email({})];
    const reach = await stage.begun({ steps });
    await stage.look();
    await stage.look();
    const after = await stage.read(reach.id);
    expect(after.steps).toMatchObject([{ state: "passed-over" }, { state: "under-way" }]);
    expect(JSON.stringify(after.steps[0])).toContain(ROAMS);
  });
});

describe("a number abroad that does not say its country", () => {
  it("is guessed as Notify does, unless its service wants none to be guessed", async () => {
    await set("requires_country", false);
    expect(await send("37251234567")).toBe(201);
    await set("requires_country", true);
    expect(await send("37251234567")).toEqual([
      { error: "InvalidPhoneError", message: NO_COUNTRY, reason: "country-missing" },
    ]);
    expect([await send("+372 5123 4567"), await send("00372 5123 4567"), await send(HOME)]).toEqual([201, 201, 201]);
    const estimate = { body: "Hello", recipients: ["37251234567", HOME] };
    const { json } = await stage.api.post("/v2/price-estimates", estimate, { as: stage.service });
    expect(JSON.stringify(json.recipients[0])).toContain(NO_COUNTRY);
  });

  it("is an invalid address over SMPP, where it does not say that it is international", async () => {
    await set("requires_country", true);
    const door = await openDoor(stage.world);
    const customer = await bindCustomer({ port: door.port, ...(await makeAccount(stage.world, stage.service)) });
    const status = async (dest_addr_ton: number) => {
      const to = { destination_addr: "37251234567", dest_addr_ton, dest_addr_npi: 1 };
      return (await customer.submit({ ...to, short_message: "Hello" })).command_status;
    };
    expect([await status(1), await status(0)]).toEqual([0, smpp.errors["ESME_RINVDSTADR"]]);
    customer.drop();
    await door.stop();
  });

  it("that has written to the service is answered: its country is known", async () => {
    await set("requires_country", true);
    const { world, service } = stage;
    const written = { from: "37251234567", to: "447700900500", text: "Is it open?", reference: undefined };
    await receiveText(world.app, "acme", written);
    const [text] = await world.app.db.query<{ id: string }>`
      select m.id from inbound_messages m where m.service_id = ${service.id}`;
    await world.app.db.query`
      update services set permissions = permissions || '{free_text_replies}' where id = ${service.id}`;
    const answering = await world.reload(service);
    const person = { userId: newRandomId(), ip: undefined, name: "Ada" };
    const answer = { service: answering, textId: text?.id ?? "", words: "It is", formId: newRandomId() };
    const id = await answerInOwnWords(intakeOf(world.app), person, answer);
    expect(await world.latest({ id })).toMatchObject({ channel: "sms", countryPrefix: "372" });
  });

  it("is refused beside the field on the page that sends to one person", async () => {
    await set("requires_country", true);
    const admin = await startAdmin(stage.world.app);
    const person = await admin.person({ in: stage.service, permissions: ["send_messages"] });
    const { templateId } = await stage.world.template(stage.service, { body: "Hello" });
    const url = `/services/${stage.service.id}/send/${templateId}`;
    const shown = await person.get(url);
    const refused = await person.post(shown.location ?? url, { recipient: "37251234567" });
    expect([refused.status, refused.text.includes("Begin a number abroad with + or 00")]).toEqual([400, true]);
    await admin.close();
  });
});

it("both are set by files, and written into them", async () => {
  const { db, keys } = stage.world.app;
  const value = { services: [{ name: "Careful", refuse_roaming: true, require_country: true }] };
  const apply = () => {
    const declaration = readDeclaration({ value, path: [], source: { locate: () => "", environment: {} } });
    return applyDeclaration(db, keys, { declaration, actor: "test", prunes: false, isDryRun: false });
  };
  await apply();
  expect((await apply()).changes).toEqual([]);
  const { declaration } = await exportDeclaration(db, keys);
  const services = declaration["services"] as { name: string }[];
  expect(services.find(({ name }) => name === "Careful")).toMatchObject({
    refuse_roaming: true,
    require_country: true,
  });
});
