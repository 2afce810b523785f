/** One message to everybody in a group, and messages to contacts: each gets it once, with what is known of them. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { PennypostClient } from "../../client/src/index.ts";
import type { Area } from "../../src/core/places/area.ts";
import { addArea, changeArea, removeArea } from "../../src/flow/contacts/areas.ts";
import { sendBatch, startGroupSends } from "../../src/flow/contacts/group-send-worker.ts";
import type { Intake } from "../../src/flow/intake/accept.ts";
import { GROUP_SEND_QUEUE } from "../../src/flow/jobs.ts";
import { deletePastPageData } from "../../src/flow/upkeep/tidy.ts";
import { newRandomId } from "../../src/platform/ids.ts";
import { type ApiAnswer, intakeOf, startApi, type TestApi } from "../support/api.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const ACTOR = { userId: "somebody", ip: undefined };
const WAIT = { timeout: 30_000, interval: 20 };

let world: World;
let api: TestApi;
let intake: Intake;
let service: WorldService;
let templateId: string;
let groupUrl: string;
beforeAll(async () => {
  world = await createWorld();
  api = await startApi(world.app);
  intake = intakeOf(world.app);
});
afterAll(async () => {
  await api.close();
  await world.close();
});
beforeEach(async () => {
  service = await world.service({ prefixesTexts: false });
  ({ templateId } = await world.template(service, { body: "Dear ((first name)), the ((branch)) shop is shut." }));
  const { json } = await post("/v2/contact-groups", { name: "Customers" });
  groupUrl = `/v2/contact-groups/${json.id}`;
});

const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  api.post(path, body, { as: service, headers });
const get = async (path: string) => (await api.get(path, { as: service })).json;
const errorOf = ({ status, json }: ApiAnswer) => [status, json.errors?.[0]?.message];

/** Contacts in the group, the first of them Ann. */
async function members(contacts: readonly object[]): Promise<string[]> {
  const query = `?group_id=${groupUrl.split("/").at(-1)}`;
  const { json } = await post(`/v2/contact-imports${query}`, { contacts });
  return json.rows.map(({ contact_id: id }: { contact_id: string }) => id);
}
const person = (n: number, more: object = {}) => ({
  ...{ phone_number: `07700 9${String(n).padStart(5, "0")}`, first_name: `P${n}`, fields: { Branch: "North" } },
  ...more,
});
const begin = (wish: object = {}) => post(`${groupUrl}/messages`, { template_id: templateId, ...wish });
const finish = async ({ json }: ApiAnswer) => {
  const which = { serviceId: service.id, id: json.id };
  await vi.waitUntil(() => sendBatch(intake, which), WAIT);
  return get(`${groupUrl}/messages/${json.id}`);
};
const ONLY_STOPPED = "Only a message that was stopped in the last 6 days can go on";
async function setDailyLimit(limit: number): Promise<void> {
  await world.app.db.query`update services set daily_limit_sms = ${limit} where id = ${service.id}`;
  world.app.services.forget(service.id);
}
const texts = async () => (await get("/v2/notifications")).notifications;

describe("a contact", () => {
  it("is sent to by its id, with what it has and what the request says", async () => {
    const [ann = ""] = await members([person(1, { email_address: "ann@example.org" })]);
    const send = (more: object, channel = "sms") =>
      post(`/v2/notifications/${channel}`, { contact_id: ann, template_id: templateId, ...more });
    expect((await send({})).json.content.body).toBe("Dear P1, the North shop is shut.");
    const said = await send({ personalisation: { BRANCH: "South" } });
    expect(said.json.content.body).toBe("Dear P1, the South shop is shut.");
    expect((await get(`/v2/notifications/${said.json.id}`)).phone_number).toBe("+447700900001");
    const email = await world.template(service, {
      channel: "email",
      subject: "To ((company))",
      body: "((first name))",
    });
    const refused = await send({ template_id: email.templateId }, "email");
    expect(errorOf(refused)).toEqual([400, "Missing personalisation: company"]);
  });

  it.each([
    [{ contact_id: "x" }, 400, "contact_id is not a valid UUID"],
    [{ contact_id: newRandomId() }, 400, "Contact not found"],
    [
      { contact_id: newRandomId(), phone_number: "07700900123" },
      400,
      "contact_id and phone_number cannot be given together",
    ],
    [{}, 400, "phone_number is a required property"],
  ])("is refused as %j", async (named, status, message) => {
    expect(errorOf(await post("/v2/notifications/sms", { ...named, template_id: templateId }))).toEqual([
      status,
      message,
    ]);
  });

  it("without a number is sent no text, and a test key sends to none", async () => {
    const [bob] = await members([{ email_address: "bob@example.org" }]);
    const body = { contact_id: bob, template_id: templateId };
    expect(errorOf(await post("/v2/notifications/sms", body))).toEqual([400, "The contact has no phone number"]);
    const byTest = await api.post("/v2/notifications/sms", body, { as: service, with: "test" });
    expect(byTest.status).toBe(403);
  });
});

describe("our client for Node", () => {
  it("keeps contacts and groups, sends to both, and brings tables in and out", async () => {
    const client = new PennypostClient(api.url, `live-${service.id}-${service.secrets.live}`);
    const { phonebook } = client;
    const ann = await phonebook.add({ phone_number: "07700 900301", first_name: "Ann", fields: { Branch: "North" } });
    expect(await phonebook.find({ phone_number: "+447700900301" })).toEqual(ann);
    expect((await phonebook.change(ann.id, { last_name: "Ash" })).last_name).toBe("Ash");
    await phonebook.giveConsent(ann.id, { purpose: "marketing", how: "at the till" });
    const text = await client.sendSms(templateId, { contactId: ann.id });
    expect(text.content.body).toBe("Dear Ann, the North shop is shut.");
    const group = await phonebook.addGroup("Regulars");
    expect(await phonebook.addMembers(group.id, [ann.id])).toMatchObject({ added: 1, group: { members: 1 } });
    const sent = await phonebook.sendToGroup(group.id, templateId, { consent: "marketing", idempotencyKey: "once" });
    expect(await phonebook.getGroupMessage(group.id, sent.id)).toEqual(sent);
    expect((await phonebook.cancelGroupMessage(group.id, sent.id)).status).toBe("cancelled");
    await expect(phonebook.resumeGroupMessage(group.id, sent.id)).rejects.toThrow(ONLY_STOPPED);
    const brought = await phonebook.importTable("Mobile\n07700 900302\n", group.id);
    expect([brought.made, (await phonebook.list({ groupId: group.id })).contacts.length]).toEqual([1, 2]);
    expect(await phonebook.import([{ phone_number: "07700 900302" }])).toMatchObject({ unchanged: 1 });
    expect((await phonebook.exportTable()).split("\r\n")).toHaveLength(4);
    expect((await phonebook.withdrawConsent(ann.id, "marketing")).consents[0]?.withdrawn_at).not.toBeNull();
    await phonebook.removeMember(group.id, ann.id);
    await phonebook.deleteGroup(group.id);
    await phonebook.delete(ann.id);
    expect([(await phonebook.list()).contacts.length, (await phonebook.listGroups()).groups.length]).toEqual([1, 1]);
  });
});

describe("a message to a group", () => {
  it("goes to each who can have it, and counts the others", async () => {
    await members([
      person(1, { consents: [{ purpose: "marketing" }] }),
      person(2),
      person(3, { consents: [{ purpose: "marketing" }] }),
      person(4, { fields: {}, consents: [{ purpose: "marketing" }] }),
      { email_address: "e@example.org" },
    ]);
    await post("/v2/suppressions", { phone_number: "07700 900003" });
    const begun = await begin({ consent: "marketing", reference: "shut" });
    expect([begun.status, begun.json]).toMatchObject([
      201,
      { status: "sending", members: 5, type: "sms", accepted: 0 },
    ]);
    expect(await finish(begun)).toMatchObject({
      ...{ status: "sent", accepted: 1, suppressed: 1, without_consent: 1, unreachable: 1, refused: 1 },
      ...{ stopped_because: null, finished_at: expect.any(String) },
    });
    expect(await texts()).toMatchObject([{ body: "Dear P1, the North shop is shut.", reference: "shut" }]);
    expect((await get(`${groupUrl}/messages`)).messages).toMatchObject([{ id: begun.json.id }]);
  });

  it("goes to nobody twice, though a batch is tried again, and passes over nobody", async () => {
    await members(Array.from({ length: 230 }, (_, n) => person(300 + n)));
    const begun = await begin();
    const which = { serviceId: service.id, id: begun.json.id };
    const crashing = { ...intake, db: { ...intake.db, transaction: () => Promise.reject(new Error("crashed")) } };
    await expect(sendBatch(crashing, which)).rejects.toThrow("crashed");
    expect(await get(`${groupUrl}/messages/${begun.json.id}`)).toMatchObject({ status: "sending", accepted: 0 });
    await Promise.allSettled([sendBatch(intake, which), sendBatch(intakeOf(world.app), which)]);
    expect(await finish(begun)).toMatchObject({ status: "sent", accepted: 230, refused: 0 });
    const [counted] = await world.app.db.query<{ messages: number; people: number }>`
      select count(*) as messages, count(distinct n.recipient_index) as people from notifications n where n.service_id = ${service.id}`;
    expect(counted).toEqual({ messages: 230, people: 230 });
  });

  it("is sent by the worker, and stops when it is cancelled", async () => {
    await members([person(1), person(2)]);
    const worker = await startGroupSends(intake);
    const { json } = await begin();
    await vi.waitFor(
      async () => expect(await get(`${groupUrl}/messages/${json.id}`)).toMatchObject({ status: "sent", accepted: 2 }),
      WAIT,
    );
    await worker.stop();
    const second = await begin();
    const cancel = () => post(`${groupUrl}/messages/${second.json.id}/cancellation`, {});
    expect((await cancel()).json.status).toBe("cancelled");
    expect(errorOf(await cancel())).toEqual([400, "The message to the group has ended already"]);
    expect(await finish(second)).toMatchObject({ status: "cancelled", accepted: 0 });
    expect(await texts()).toHaveLength(2);
    await world.app.db.query`delete from jobs where queue = ${GROUP_SEND_QUEUE}`;
  });

  it("goes only to those in an area, and counts who is outside and who is nowhere", async () => {
    const oxford = { latitude: 51.752, longitude: -1.2577 };
    await members([
      person(1, oxford),
      person(2, { latitude: "51.76", longitude: "-1.26" }),
      person(3, { latitude: 51.5074, longitude: -0.1278 }),
      person(4),
    ]);
    const circle = await finish(await begin({ area: { ...oxford, radius_km: 5 } }));
    expect(circle).toMatchObject({ status: "sent", members: 4, accepted: 2, outside: 1, without_position: 1 });
    const corners = await finish(await begin({ area: "51.7,-1.3 51.755,-1.3 51.755,-1.2 51.7,-1.2 51.7,-1.3" }));
    expect(corners).toMatchObject({ accepted: 1, outside: 2, without_position: 1 });
    const ring = [
      [-0.2, 51.4],
      [0, 51.4],
      [0, 51.6],
      [-0.2, 51.6],
      [-0.2, 51.4],
    ];
    const geoJson = await finish(await begin({ area: { type: "Polygon", coordinates: [ring] } }));
    expect(geoJson).toMatchObject({ accepted: 1, outside: 2, without_position: 1 });
    const sentTo = (await texts()).map(({ phone_number: number }: { phone_number: string }) => number.at(-1));
    expect(sentTo.toSorted()).toEqual(["1", "1", "2", "3"]);
  });

  it("stays in its area when it goes on after a limit, and sends to nobody twice", async () => {
    const place = (longitude: number) => ({ latitude: 51.75, longitude });
    await members([1, 2, 3, 4, 5, 6].map((n) => person(n, place(n % 2 === 0 ? -1.25 : 0.5))));
    await setDailyLimit(2);
    const begun = await begin({ area: { ...place(-1.25), radius_km: 1 } });
    expect(await finish(begun)).toMatchObject({ status: "stopped", accepted: 2 });
    await setDailyLimit(100);
    expect((await post(`${groupUrl}/messages/${begun.json.id}/resumption`, {})).status).toBe(200);
    expect(await finish(begun)).toMatchObject({ status: "sent", accepted: 3, outside: 3, without_position: 0 });
    const sentTo = (await texts()).map(({ phone_number: number }: { phone_number: string }) => number.at(-1));
    expect(sentTo.toSorted()).toEqual(["2", "4", "6"]);
    await world.app.db.query`delete from jobs where queue = ${GROUP_SEND_QUEUE}`;
  });

  it("goes to those in an area that the service has saved, as it was when it was asked for", async () => {
    const place = (longitude: number) => ({ latitude: 51.75, longitude });
    const circle = (longitude: number): Area => ({ kind: "circle", centre: place(longitude), radiusKm: 1 });
    await members([person(1, place(-1.25)), person(2, place(0.5)), person(3)]);
    const town = await addArea(world.app, ACTOR, { service, name: "Town", area: circle(-1.25) });
    const client = new PennypostClient(api.url, `live-${service.id}-${service.secrets.live}`);
    const [first] = await client.phonebook.listAreas();
    expect(first).toMatchObject({ id: town.id, name: "Town", area: { ...place(-1.25), radius_km: 1 } });
    const begun = await begin({ area_id: town.id });
    await changeArea(world.app, ACTOR, { service, id: town.id, name: "Town", area: circle(0.5) });
    await removeArea(world.app, ACTOR, { service, id: town.id });
    expect(await finish(begun)).toMatchObject({ accepted: 1, outside: 1, without_position: 1 });
    expect((await texts()).map(({ phone_number: number }: { phone_number: string }) => number.at(-1))).toEqual(["1"]);
    expect(errorOf(await begin({ area_id: town.id }))).toEqual([400, "Area not found"]);
  });

  it("stops at the limit of the day, and says so", async () => {
    await members([person(1), person(2), person(3)]);
    await setDailyLimit(2);
    const ended = await finish(await begin());
    expect(ended).toMatchObject({
      status: "stopped",
      accepted: 2,
      stopped_because: "Exceeded send limits (sms: 2) for today",
    });
    expect(await texts()).toHaveLength(2);
  });

  it("goes on where a limit stopped it, and sends to nobody twice", async () => {
    await members([person(1), person(2), person(3), person(4)]);
    await setDailyLimit(2);
    const begun = await begin();
    const resume = () => post(`${groupUrl}/messages/${begun.json.id}/resumption`, {});
    expect(errorOf(await resume())).toEqual([400, ONLY_STOPPED]);
    expect(await finish(begun)).toMatchObject({ status: "stopped", accepted: 2 });
    const again = await resume();
    expect([again.status, again.json]).toMatchObject([200, { status: "sending", stopped_because: null }]);
    expect(await finish(begun)).toMatchObject({ status: "stopped", accepted: 2 });
    await setDailyLimit(100);
    const worker = await startGroupSends(intake);
    expect((await resume()).status).toBe(200);
    await vi.waitFor(
      async () =>
        expect(await get(`${groupUrl}/messages/${begun.json.id}`)).toMatchObject({ status: "sent", accepted: 4 }),
      WAIT,
    );
    await worker.stop();
    expect(new Set((await texts()).map(({ phone_number: number }: { phone_number: string }) => number)).size).toBe(4);
    expect(await texts()).toHaveLength(4);
    expect(errorOf(await resume())).toEqual([400, ONLY_STOPPED]);
  });

  it("does not go on when who had it is being forgotten", async () => {
    await members([person(1), person(2)]);
    await setDailyLimit(1);
    const begun = await begin();
    expect(await finish(begun)).toMatchObject({ status: "stopped" });
    await world.app.db
      .query`update group_sends set finished_at = now() - interval '6 days 1 hour' where id = ${begun.json.id}`;
    expect(errorOf(await post(`${groupUrl}/messages/${begun.json.id}/resumption`, {}))).toEqual([400, ONLY_STOPPED]);
  });

  it("is begun once under one Idempotency-Key", async () => {
    await members([person(1)]);
    const headers = { "idempotency-key": "monday" };
    const url = `${groupUrl}/messages`;
    const [one, two] = [
      await post(url, { template_id: templateId }, headers),
      await post(url, { template_id: templateId }, headers),
    ];
    expect([one.status, two.json.id]).toEqual([201, one.json.id]);
    expect((await post(url, { template_id: templateId, reference: "b" }, headers)).status).toBe(409);
  });

  it("goes to those who were in the group when it was asked for, and forgets them after a week", async () => {
    await members([person(1)]);
    const begun = await begin();
    await members([person(2)]);
    expect(await finish(begun)).toMatchObject({ members: 1, accepted: 1 });
    await deletePastPageData({ ...world.app, clock: { now: () => new Date(Date.now() + 8 * 86_400_000) } });
    const left = await world.app.db
      .query`select s.send_id from group_send_messages s where s.send_id = ${begun.json.id}`;
    expect([left, (await get(`${groupUrl}/messages/${begun.json.id}`)).accepted]).toEqual([[], 1]);
  });

  it.each([
    [{ template_id: newRandomId() }, "Template not found"],
    [{ sms_sender_id: newRandomId() }, /^sms_sender_id .* does not exist/],
    [{ consent: "Not This" }, "consent must be the purpose of a consent, such as marketing"],
    [{ area: "51.7,-1.3 51.8,-1.3" }, "area must have at least 3 corners that are not on one line"],
    [{ area: { latitude: 51, longitude: 0 } }, /^area must have the numbers latitude, longitude and radius_km/],
    [{ area: { latitude: 91, longitude: 0, radius_km: 1 } }, /^area has a centre that is not in degrees/],
    [{ area: { latitude: 51, longitude: 0, radius_km: 0 } }, "area must have a radius of 0.01 to 5000 km"],
    [{ area_id: newRandomId() }, "Area not found"],
    [{ area_id: newRandomId(), area: "51.7,-1.3 51.8,-1.3 51.8,-1.2" }, "area and area_id cannot be given together"],
    [{ phone_number: "07700900123" }, /^Additional properties are not allowed/],
  ])("is refused as %j", async (wish, message) => {
    const answer = await begin(wish);
    expect([answer.status, answer.json.errors[0].message]).toEqual([
      400,
      typeof message === "string" ? message : expect.stringMatching(message),
    ]);
    expect((await get(`${groupUrl}/messages`)).messages).toEqual([]);
  });
});
