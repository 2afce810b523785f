/** Systems that were written for Messente's Phonebook API, with its own client for Node. */
import messente from "messente_api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newRandomId } from "../../src/platform/ids.ts";
import { startApi, type TestApi } from "../support/api.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const ANN = "+447700900123";
const BOB = "+447700900124";

let world: World;
let api: TestApi;
let service: WorldService;
beforeAll(async () => {
  world = await createWorld();
  api = await startApi(world.app);
  service = await world.service();
  signIn(service.secrets.live);
});
afterAll(async () => {
  await api.close();
  await world.close();
});

function signIn(password: string): void {
  const { instance } = messente.ApiClient;
  instance.basePath = `${api.url}/v1`;
  Object.assign(instance.authentications.basicAuth, { username: service.id, password });
}

type Done = (error: { status: number; response: { body: object } } | null, data: unknown) => void;

/** What the client calls back with, or the refusal it was given. */
// biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it
const hear = (ask: (done: Done) => void): Promise<any> =>
  new Promise((resolve) =>
    ask((error, data) => resolve(error ? { status: error.status, ...error.response.body } : (data ?? "done"))),
  );

const contacts = new messente.ContactsApi();
const groups = new messente.GroupsApi();
const blacklist = new messente.BlacklistApi();

describe("Messente's own client for Node", () => {
  it("keeps contacts by their numbers, and groups of them", async () => {
    const ann = { phoneNumber: ANN, firstName: "Ann", email: "ann@example.org", custom: "12", custom4: "gold" };
    expect((await hear((done) => contacts.createContact(ann, done))).contact).toMatchObject(ann);
    expect(await hear((done) => contacts.createContact({ phoneNumber: ANN }, done))).toMatchObject({
      status: 409,
      errors: [{ code: "204", title: "Conflict", detail: "phone_number is that of another contact" }],
    });
    await hear((done) => contacts.createContact({ phoneNumber: BOB }, done));
    const changed = await hear((done) => contacts.updateContact(ANN, { lastName: "Ash", custom: "13" }, done));
    expect(changed.contact).toMatchObject({ ...ann, lastName: "Ash", custom: "13" });

    const { group } = await hear((done) => groups.createGroup({ name: "Gold" }, done));
    await hear((done) => contacts.addContactToGroup(group.id, ANN, done));
    expect((await hear((done) => groups.fetchGroup(group.id, done))).group).toMatchObject({
      name: "Gold",
      contactsCount: 1,
    });
    expect((await hear((done) => groups.updateGroup(group.id, { name: "Silver" }, done))).group.name).toBe("Silver");
    expect((await hear((done) => groups.fetchGroups(done))).groups).toHaveLength(1);
    expect((await hear((done) => contacts.fetchContactGroups(ANN, done))).groups).toMatchObject([{ id: group.id }]);
    const numbersIn = async (wish: object) =>
      (await hear((done) => contacts.fetchContacts(wish, done))).contacts.map(
        (one: { phoneNumber: string }) => one.phoneNumber,
      );
    expect([await numbersIn({}), await numbersIn({ groupIds: [group.id] })]).toEqual([[BOB, ANN], [ANN]]);
    await hear((done) => contacts.removeContactFromGroup(group.id, ANN, done));
    expect(await numbersIn({ groupIds: [group.id] })).toEqual([]);
    await hear((done) => groups.deleteGroup(group.id, done));
    expect((await hear((done) => groups.fetchGroups(done))).groups).toEqual([]);
    await hear((done) => contacts.deleteContact(ANN, done));
    expect(await hear((done) => contacts.fetchContact(ANN, done))).toMatchObject({
      status: 404,
      errors: [{ code: "203", title: "Missing resource" }],
    });
    expect((await hear((done) => contacts.fetchContact(BOB, done))).contact.phoneNumber).toBe(BOB);
  });

  it("works on the suppression list as on a blacklist", async () => {
    const has = async (number: string) => (await hear((done) => blacklist.isBlacklisted(number, done))).status ?? 200;
    expect(await has(ANN)).toBe(404);
    await hear((done) => blacklist.addToBlacklist({ phoneNumber: ANN }, done));
    expect(await has(ANN)).toBe(200);
    expect((await hear((done) => blacklist.fetchBlacklist(done))).phoneNumbers).toEqual([ANN]);
    expect((await api.get("/v2/suppressions", { as: service })).json.suppressions).toMatchObject([
      { phone_number: ANN },
    ]);
    await hear((done) => blacklist.deleteFromBlacklist(ANN, done));
    expect(await has(ANN)).toBe(404);
  });

  it("hears why it is refused", async () => {
    const refused = (contact: object) => hear((done) => contacts.createContact(contact, done));
    expect(await refused({ phoneNumber: "12", email: "x" })).toMatchObject({
      status: 400,
      errors: [
        { code: "201", title: "Invalid data", detail: "phoneNumber Not enough digits" },
        { code: "201", detail: "email Not a valid email address" },
      ],
    });
    expect(await refused({ email: "ann@example.org" })).toMatchObject({
      errors: [{ detail: "phoneNumber is missing" }],
    });
    expect(await hear((done) => groups.fetchGroup(newRandomId(), done))).toMatchObject({ status: 404 });
    expect(await hear((done) => groups.createGroup({ name: " " }, done))).toMatchObject({ status: 400 });
    expect(await hear((done) => contacts.addContactToGroup(newRandomId(), "+447700900199", done))).toMatchObject({
      status: 404,
    });
    signIn("wrong");
    expect(await refused({ phoneNumber: ANN })).toMatchObject({ status: 401, errors: [{ code: "202" }] });
    signIn(service.secrets.test);
    expect(await refused({ phoneNumber: ANN })).toMatchObject({ status: 403, errors: [{ code: "244" }] });
  });
});
