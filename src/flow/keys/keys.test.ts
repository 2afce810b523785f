import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startApi } from "../../../test/support/api.ts";
import { createWorld, type World } from "../../../test/support/world.ts";
import { createOutbound } from "../../platform/http.ts";
import { newId, newRandomId } from "../../platform/ids.ts";
import { parseFullApiKey } from "../../records/api-keys/api-key.ts";
import { noteKeyUses, revokeExpiredKeys } from "../../records/api-keys/api-key-page-store.ts";
import { listApiRequests } from "../../records/api-requests/api-request-store.ts";
import type { Service } from "../../records/services/service.ts";
import { createKey, listKeys, revokeKey, rotateKey, setKeyTerms } from "./api-keys.ts";
import { watchApi } from "./api-watch.ts";
import { type CallbackForm, removeCallback, saveCallback, testCallback } from "./callbacks.ts";
import { readGuestList, saveGuestList } from "./guest-list.ts";

const DAY_MS = 86_400_000;
const actor = { userId: newRandomId(), ip: "192.0.2.1" };
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe("an API key", () => {
  it("made by a person opens the API, until it is revoked", async () => {
    const service = await world.service();
    const api = await startApi(world.app);
    const made = await createKey(world.app, actor, { service, key: { name: "My Key", kind: "team" } });
    expect(made.key).toMatch(/^my_key-/);
    expect(parseFullApiKey(made.key)?.serviceId).toBe(service.id);
    const ask = async () =>
      (await api.get("/v2/notifications", { headers: { authorization: `Bearer ${made.key}` } })).status;
    expect(await ask()).toBe(200);
    await revokeKey(world.app, actor, { serviceId: service.id, keyId: made.id });
    expect(await ask()).toBe(403);
    await api.close();
  });

  it("is refused elsewhere than where it may be used, and once it has run out", async () => {
    const service = await world.service();
    const api = await startApi(world.app);
    const terms = (allowedNetworks: string[], expiresAt?: Date) => ({ allowedNetworks, expiresAt });
    const made = await createKey(world.app, actor, {
      service,
      key: { name: "k", kind: "test", ...terms(["10.0.0.0/8"]) },
    });
    const ask = async () =>
      (await api.get("/v2/notifications", { headers: { authorization: `Bearer ${made.key}` } })).text;
    expect(await ask()).toContain("cannot be used from this address");
    const set = (wish: object) => setKeyTerms(world.app, actor, { serviceId: service.id, keyId: made.id, terms: wish });
    await set(terms(["127.0.0.1"], new Date(Date.now() + DAY_MS)));
    expect(await ask()).toContain("notifications");
    world.clock.advance(2 * DAY_MS);
    expect(await ask()).toContain("API key expired");
    expect(await revokeExpiredKeys(world.app.db, world.clock.now())).toBe(1);
    world.clock.advance(-2 * DAY_MS);
    await api.close();
  });

  it.each([
    [{ name: "LIVE", kind: "test" }, "key-name-taken"],
    [{ name: " ", kind: "test" }, "key-name-missing"],
    [{ name: "a", kind: "test", allowedNetworks: ["10.0.0.0/8", "here"] }, "network-wrong"],
    [{ name: "a", kind: "test", expiresAt: new Date(0) }, "expiry-past"],
  ] as const)("like %j is refused: %s", async (key, problem) => {
    const service = await world.service();
    await expect(createKey(world.app, actor, { service, key })).rejects.toMatchObject({ problems: [{ problem }] });
  });

  it("that is live is not for a service in trial", async () => {
    const service = await world.service({ isTrial: true });
    const made = createKey(world.app, actor, { service, key: { name: "x", kind: "live" } });
    await expect(made).rejects.toMatchObject({ problems: [{ problem: "live-key-in-trial" }] });
  });

  it("is rotated: the new one has its name, the old one goes on for some days", async () => {
    const service = await world.service();
    const old = service.keys.find(({ kind }) => kind === "live");
    await rotateKey(world.app, actor, { service, keyId: old?.id ?? "", overlapDays: 3 });
    const live = (await listKeys(world.app, service.id)).filter(({ kind }) => kind === "live");
    expect(live.map(({ name }) => name).toSorted()[0]).toBe("live");
    const former = live.find(({ id }) => id === old?.id);
    expect(former?.name).toMatch(/^live \(until /);
    expect(former?.expiresAt?.getTime()).toBeGreaterThan(Date.now() + 2 * DAY_MS);
  });
});

describe("what is asked of the API", () => {
  it("is noted, with whence the key was used, and never with what was asked for", async () => {
    const service = await world.service();
    const [key] = service.keys;
    const watch = watchApi(world.app);
    const about = { serviceId: service.id, apiKeyId: key?.id ?? "", method: "POST", path: "/v2/notifications/sms" };
    const refused = { status: 403, body: "", isLetIn: false, from: "192.0.2.8", startedAtMs: performance.now() };
    watch.note({ ...about, ...refused });
    await watch.flush();
    const unused = (await listKeys(world.app, service.id)).find(({ id }) => id === key?.id);
    expect(unused?.lastUsedFrom).toBeUndefined();
    const body = JSON.stringify({ errors: [{ message: "'ann@example.org' is wrong" }] });
    for (let count = 0; count < 50; count++)
      watch.note({ ...about, status: 400, body, isLetIn: true, from: "192.0.2.9", startedAtMs: performance.now() });
    await watch.stop();
    const requests = await listApiRequests(world.app.db, { serviceId: service.id, onlyErrors: true, limit: 50 });
    expect(requests).toHaveLength(11);
    expect(requests[0]).toMatchObject({ ...about, status: 400, error: "… is wrong" });
    const used = (await listKeys(world.app, service.id)).find(({ id }) => id === key?.id);
    expect(used?.lastUsedFrom).toBe("192.0.2.9");
    await noteKeyUses(world.app.db, [{ keyId: key?.id ?? newId(), at: new Date(0), from: "192.0.2.10" }]);
    expect((await listKeys(world.app, service.id)).find(({ id }) => id === key?.id)?.lastUsedFrom).toBe("192.0.2.9");
  });
});

describe("a callback", () => {
  it("is saved with a secret shown once, tried out, and removed", async () => {
    const heard: (string | undefined)[] = [];
    const receiver = createServer((request, response) => {
      heard.push(request.headers.authorization);
      response.writeHead(request.headers["webhook-signature"] ? 204 : 400).end();
    });
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/told`;
    const service = await world.service();
    const token = { bearerToken: "a-token-of-some-length", renewsSecret: false } as const;
    const form = { endpointId: undefined, kinds: ["delivery-receipt", "complaint"], url, ...token } as const;
    const saved = await saveCallback(world.app, actor, { service, form });
    expect(saved.signingSecret).toMatch(/^whsec_/);
    const after = await world.reload(service);
    const { endpointId } = saved;
    const kept = { ...form, endpointId, bearerToken: undefined };
    expect(await saveCallback(world.app, actor, { service: after, form: kept })).toEqual({
      ...{ endpointId, signingSecret: undefined },
    });
    const outbound = createOutbound({ allowedNetworks: ["127.0.0.0/8"] });
    const tested = await testCallback({ ...world.app, outbound }, actor, {
      ...{ service: after, endpointId, kind: "complaint" as const },
    });
    expect(tested).toMatchObject({ kind: "answered", status: 204, isTaken: true });
    expect(heard).toEqual(["Bearer a-token-of-some-length"]);
    await removeCallback(world.app, actor, { service: await world.reload(service), endpointId });
    expect((await world.reload(service)).callbacks).toEqual([]);
    await outbound.close();
    receiver.close();
  });

  it.each([
    [{ url: "", bearerToken: "a-token-of-some-length" }, ["url-missing"]],
    [{ url: "http://192.0.2.1/x", bearerToken: "short" }, ["url-wrong", "token-too-short"]],
    [{ url: "https://example.org", bearerToken: "smile 😀 smile" }, ["token-wrong"]],
  ])("like %j is refused: %j", async (change, problems) => {
    const service = await world.service();
    const form = { endpointId: undefined, kinds: ["complaint"], renewsSecret: false, ...change } as const;
    const refused = problems.map((problem) => ({ problem }));
    await expect(saveCallback(world.app, actor, { service, form })).rejects.toMatchObject({ problems: refused });
  });
});

describe("several endpoints", () => {
  const wish = (url: string, kinds: CallbackForm["kinds"] = ["delivery-receipt"]) => ({
    ...{ endpointId: undefined, url, kinds, bearerToken: "a-token-of-some-length", renewsSecret: false },
  });

  it("are told each of what it has chosen, up to ten, each at a URL of its own", async () => {
    let service: Service = await world.service();
    for (let number = 1; number <= 10; number++) {
      await saveCallback(world.app, actor, { service, form: wish(`https://example.org/${number}`) });
      service = await world.reload(service);
    }
    const refused = (form: CallbackForm) => expect(saveCallback(world.app, actor, { service, form })).rejects;
    await refused(wish("https://example.org/11")).toMatchObject({ problems: [{ problem: "endpoints-many" }] });
    await refused(wish("https://example.org/3")).toMatchObject({ problems: [{ problem: "url-taken" }] });
    await refused(wish("https://example.org/x", [])).toMatchObject({ problems: [{ problem: "kinds-missing" }] });
    expect((await world.reload(service)).callbacks).toHaveLength(10);
  });

  it("of another service is not found", async () => {
    const service = await world.service({ callbacks: { complaint: "https://example.org/told" } });
    const endpointId = service.callbacks[0]?.endpointId ?? "";
    const other = await world.service();
    const form = { ...wish("https://example.org/mine"), endpointId };
    await expect(saveCallback(world.app, actor, { service: other, form })).rejects.toMatchObject({ kind: "not-found" });
    await removeCallback(world.app, actor, { service: other, endpointId });
    expect((await world.reload(service)).callbacks).toHaveLength(1);
  });
});

describe("the guest list", () => {
  it("takes five of a sort, and says which entry is wrong", async () => {
    const service = await world.service();
    const form = { emailAddresses: ["ann@example.org", ""], phoneNumbers: ["07700 900123"] };
    await saveGuestList(world.app, actor, { service, form });
    expect(await readGuestList(world.app, service)).toEqual({
      emailAddresses: ["ann@example.org"],
      phoneNumbers: ["07700 900123"],
    });
    const wrong = { emailAddresses: ["07700 900123"], phoneNumbers: ["1", "07700 900123"] };
    await expect(saveGuestList(world.app, actor, { service, form: wrong })).rejects.toMatchObject({
      problems: [{ field: "emailAddresses.0" }, { field: "phoneNumbers.0" }],
    });
    const many = { emailAddresses: [], phoneNumbers: Array.from({ length: 6 }, (_, index) => `0770090012${index}`) };
    await expect(saveGuestList(world.app, actor, { service, form: many })).rejects.toMatchObject({
      problems: [{ problem: "guests-too-many" }],
    });
  });
});
