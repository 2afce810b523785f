/** SMPP accounts as people look after them, and as systems log in with them. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorld, type World } from "../../../test/support/world.ts";
import { listAuditEntries } from "../../records/audit/audit-store.ts";
import type { Service } from "../../records/services/service.ts";
import { isSystemId, USUAL_TERMS } from "../../records/smpp-accounts/smpp-account.ts";
import { listSmppAccounts } from "../../records/smpp-accounts/smpp-account-store.ts";
import { logIn } from "../smpp/log-in.ts";
import {
  createSmppAccount,
  type NewSmppAccountForm,
  replaceSmppPassword,
  revokeSmppAccount,
  setSmppTerms,
  suggestSystemId,
} from "./smpp-accounts.ts";

const ACTOR = { userId: "somebody@example.org", ip: "192.0.2.7" };
const ADDRESS = "198.51.100.1";

let world: World;
let number = 0;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function make(form: Partial<NewSmppAccountForm> = {}, wish = {}) {
  const service = await world.service(wish);
  number += 1;
  const whole = { systemId: `acme-${number}`, kind: "live", terms: USUAL_TERMS, ...form } as const;
  return { service, made: await createSmppAccount(world.app, ACTOR, { service, form: whole }) };
}

const bindsFrom = async (account: { systemId: string; password: string }, address = ADDRESS) =>
  (await logIn(world.app, { ...account, address })) !== undefined;

describe("an SMPP account", () => {
  it("has a password of eight characters, which the database and the audit log do not know", async () => {
    const { service, made } = await make();
    expect(made.password).toMatch(/^[A-Za-z0-9]{8}$/);
    const rows = await world.app.db.query`select a.* from smpp_accounts a where a.id = ${made.id}`;
    const entries = await listAuditEntries(world.app.db, { serviceId: service.id, limit: 10 });
    expect(JSON.stringify([rows, entries])).not.toContain(made.password);
    expect(entries).toMatchObject([{ action: "smpp-account.created", subject: made.systemId, actor: ACTOR.userId }]);
  });

  it.each<[string, Partial<NewSmppAccountForm>, object, string]>([
    ["with a system id of sixteen characters", { systemId: "a-system-too-big" }, {}, "A system ID has 3 to 15"],
    ["of no binds", { terms: { ...USUAL_TERMS, bindsMax: 0 } }, {}, "Enter a number from 1 to 50"],
    ["of half a request", { terms: { ...USUAL_TERMS, windowMax: 0.5 } }, {}, "Enter a number from 1 to 1000"],
    ["from nowhere", { terms: { ...USUAL_TERMS, allowedNetworks: ["here"] } }, {}, "here is not an address"],
    ["live, in trial", {}, { isTrial: true }, "A service in trial mode cannot have a live account"],
  ])("%s is not made", async (_, form, wish, message) => {
    await expect(make(form, wish)).rejects.toThrow(message);
  });

  it("has a system id that no other in use has", async () => {
    const { service, made } = await make();
    await expect(make({ systemId: made.systemId })).rejects.toThrow("This system ID is in use");
    await revokeSmppAccount(world.app, ACTOR, { serviceId: service.id, id: made.id });
    await expect(make({ systemId: made.systemId })).resolves.toBeDefined();
  });

  it("binds with its newest password, from where it may, until it is revoked", async () => {
    const { service, made } = await make();
    const which = { serviceId: service.id, id: made.id };
    const account = await replaceSmppPassword(world.app, ACTOR, which);
    expect([await bindsFrom(made), await bindsFrom(account)]).toEqual([false, true]);
    await setSmppTerms(world.app, ACTOR, { ...which, terms: { ...USUAL_TERMS, allowedNetworks: ["203.0.113.0/24"] } });
    expect([await bindsFrom(account), await bindsFrom(account, "203.0.113.9")]).toEqual([false, true]);
    const [listed] = await listSmppAccounts(world.app.db, service.id);
    expect(listed).toMatchObject({ allowedNetworks: ["203.0.113.0/24"], lastBoundFrom: "203.0.113.9", waiting: 0 });
    await revokeSmppAccount(world.app, ACTOR, which);
    expect(await bindsFrom(account, "203.0.113.9")).toBe(false);
    expect(await listSmppAccounts(world.app.db, service.id)).toEqual([]);
  });

  it("of a service that is archived does not bind", async () => {
    const { service, made } = await make();
    await world.app.db.query`update services set archived_at = now() where id = ${service.id}`;
    await world.reload(service as Service);
    expect(await bindsFrom(made)).toBe(false);
  });
});

describe("whoever guesses passwords", () => {
  it("is not listened to any more after twenty, even with the right one, and others are", async () => {
    const { made } = await make();
    for (let guess = 0; guess < 20; guess += 1) await bindsFrom({ ...made, password: `guess-${guess}` }, "192.0.2.66");
    expect(await bindsFrom(made, "192.0.2.66")).toBe(false);
    expect(await bindsFrom(made)).toBe(true);
  });

  it("from many addresses cannot lock the system out of where it is", async () => {
    const { made } = await make();
    expect(await bindsFrom(made)).toBe(true);
    const guesses = Array.from({ length: 100 }, (_, n) => bindsFrom({ ...made, password: "wrong" }, `203.0.113.${n}`));
    await Promise.all(guesses);
    expect([await bindsFrom(made, "203.0.113.200"), await bindsFrom(made)]).toEqual([false, true]);
  });
});

it.each(["Northwold Libraries", "St. Mary's", "图书馆", "A"])("the suggestion for %s is a system id", (name) => {
  expect(isSystemId(suggestSystemId(name))).toBe(true);
});
