import { afterAll, beforeAll, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World, type WorldService } from "../../../../test/support/world.ts";
import { logIn } from "../../../flow/smpp/log-in.ts";
import { listSmppAccounts } from "../../../records/smpp-accounts/smpp-account-store.ts";

let world: World;
let admin: TestAdmin;
beforeAll(async () => {
  world = await createWorld();
  admin = await startAdmin(world.app);
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

const TERMS = { bindsMax: "2", windowMax: "10", ratePerSecond: "5", takesReplies: "yes", defaultAlphabet: "gsm7" };
const copied = (html: string) => [...html.matchAll(/data-copy="([^"]+)"/g)].map(([, value]) => value ?? "");

async function place(): Promise<{ service: WorldService; person: Person; path: string }> {
  const service = await world.service();
  const person = await admin.person({ in: service, permissions: ["manage_api_keys"] });
  return { service, person, path: `/services/${service.id}/developers/smpp` };
}

const mayBind = async (systemId = "", password = "") =>
  (await logIn(world.app, { systemId, password, address: "192.0.2.1" })) !== undefined;

it("an account is made, shown once, changed, given another password, and revoked", async () => {
  const { service, person, path } = await place();
  const made = await person.post(`${path}/new`, {
    systemId: "northwold-1",
    kind: "live",
    allowedNetworks: "",
    ...TERMS,
  });
  const [systemId, password] = copied(made.text);
  expect([systemId, await mayBind(systemId, password)]).toEqual(["northwold-1", true]);
  const [account] = await listSmppAccounts(world.app.db, service.id);
  const shown = (await person.get(path)).text;
  expect(shown).toContain("2 connections, 10 unanswered requests on each, 5 texts a second");
  expect(shown).not.toContain(password);
  const changed = { ...TERMS, allowedNetworks: "198.51.100.0/24", takesReplies: "no", defaultAlphabet: "latin1" };
  expect((await person.post(`${path}/${account?.id}/terms`, changed)).status).toBe(303);
  const [after] = await listSmppAccounts(world.app.db, service.id);
  expect(after).toMatchObject({ allowedNetworks: ["198.51.100.0/24"], takesReplies: false, defaultAlphabet: "latin1" });
  await person.post(`${path}/${account?.id}/terms`, { ...TERMS, allowedNetworks: "" });
  const [, another] = copied((await person.post(`${path}/${account?.id}/password`, {})).text);
  expect([await mayBind(systemId, password), await mayBind(systemId, another)]).toEqual([false, true]);
  expect((await person.post(`${path}/${account?.id}/revoke`, {})).status).toBe(303);
  expect(await mayBind(systemId, another)).toBe(false);
  expect((await person.get(`${path}/${account?.id}/terms`)).status).toBe(404);
});

it.each<[Record<string, string>, string]>([
  [{ systemId: "A" }, "A system ID has 3 to 15"],
  [{ kind: "" }, "Choose a kind of key"],
  [{ windowMax: "many" }, "Enter a number from 1 to 1000"],
  [{ allowedNetworks: "here" }, "here is not an address"],
])("with %o the form is shown again, and says why", async (fields, why) => {
  const { service, person, path } = await place();
  const wish = { systemId: "northwold-2", kind: "test", allowedNetworks: "", ...TERMS, ...fields };
  const answer = await person.post(`${path}/new`, wish);
  expect(answer.text).toContain(why);
  expect(await listSmppAccounts(world.app.db, service.id)).toEqual([]);
});

it("the account of another service is not there", async () => {
  const [mine, theirs] = [await place(), await place()];
  await theirs.person.post(`${theirs.path}/new`, { systemId: "theirs-1", kind: "live", allowedNetworks: "", ...TERMS });
  const [account] = await listSmppAccounts(world.app.db, theirs.service.id);
  expect((await mine.person.get(`${mine.path}/${account?.id}/terms`)).status).toBe(404);
  expect((await mine.person.post(`${mine.path}/${account?.id}/revoke`, {})).status).toBe(404);
  expect(await listSmppAccounts(world.app.db, theirs.service.id)).toHaveLength(1);
});
