import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World, type WorldService } from "../../../../test/support/world.ts";
import { listAuditEntries } from "../../../records/audit/audit-store.ts";

let world: World;
let admin: TestAdmin;
let service: WorldService;
let manager: Person;
let url: string;
beforeAll(async () => {
  world = await createWorld();
  admin = await startAdmin(world.app);
});
afterAll(async () => {
  await admin.close();
  await world.close();
});
beforeEach(async () => {
  service = await world.service();
  manager = await admin.person({ in: service, permissions: ["manage_service", "view_activity", "send_messages"] });
  url = `/services/${service.id}/suppressions`;
});

const add = (recipient: string, reason = "by-hand") => manager.post(`${url}/new`, { recipient, reason });
const importRows = (pasted: string) => manager.post(`${url}/import`, { pasted });
const rowsIn = (text: string) =>
  [...text.matchAll(/<th scope="row"[^>]*>([^<]+)<\/th>/g)].map(([, recipient]) => recipient);

describe("the suppression list", () => {
  it("shows who was added, why, by whom, and lets them go again", async () => {
    await add("07700 900123", "asked-to-stop");
    await add("Ann@example.org");
    const { text } = await manager.get(url);
    expect(rowsIn(text)).toEqual(["Ann@example.org", "07700 900123"]);
    expect(text).toContain("Asked to stop");
    expect(text).toContain("by Amala Person");
    expect(rowsIn((await manager.get(`${url}?channel=sms`)).text)).toEqual(["07700 900123"]);
    const [, release = ""] = /action="([^"]+\/release)"/.exec(text) ?? [];
    expect((await manager.post(release, {})).location).toBe(url);
    expect(rowsIn((await manager.get(url)).text)).toEqual(["07700 900123"]);
    const entries = await listAuditEntries(world.app.db, { serviceId: service.id, limit: 9 });
    expect(entries.map(({ action }) => action)).toEqual([
      ...["suppressions.released", "suppressions.added", "suppressions.added"],
    ]);
    expect(JSON.stringify(entries)).not.toMatch(/7700900|example\.org/);
  });

  it("finds somebody by the whole number, which stands in no address", async () => {
    await add("07700 900123");
    const location = (await manager.post(url, { recipient: "+44 7700 900123" })).location ?? "";
    expect(location).toMatch(/\?search=[0-9a-f-]{36}$/);
    expect(rowsIn((await manager.get(location)).text)).toEqual(["07700 900123"]);
    const other = (await manager.post(url, { recipient: "07700 900124" })).location ?? "";
    expect((await manager.get(other)).text).toContain("This recipient is not on the list.");
    expect((await manager.post(url, { recipient: " " })).status).toBe(400);
  });

  it("refuses what is no recipient, with the form as it was", async () => {
    const { status, text } = await add("12");
    expect([status, text.includes("Not enough digits"), text.includes('value="12"')]).toEqual([400, true, true]);
  });

  it("takes a table whole, also the one that it gives away", async () => {
    await add("07700 900123", "asked-to-stop");
    const table = "Name,Phone number,Reason\nAnn,07700 900124,asked-to-stop\n\nBob,+1 202 555 0123,\n,07700 900123,\n";
    expect((await importRows(table)).location).toBe(url);
    const csv = await manager.get(`${url}.csv`);
    expect(csv.text.split("\r\n").map((line) => line.split(",").slice(0, 4).join(","))).toEqual([
      "Recipient,Channel,Reason,Source",
      "'+1 202-555-0123,sms,imported,import",
      "07700 900124,sms,asked-to-stop,import",
      "07700 900123,sms,asked-to-stop,user",
      "",
    ]);
    const file = { field: "file", name: "suppressions.csv", bytes: Buffer.from(csv.text) };
    expect((await manager.upload(`${url}/import`, file)).location).toBe(url);
    expect(rowsIn((await manager.get(url)).text)).toHaveLength(3);
  });

  it("takes nothing of a table with a wrong row, and says which", async () => {
    const { status, text } = await importRows("07700 900123\n12\n07700 900124,why not\nann@example\n");
    expect(status).toBe(400);
    expect(text).toContain("2 rows cannot be read. Nothing was imported.");
    expect(text).toContain("Row 2: Not enough digits");
    expect(text).toContain("Row 4: Not a valid email address");
    expect(rowsIn((await manager.get(url)).text)).toEqual([]);
    expect((await importRows(" ")).status).toBe(400);
    const tooMany = "07700 900123\n".repeat(1_300);
    expect((await importRows(tooMany)).text).toContain("Bring a file");
  });

  it("is told to whoever writes a message by hand, at the recipient", async () => {
    await add("07700 900123");
    const { templateId } = await world.template(service, { body: "Hello" });
    const form = { recipient: "07700 900123" };
    const { status, text } = await manager.post(`/services/${service.id}/send/${templateId}`, form);
    expect([status, text.includes("your service has suppressed this number")]).toEqual([400, true]);
  });

  it("is for reading to whoever sees messages, and its rules are set by whoever manages the service", async () => {
    await add("07700 900123");
    const reader = await admin.person({ in: service, permissions: ["view_activity"] });
    const { text } = await reader.get(url);
    expect([rowsIn(text), text.includes("/release")]).toEqual([["07700 900123"], false]);
    const rules = `/services/${service.id}/settings/suppression`;
    expect((await manager.post(rules, { afterFailures: "99" })).status).toBe(400);
    await manager.post(rules, { afterFailures: "3", objectors: "yes" });
    expect(await world.reload(service)).toMatchObject({ suppressAfterFailures: 3, suppressesObjectors: true });
    expect((await manager.get(`/services/${service.id}/settings`)).text).toContain("After 3 messages in a row");
  });
});
