import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { bearerToken, startApi, type TestApi } from "../../../../test/support/api.ts";
import { createWorld, type World, type WorldService } from "../../../../test/support/world.ts";
import { type ApiWatch, watchApi } from "../../../flow/keys/api-watch.ts";
import { newRandomId } from "../../../platform/ids.ts";
import { findKey } from "../../../records/api-keys/api-key-page-store.ts";
import { listApiRequests } from "../../../records/api-requests/api-request-store.ts";

const PATH = "/v2/notifications";

let world: World;
let watch: ApiWatch;
let api: TestApi;
let service: WorldService;

beforeAll(async () => {
  world = await createWorld();
  watch = watchApi(world.app);
  api = await startApi(world.app, watch);
});
afterAll(async () => {
  await api.close();
  await watch.stop();
  await world.close();
});
beforeEach(async () => {
  service = await world.service();
});

const liveKeyId = () => service.keys.find(({ kind }) => kind === "live")?.id ?? "";
const ask = (headers?: Record<string, string>) =>
  api.get(`${PATH}?reference=secret`, { as: service, headers: headers ?? {} });
const tokenOf = (secret: string, iat: number) => bearerToken({ secret, claims: { iss: service.id, iat } });
const nowSeconds = () => Math.floor(world.clock.now().getTime() / 1000);

async function change(column: "revoked" | "expired" | "elsewhere"): Promise<void> {
  const { db } = world.app;
  if (column === "revoked") await db.query`update api_keys set revoked_at = now() where id = ${liveKeyId()}`;
  if (column === "expired") await db.query`update api_keys set expires_at = now() where id = ${liveKeyId()}`;
  if (column === "elsewhere")
    await db.query`update api_keys set allowed_networks = '{192.0.2.0/24}' where id = ${liveKeyId()}`;
  world.app.services.forget(service.id);
}

async function logged() {
  await watch.flush();
  return listApiRequests(world.app.db, { serviceId: service.id, limit: 9 });
}

describe("a request that shows a key of the service's and is turned away", () => {
  it.each([
    ["revoked", "Invalid token: API key revoked"],
    ["expired", "Invalid token: API key expired"],
    ["elsewhere", "Invalid token: API key cannot be used from this address"],
  ] as const)("is in the service's log: %s", async (how, error) => {
    await change(how);
    expect((await ask()).status).toBe(403);
    const about = { apiKeyId: liveKeyId(), method: "GET", path: PATH, status: 403 };
    expect(await logged()).toMatchObject([{ ...about, error }]);
  });

  it("is there also as a plain key, and when the clock is wrong", async () => {
    const late = tokenOf(service.secrets.live, nowSeconds() - 60);
    expect((await ask({ authorization: late })).status).toBe(403);
    await change("revoked");
    const name = service.keys.find(({ kind }) => kind === "live")?.name;
    const plain = `${name}-${service.id}-${service.secrets.live}`;
    expect((await ask({ authorization: `Bearer ${plain}` })).status).toBe(403);
    const requests = await logged();
    expect(requests.map(({ error }) => error)).toEqual([
      "Invalid token: API key revoked",
      expect.stringContaining("system clock"),
    ]);
    expect(JSON.stringify(requests)).not.toMatch(new RegExp(`secret|${service.secrets.live}`));
  });

  it("is no use of the key", async () => {
    await change("revoked");
    await ask();
    await watch.flush();
    expect((await findKey(world.app.db, service.id, liveKeyId()))?.lastUsedAt).toBeUndefined();
  });
});

describe("a request with any other key", () => {
  it("is in nobody's log: whoever sends it has nothing to do with the service", async () => {
    for (const authorization of [tokenOf(newRandomId(), nowSeconds()), `Bearer k-${service.id}-${newRandomId()}`])
      expect((await ask({ authorization })).status).toBe(403);
    expect(await logged()).toEqual([]);
  });
});
