/** The people a service knows: kept, found, changed, grouped, and gone when they are deleted. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Db } from "../../src/platform/db.ts";
import { newRandomId } from "../../src/platform/ids.ts";
import { listAuditEntries } from "../../src/records/audit/audit-store.ts";
import { listContacts, listContactsOf } from "../../src/records/contacts/contact-store.ts";
import { type ApiAnswer, startApi, type TestApi } from "../support/api.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const NUMBER = "07700 900123";
const ADDRESS = "Ann.Ash@Example.org";

let world: World;
let api: TestApi;
let service: WorldService;
beforeAll(async () => {
  world = await createWorld();
  api = await startApi(world.app);
});
afterAll(async () => {
  await api.close();
  await world.close();
});
beforeEach(async () => {
  service = await world.service();
});

const errorOf = ({ status, json }: ApiAnswer) => [status, json.errors?.[0]];
const ask = (method: string, path: string, body?: unknown, as = service) =>
  api.request(method, path, { as, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
const add = (contact: object) => ask("POST", "/v2/contacts", contact);
const listed = async (query = "") => (await ask("GET", `/v2/contacts${query}`)).json.contacts;

describe("a contact", () => {
  it("is kept sealed, and shown as it was given", async () => {
    const given = {
      ...{ phone_number: NUMBER, email_address: ADDRESS, first_name: " Ann ", last_name: "Ash", company: "Ash & Co" },
      ...{ title: "Dr", address_lines: ["1 High Street", "", "SW1A 1AA"], language: "cy" },
      ...{
        fields: { "Card number": "12", Branch: "North" },
        consents: [{ purpose: "marketing", how: "sign-up form" }],
      },
    };
    const { status, json } = await add(given);
    expect([status, json]).toMatchObject([
      201,
      {
        ...given,
        ...{ phone_number: "+447700900123", first_name: "Ann", address_lines: ["1 High Street", "SW1A 1AA"] },
        ...{ groups: [], suppressed: { sms: null, email: null } },
        consents: [{ purpose: "marketing", how: "sign-up form", withdrawn_at: null }],
      },
    ]);
    expect((await ask("GET", `/v2/contacts/${json.id}`)).json).toEqual(json);
    const rows = await world.app.db.query<{ row: string }>`
      select encode(c.sealed_details, 'escape') || encode(n.sealed_words, 'escape') as row
      from contacts c join contact_consents n on n.contact_id = c.id where c.service_id = ${service.id}`;
    expect(rows).toHaveLength(1);
    expect(rows[0]?.row).not.toMatch(/7700900|Ann|North|sign-up/i);
  });

  it("is there once for each number and each address", async () => {
    const { json: ann } = await add({ phone_number: NUMBER });
    const { json: bob } = await add({ email_address: ADDRESS });
    expect(errorOf(await add({ phone_number: "+44 7700 900123", first_name: "Bob" }))).toEqual([
      400,
      { error: "BadRequestError", message: "phone_number is that of another contact", contact_id: ann.id },
    ]);
    expect(
      errorOf(await ask("PATCH", `/v2/contacts/${ann.id}`, { email_address: "ann.ash@example.org" })),
    ).toMatchObject([400, { contact_id: bob.id }]);
    const other = await world.service();
    expect((await ask("POST", "/v2/contacts", { phone_number: NUMBER }, other)).status).toBe(201);
    const twice = await Promise.all([1, 2, 3].map(() => add({ phone_number: "07700 900124" })));
    expect(twice.map(({ status }) => status).sort()).toEqual([201, 400, 400]);
  });

  it("keeps what a change does not name, and loses what it empties", async () => {
    const { json } = await add({
      phone_number: NUMBER,
      email_address: ADDRESS,
      first_name: "Ann",
      fields: { A: "1", B: "2" },
    });
    const change = (body: object) => ask("PATCH", `/v2/contacts/${json.id}`, body);
    const changed = await change({ email_address: null, last_name: "Ash", fields: { a: null, C: "3" } });
    expect(changed.json).toMatchObject({
      email_address: null,
      first_name: "Ann",
      last_name: "Ash",
      fields: { B: "2", C: "3" },
    });
    expect(errorOf(await change({ phone_number: null }))).toMatchObject([
      400,
      { message: "phone_number or email_address is a required property" },
    ]);
    expect((await add({ email_address: ADDRESS })).status).toBe(201);
    expect((await change({ phone_number: "07700 900125" })).json.phone_number).toBe("+447700900125");
    expect((await add({ phone_number: NUMBER })).status).toBe(201);
    expect((await ask("PATCH", `/v2/contacts/${json.id}`, {}, await world.service())).status).toBe(404);
  });

  it("is found by the whole number or address, which stands in no address", async () => {
    const { json } = await add({ phone_number: NUMBER, email_address: ADDRESS });
    const search = async (body: object) => (await ask("POST", "/v2/contacts/search", body)).json.contact?.id;
    expect(await search({ phone_number: "+447700900123" })).toBe(json.id);
    expect(await search({ email_address: "ANN.ASH@example.org" })).toBe(json.id);
    expect(await search({ phone_number: "07700 900124" })).toBeUndefined();
  });

  it("goes for good, with what it said yes to, and counts no more", async () => {
    const { json } = await add({ phone_number: NUMBER, consents: [{ purpose: "marketing" }] });
    await world.app.db.query`update services set contacts_max = 1 where id = ${service.id}`;
    expect(errorOf(await add({ email_address: ADDRESS }))).toMatchObject([
      400,
      { message: "The service has as many contacts as it may have (1)" },
    ]);
    expect((await ask("DELETE", `/v2/contacts/${json.id}`)).status).toBe(204);
    expect((await ask("DELETE", `/v2/contacts/${json.id}`)).status).toBe(404);
    const [left] = await world.app.db.query<{ rows: number }>`
      select count(*) as rows from contact_consents n where n.contact_id = ${json.id}`;
    expect([left?.rows, await listed()]).toEqual([0, []]);
    expect((await add({ email_address: ADDRESS })).status).toBe(201);
    const entries = await listAuditEntries(world.app.db, { serviceId: service.id, limit: 9 });
    expect(entries.map(({ action, actor }) => [action, actor])).toEqual([
      ["contact.added", "API key live"],
      ["contact.deleted", "API key live"],
      ["contact.added", "API key live"],
    ]);
    expect(JSON.stringify(entries)).not.toMatch(/7700900|example/i);
  });

  it("says yes once to one purpose, takes it back, and may say it anew", async () => {
    const { json } = await add({ phone_number: NUMBER });
    const url = `/v2/contacts/${json.id}/consents`;
    const give = (body: object) => ask("POST", url, body);
    const yes = { purpose: "marketing", how: "ticked on the form", given_at: "2026-01-02T03:04:05Z" };
    expect([(await give(yes)).status, (await give({ purpose: "marketing" })).status]).toEqual([201, 200]);
    const back = await ask("POST", `${url}/marketing/withdrawal`, { how: "told us by phone" });
    expect(back.json.consents).toMatchObject([
      {
        ...yes,
        given_at: "2026-01-02T03:04:05.000000Z",
        withdrawn_at: expect.any(String),
        withdrawn_how: "told us by phone",
      },
    ]);
    expect((await ask("POST", `${url}/marketing/withdrawal`)).status).toBe(404);
    expect((await give({ purpose: "marketing" })).json.consents).toHaveLength(2);
    expect(errorOf(await give({ purpose: "Not This" }))[1].message).toMatch(/^purpose must be up to 40/);
    expect(errorOf(await give({ purpose: "news", given_at: "2999-01-01" }))[1].message).toMatch(
      /^given_at must be a moment in the past/,
    );
  });

  it("shows that nothing is sent to it, and can be put on the suppression list and taken off", async () => {
    const { json } = await add({ phone_number: NUMBER, email_address: ADDRESS });
    const url = `/v2/contacts/${json.id}/suppression`;
    expect((await ask("POST", url, { reason: "asked-to-stop" })).json.suppressed).toEqual({
      sms: "asked-to-stop",
      email: "asked-to-stop",
    });
    const { templateId } = await world.template(service);
    const text = { phone_number: NUMBER, template_id: templateId };
    expect((await ask("POST", "/v2/notifications/sms", text)).status).toBe(400);
    expect((await ask("DELETE", url)).json.suppressed).toEqual({ sms: null, email: null });
    expect((await ask("POST", "/v2/notifications/sms", text)).status).toBe(201);
  });

  it.each([
    [{}, "phone_number or email_address is a required property"],
    [{ phone_number: "12" }, "phone_number Not enough digits"],
    [{ email_address: "x" }, "email_address Not a valid email address"],
    [{ phone_number: NUMBER, first_name: 1 }, "first_name is not of type string"],
    [{ phone_number: NUMBER, nickname: "A" }, "Additional properties are not allowed (nickname was unexpected)"],
    [{ phone_number: NUMBER, fields: { "First name": "A" } }, "fields First name is a name of ours: take another"],
    [{ phone_number: NUMBER, fields: { a: "1", A: "2" } }, "fields A is there twice"],
    [{ phone_number: NUMBER, language: "Welsh, please" }, "language is not the code of a language, such as en or cy"],
    [{ phone_number: NUMBER, consents: [{ purpose: 1 }] }, /^consents 0: purpose must be/],
  ])("is refused whole: %j", async (contact, message) => {
    const answer = await add(contact);
    expect([answer.status, answer.json.errors[0].message]).toEqual([
      400,
      typeof message === "string" ? message : expect.stringMatching(message),
    ]);
    expect(await listed()).toEqual([]);
  });

  it("is nobody's business with a test key", async () => {
    for (const [method, path] of [
      ["GET", "/v2/contacts"],
      ["POST", "/v2/contacts"],
      ["POST", "/v2/contacts/search"],
      ["GET", `/v2/contacts/${newRandomId()}`],
      ["PATCH", `/v2/contacts/${newRandomId()}`],
      ["DELETE", `/v2/contacts/${newRandomId()}`],
      ["GET", "/v2/contact-groups"],
      ["GET", `/v2/contact-groups/${newRandomId()}/members`],
    ] as const) {
      const answer = await api.request(method, path, { as: service, with: "test", body: "{}" });
      expect([path, answer.status]).toEqual([path, 403]);
    }
  });
});

describe("groups", () => {
  const groupNamed = async (name: string) => (await ask("POST", "/v2/contact-groups", { name })).json;

  it("have members, names of their own, and go without taking anybody along", async () => {
    const [ann, bob] = [(await add({ phone_number: NUMBER })).json, (await add({ email_address: ADDRESS })).json];
    const stranger = (await ask("POST", "/v2/contacts", { phone_number: NUMBER }, await world.service())).json;
    const group = await groupNamed("Volunteers");
    expect(errorOf(await ask("POST", "/v2/contact-groups", { name: "VOLUNTEERS" }))[1].message).toBe(
      "name is that of another group",
    );
    const url = `/v2/contact-groups/${group.id}`;
    const ids = [ann.id, bob.id, stranger.id];
    expect((await ask("POST", `${url}/members`, { contact_ids: ids })).json).toMatchObject({
      added: 2,
      group: { members: 2 },
    });
    expect((await ask("POST", `${url}/members`, { contact_ids: ids })).json).toMatchObject({ added: 0 });
    const members = async () => (await ask("GET", `${url}/members`)).json.contacts.map(({ id }: { id: string }) => id);
    expect(await members()).toEqual([bob.id, ann.id]);
    expect((await listed(`?group_id=${group.id}`)).map(({ id }: { id: string }) => id)).toEqual([bob.id, ann.id]);
    expect((await ask("GET", `/v2/contacts/${ann.id}`)).json.groups).toEqual([{ id: group.id, name: "Volunteers" }]);
    expect((await ask("PATCH", url, { name: "Helpers" })).json).toMatchObject({ name: "Helpers", members: 2 });
    expect((await ask("DELETE", `${url}/members/${bob.id}`)).status).toBe(204);
    expect((await ask("DELETE", `/v2/contacts/${ann.id}`)).status).toBe(204);
    expect((await ask("GET", "/v2/contact-groups")).json.groups).toMatchObject([{ id: group.id, members: 0 }]);
    expect((await ask("DELETE", url)).status).toBe(204);
    expect([(await ask("GET", url)).status, (await listed()).length]).toEqual([404, 1]);
  });
});

/** The very statement, asked for its plan. */
function explained(text: TemplateStringsArray): TemplateStringsArray {
  return Object.assign([`explain ${text[0]}`, ...text.slice(1)], { raw: text.raw });
}

describe("lists", () => {
  it("are read by the indexes, a page at a time", async () => {
    const { db } = world.app;
    await db.query`
      insert into contacts (id, service_id, number_index, sealed_details, created_at, updated_at)
      select gen_random_uuid(), ${service.id}::uuid, decode(md5(n::text), 'hex'), '\\x00'::bytea, now(), now()
      from generate_series(1, 5000) as n`;
    await db.query`analyze contacts`;
    const explaining = {
      query: (text: TemplateStringsArray, ...values: unknown[]) => db.query(explained(text), ...values),
    } as Db;
    const [one, two] = [1, 2].map((n) => createHash("md5").update(String(n)).digest());
    const indexes = [one, two].filter((index) => index !== undefined);
    const plans = await Promise.all([
      listContacts(explaining, { serviceId: service.id, limit: 250 }),
      listContacts(explaining, { serviceId: service.id, olderThan: newRandomId(), limit: 250 }),
      listContactsOf(explaining, { serviceId: service.id, numberIndexes: indexes, addressIndexes: indexes }),
    ]);
    for (const plan of plans) expect(JSON.stringify(plan)).toMatch(/Index/);
    for (const plan of plans) expect(JSON.stringify(plan)).not.toMatch(/Seq Scan/);
  });
});
