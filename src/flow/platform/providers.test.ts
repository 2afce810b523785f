import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorld, type World } from "../../../test/support/world.ts";
import { newId, newRandomId } from "../../platform/ids.ts";
import { listAudit } from "../../records/audit/audit-store.ts";
import { listProviderSummaries, type ProcessNews } from "../../records/providers/provider-health-store.ts";
import { insertProvider } from "../../records/providers/provider-write-store.ts";
import { insertRoute, listRoutes, NEW_ROUTE } from "../../records/routes/route-store.ts";
import { createFleetNews, SILENT_AFTER_MS } from "../dispatch/fleet-news.ts";
import { FormRefusal } from "../form-refusal.ts";
import { switchProvider } from "./change-providers.ts";
import { type RouteForm, removeRoute, saveRoute } from "./change-routes.ts";
import { connectionOf, listProviderHealth } from "./provider-health.ts";

const ACTOR = { userId: newId(), ip: "192.0.2.7" };

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function provider(name: string, weight: number): Promise<{ id: string; routeId: string }> {
  const [id, routeId] = [newId(), newId()];
  const { db, keys } = world.app;
  await db.transaction(async (tx) => {
    const settings = { host: "127.0.0.1", port: 2775, systemId: "us" };
    const record = { id, name, channel: "sms", kind: "smpp", settings, secrets: {}, isSandbox: false } as const;
    await insertProvider(tx, keys.master, { ...record, isActive: true });
    const route = {
      ...NEW_ROUTE,
      id: routeId,
      name,
      channel: "sms",
      providerId: id,
      keyKinds: ["live", "team"],
    } as const;
    await insertRoute(tx, { ...route, weight });
  });
  return { id, routeId };
}

async function healthOf(name: string) {
  const found = (await listProviderHealth(world.app)).find((one) => one.name === name);
  if (!found) throw new Error(`there is no provider ${name}`);
  return found;
}

describe("a connection", () => {
  const at = new Date("2026-06-01T10:00:00Z");
  const news = (isAvailable: boolean, capacity: number): ProcessNews => {
    const reason = isAvailable ? "bound" : "connection refused";
    return { providerId: "p", processId: newRandomId(), isAvailable, capacity, reason, changedAt: at, seenAt: at };
  };

  it.each([
    ["on, and nobody says anything", true, [], "unseen", 0],
    ["on, and up everywhere", true, [news(true, 10), news(true, 5)], "connected", 15],
    ["on, and up in one place of two", true, [news(true, 10), news(false, 0)], "partly-connected", 10],
    ["on, and down", true, [news(false, 0)], "disconnected", 0],
    ["off, while the last process lets go", false, [news(true, 3)], "off", 3],
  ])("of one that is %s", (_, isActive, said, state, capacity) => {
    expect(connectionOf({ isActive }, said)).toMatchObject({ state, capacity });
  });
});

describe("a provider's health", () => {
  it("is what its processes last said, while they say something", async () => {
    const { id } = await provider("carrier-heard", 50);
    expect((await healthOf("carrier-heard")).state).toBe("unseen");
    const news = createFleetNews(world.app);
    const said = { providerId: id, reason: "bound", changedAt: world.clock.now(), capacity: 20 };
    await news.tell([{ ...said, isAvailable: true }]);
    expect(await healthOf("carrier-heard")).toMatchObject({ state: "connected", capacity: 20 });
    await news.tell([{ ...said, isAvailable: false, reason: "the carrier hung up", capacity: 0 }]);
    expect(await healthOf("carrier-heard")).toMatchObject({ state: "disconnected", reason: "the carrier hung up" });
    world.clock.advance(SILENT_AFTER_MS + 1);
    expect((await healthOf("carrier-heard")).state).toBe("unseen");
    await news.tell([{ ...said, isAvailable: true }]);
    await news.end();
    expect((await healthOf("carrier-heard")).state).toBe("unseen");
  });

  it("of one that was deleted meanwhile is told by nobody", async () => {
    const news = createFleetNews(world.app);
    const gone = { providerId: newId(), isAvailable: true, capacity: 1, reason: undefined, changedAt: new Date() };
    await news.tell([gone]);
    expect((await listProviderHealth(world.app)).map(({ id }) => id)).not.toContain(gone.providerId);
  });

  it("counts the last hour's messages, how many failed, and how long reports took", async () => {
    await provider("carrier-counted", 50);
    const service = await world.service();
    const now = world.clock.now().getTime();
    const message = (status: string, tookSeconds: number | undefined) =>
      world.notification(service, {
        status,
        provider: "carrier-counted",
        createdAt: new Date(now - 600_000),
        sentAt: new Date(now - 600_000),
        ...(tookSeconds === undefined ? {} : { updatedAt: new Date(now - 600_000 + tookSeconds * 1_000) }),
      });
    await message("delivered", 2);
    await message("delivered", 4);
    await message("delivered", 30);
    await message("permanent-failure", 5);
    const { counts } = await healthOf("carrier-counted");
    expect(counts).toMatchObject({ messages: 4, delivered: 3, failed: 1, receiptSecondsMedian: 4 });
  });
});

describe("a route", () => {
  const routeNamed = async (name: string) => (await listRoutes(world.app.db)).find((one) => one.name === name);
  const form = (providerId: string, wish: Partial<RouteForm> = {}): RouteForm => ({
    ...{ name: "to-france", providerId, keyKinds: ["live"], carriesInternational: true, countries: "", networks: "" },
    ...{
      services: "",
      senderTypes: [],
      priorities: [],
      times: "",
      position: "1",
      weight: "100",
      isCheapestFirst: false,
    },
    ...{ reason: " Cheaper since June ", ...wish },
  });

  it("is added, changed and removed, and the log says by whom, from where and why", async () => {
    const { id } = await provider("carrier-weighed", 50);
    const service = await world.service({ name: "Northwold Clinic" });
    const wish = {
      countries: "+33, 372",
      services: "Northwold Clinic",
      times: "mon-fri 08:00-20:00",
      priorities: ["high"],
    };
    await saveRoute(world.app, ACTOR, { routeId: undefined, form: form(id, wish) });
    const made = await routeNamed("to-france");
    expect(made).toMatchObject({
      ...{ provider: "carrier-weighed", countryPrefixes: ["33", "372"], serviceIds: [service.id], position: 1 },
      ...{ times: ["mon-fri 08:00-20:00"], priorities: ["high"], senderTypes: [] },
    });
    await saveRoute(world.app, ACTOR, {
      routeId: made?.id,
      form: form(id, { weight: "80", carriesInternational: false }),
    });
    expect(await routeNamed("to-france")).toMatchObject({
      weight: 80,
      carriesInternational: false,
      countryPrefixes: [],
    });
    const [entry] = await listAudit(world.app.db, { actor: ACTOR.userId, limit: 1 });
    expect(entry).toMatchObject({
      ...{ action: "route.changed", subject: "route to-france", ip: "192.0.2.7" },
      before: { weight: 100, countryPrefixes: ["33", "372"] },
      after: { weight: 80, carriesInternational: false, reason: "Cheaper since June" },
    });
    await removeRoute(world.app, ACTOR, { routeId: made?.id ?? "", reason: "The contract has ended" });
    expect(await routeNamed("to-france")).toBeUndefined();
    const [last] = await listAudit(world.app.db, { actor: ACTOR.userId, limit: 1 });
    expect(last).toMatchObject({ action: "route.removed", before: { weight: 80 } });
  });

  it.each<[string, Partial<RouteForm>, string[]]>([
    ["a weight above 100", { weight: "101" }, ["weight"]],
    ["half a weight", { weight: "0.5" }, ["weight"]],
    ["no position", { position: "0" }, ["position"]],
    ["no reason", { reason: "  " }, ["reason"]],
    ["a name with spaces", { name: "To France" }, ["name"]],
    ["the name of another", { name: "carrier-refused" }, ["name"]],
    ["no key", { keyKinds: ["admin"] }, ["keyKinds"]],
    ["no provider", { providerId: "" }, ["providerId"]],
    ["a country that is none", { countries: "33 999" }, ["countries"]],
    ["a network in words", { networks: "EE" }, ["networks"]],
    ["a service nobody knows", { services: "Nobody" }, ["services"]],
    ["a time that is none", { times: "always" }, ["times"]],
    ["several of these", { weight: "", reason: "x".repeat(501) }, ["weight", "reason"]],
  ])("is refused with %s", async (name, wish, fields) => {
    const { id } =
      (await listProviderSummaries(world.app.db)).find((one) => one.name === "carrier-refused") ??
      (await provider("carrier-refused", 50));
    const before = await listRoutes(world.app.db);
    const refused = await saveRoute(world.app, ACTOR, { routeId: undefined, form: form(id, wish) }).catch(
      (error) => error,
    );
    expect([name, refused instanceof FormRefusal ? refused.problems.map(({ field }) => field) : refused]).toEqual([
      name,
      fields,
    ]);
    expect(await listRoutes(world.app.db)).toEqual(before);
  });

  it("that is not there is refused", async () => {
    const change = { routeId: newId(), reason: "Because" };
    await expect(removeRoute(world.app, ACTOR, change)).rejects.toMatchObject({ kind: "not-found" });
  });
});

describe("switching a provider", () => {
  it("off and on again leaves an entry each, and none when nothing changes", async () => {
    const { id } = await provider("carrier-switched", 50);
    const actor = { ...ACTOR, userId: newId() };
    const switchTo = (isActive: boolean) =>
      switchProvider(world.app, actor, { providerId: id, isActive, reason: "Planned work" });
    const isOn = async () => (await listProviderSummaries(world.app.db)).find((one) => one.id === id)?.isActive;
    await switchTo(true);
    await switchTo(false);
    expect(await isOn()).toBe(false);
    expect((await healthOf("carrier-switched")).state).toBe("off");
    await switchTo(true);
    expect(await isOn()).toBe(true);
    const entries = await listAudit(world.app.db, { actor: actor.userId, limit: 10 });
    expect(entries.map(({ action }) => action)).toEqual(["provider.switched-on", "provider.switched-off"]);
  });
});
