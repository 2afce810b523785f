import { afterAll, beforeAll, expect, it } from "vitest";
import { startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World } from "../../../../test/support/world.ts";
import { listFloodRules } from "../../../records/floods/flood-rule-store.ts";

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

const NUMBERS = { atLeast: "200", timesUsual: "5", windowMinutes: "60", prefixDigits: "4", stopsMinutes: "90" };
const GUARD = { countsBy: "prefix", action: "refuse", ...NUMBERS };

it("guards are made, changed and removed by who manages the service, who sees those of the installation, too", async () => {
  const service = await world.service();
  const url = `/services/${service.id}/settings/flood-guard`;
  const manager = await admin.person({ in: service, permissions: ["manage_service"] });
  const operator = await admin.person({ isPlatformAdmin: true });
  expect((await manager.get(url)).text).toMatch(/Nothing is stopped\.[\s\S]*There are no guards\./);
  expect((await manager.post(url, GUARD)).location).toBe(url);
  await operator.post("/platform/settings/flood-guard", { ...GUARD, countsBy: "spend", stopsMinutes: "0" });
  const page = (await manager.get(url)).text;
  expect(page).toMatch(/More than 200 texts and 5 times what is usual within 60 minutes/);
  expect(page).toMatch(/Guards of this installation[\s\S]*More than £200[\s\S]*until somebody lets them go/);
  expect((await manager.get(`/services/${service.id}/settings`)).text).toContain("1 guard");
  expect((await operator.get("/platform/settings")).text).toContain("1 guard");
  await manager.post(url, { ...GUARD, action: "hold", atLeast: "10" });
  expect(await listFloodRules(world.app.db, service.id)).toMatchObject([{ action: "hold", atLeast: 10 }]);
  expect((await manager.get(`${url}?counts=prefix`)).text).toMatch(/id="atLeast"[^>]*value="10"/);
  expect((await manager.post(`${url}/removals`, { countsBy: "spend" })).status).toBe(404);
  expect((await manager.post(`${url}/removals`, { countsBy: "prefix" })).location).toBe(url);
  expect(await listFloodRules(world.app.db, service.id)).toEqual([]);
  expect((await manager.post(`${url}/lifts`, { stop: "nothing" })).status).toBe(404);
});

it.each([
  [{ countsBy: "colour" }, "Choose what it counts"],
  [{ action: "" }, "Choose what becomes of further messages"],
  [{ atLeast: "0" }, "Enter a whole number from 1 to 1000000"],
  [{ timesUsual: "" }, "Enter a whole number from 0 to 100"],
  [{ windowMinutes: "4" }, "Enter a whole number from 5 to 1440"],
  [{ prefixDigits: "7" }, "Enter a whole number from 0 to 6"],
  [{ stopsMinutes: "-1" }, "Enter a whole number from 0 to 10080"],
])("a guard with %j is shown again with what is wrong", async (change, message) => {
  const service = await world.service();
  const manager = await admin.person({ in: service, permissions: ["manage_service"] });
  const refused = await manager.post(`/services/${service.id}/settings/flood-guard`, { ...GUARD, ...change });
  expect([refused.status, refused.text.includes(message)]).toEqual([400, true]);
  expect(await listFloodRules(world.app.db, service.id)).toEqual([]);
});
