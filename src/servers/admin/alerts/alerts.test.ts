import { afterAll, beforeAll, expect, it } from "vitest";
import { startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World } from "../../../../test/support/world.ts";
import { firstAlertSecret } from "../../../flow/alerts/alert-secrets.ts";
import { newId } from "../../../platform/ids.ts";
import { insertAlert, listRules } from "../../../records/alerts/alert-store.ts";

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

const RULE = {
  ...{ name: "Too slow", kind: "slowness", threshold: "60", windowMinutes: "15", leastCount: "20" },
  ...{ emails: "ada@example.org\r\nbo@example.org", numbers: "", urls: "" },
};

it("rules are made, changed and removed by who manages the service; who watches it sees what they have told", async () => {
  const service = await world.service();
  const url = `/services/${service.id}/alerts`;
  const manager = await admin.person({ in: service, permissions: ["manage_service"] });
  const viewer = await admin.person({ in: service, permissions: ["view_activity"] });
  expect((await viewer.get(url)).text).toContain("There are no rules yet");
  expect((await viewer.post(url, RULE)).status).toBe(403);
  const refused = await manager.post(url, { ...RULE, windowMinutes: "1" });
  expect([refused.status, refused.text.includes("whole number from 5 to 1440")]).toEqual([400, true]);
  expect((await manager.post(url, RULE)).location).toBe(url);
  await manager.post(url, { ...RULE, threshold: "90" });
  const [rule] = await listRules(world.app.db, world.app.keys.master, service.id);
  expect(rule).toMatchObject({ threshold: 90, destinations: { emails: ["ada@example.org", "bo@example.org"] } });
  const { templateId } = await world.template(service, { name: "Reminder" });
  const alert = { id: newId(), ruleId: rule?.id ?? "", subject: templateId, value: 240, openedAt: new Date() };
  await world.app.db.transaction((tx) => insertAlert(tx, alert));
  const page = (await viewer.get(url)).text;
  expect(page).toMatch(/Too slow[\s\S]*Reminder[\s\S]*95 percent took up to 240 seconds[\s\S]*Still so/);
  expect(page).toContain("tells 2 places");
  expect(page).not.toContain("ada@example.org");
  expect((await manager.get(`${url}?rule=${rule?.id}`)).text).toContain("ada@example.org");
  expect((await viewer.get(`${url}?rule=${rule?.id}`)).text).not.toContain("ada@example.org");
  expect((await manager.get(url)).text).not.toContain("whsec_");
  await manager.post(url, { ...RULE, urls: "https://example.org/alerts" });
  expect((await manager.get(url)).text).toContain(firstAlertSecret(world.app, rule?.id ?? ""));
  expect((await viewer.get(url)).text).not.toContain("whsec_");
  const renewed = await manager.post(`${url}/secrets`, { name: "Too slow" });
  expect(renewed.text).toMatch(/shown this once[\s\S]*whsec_[\s\S]*For 24 hours/);
  const after = (await manager.get(url)).text;
  expect([after.includes("whsec_"), after.includes("signs as well until")]).toEqual([false, true]);
  expect((await manager.post(`${url}/secrets/endings`, { name: "Too slow" })).location).toBe(url);
  expect((await manager.get(url)).text).not.toContain("signs as well until");
  expect((await manager.post(`${url}/secrets/endings`, { name: "Too slow" })).status).toBe(400);
  expect((await viewer.post(`${url}/secrets`, { name: "Too slow" })).status).toBe(403);
  expect((await manager.post(`${url}/removals`, { name: "Too slow" })).location).toBe(url);
  expect((await manager.post(`${url}/removals`, { name: "Too slow" })).status).toBe(404);
});

it("the installation has rules of its own", async () => {
  const operator = await admin.person({ isPlatformAdmin: true });
  expect((await operator.post("/platform/alerts", { ...RULE, kind: "receipt-silence", threshold: "" })).location).toBe(
    "/platform/alerts",
  );
  expect((await operator.get("/platform/alerts")).text).toMatch(/Too slow<\/strong>: Silence, in 15 minutes/);
});
