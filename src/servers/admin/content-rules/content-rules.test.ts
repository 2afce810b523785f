import { afterAll, beforeAll, expect, it } from "vitest";
import { startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World } from "../../../../test/support/world.ts";
import { listContentRules } from "../../../records/content-rules/content-rule-store.ts";

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
  name: "Prizes",
  looksFor: "words",
  action: "refuse",
  entries: "free prize\r\ncasino\r\n",
  channels: "sms",
  countries: "",
};

it("rules are made, changed and removed by who manages the service, who sees those of the installation, too", async () => {
  const service = await world.service();
  const url = `/services/${service.id}/settings/content-rules`;
  const manager = await admin.person({ in: service, permissions: ["manage_service"] });
  const operator = await admin.person({ isPlatformAdmin: true });
  expect((await manager.get(url)).text).toContain("There are no rules.");
  expect((await manager.post(url, RULE)).location).toBe(url);
  const platformUrl = "/platform/settings/content-rules";
  await operator.post(platformUrl, { ...RULE, name: "No links", looksFor: "links", countries: "33, 372" });
  const page = (await manager.get(url)).text;
  expect(page).toMatch(/Prizes<\/h3>[\s\S]*Words and phrases \(2 listed\)[\s\S]*In text messages<[\s\S]*is refused/);
  expect(page).toMatch(/Rules of this installation[\s\S]*No links<\/h3>[\s\S]*All links[\s\S]*those to France/);
  expect((await manager.get(`/services/${service.id}/settings`)).text).toContain("1 rule");
  const [rule] = await listContentRules(world.app.db, service.id);
  expect((await manager.get(`${url}?rule=${rule?.id}`)).text).toContain("free prize\ncasino");
  await manager.post(url, { ...RULE, looksFor: "short-links", entries: "", channels: "email" });
  expect(await listContentRules(world.app.db, service.id)).toMatchObject([
    { name: "Prizes", looksFor: "short-links", entries: [], channels: ["email"] },
  ]);
  expect((await manager.post(`${url}/removals`, { name: "No links" })).status).toBe(404);
  expect((await manager.post(`${url}/removals`, { name: "Prizes" })).location).toBe(url);
  expect((await operator.get(platformUrl)).text).toContain("No links");
  expect((await operator.get("/platform/settings")).text).toContain("1 rule");
});

it.each([
  [{ name: " " }, "Enter a name of up to 60 characters"],
  [{ looksFor: "pictures" }, "Choose what it looks for"],
  [{ entries: "..." }, "Enter words with letters or numbers"],
  [{ entries: "" }, "Enter a word or a phrase"],
  [{ looksFor: "unlisted-links", entries: "example" }, "Enter a domain, such as example.org"],
  [{ channels: "fax" }, "Choose where it holds"],
  [{ countries: "999" }, "Enter calling codes of countries"],
])("a rule with %j is shown again with what is wrong", async (change, message) => {
  const service = await world.service();
  const manager = await admin.person({ in: service, permissions: ["manage_service"] });
  const refused = await manager.post(`/services/${service.id}/settings/content-rules`, { ...RULE, ...change });
  expect([refused.status, refused.text.includes(message)]).toEqual([400, true]);
  expect(await listContentRules(world.app.db, service.id)).toEqual([]);
});
