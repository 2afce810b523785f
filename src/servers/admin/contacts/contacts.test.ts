import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World, type WorldService } from "../../../../test/support/world.ts";
import { listAuditEntries } from "../../../records/audit/audit-store.ts";

let world: World;
let admin: TestAdmin;
let service: WorldService;
let manager: Person;
let sender: Person;
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
  manager = await admin.person({ in: service, permissions: ["manage_service", "send_messages"] });
  sender = await admin.person({ in: service, permissions: ["send_messages"] });
  url = `/services/${service.id}/contacts`;
});

const ANN = {
  first_name: "Ann",
  last_name: "Ash",
  phone_number: "07700 900123",
  fields: "Card number: 12\nNote: a: b",
};
const add = async (more: Record<string, string> = {}) =>
  (await manager.post(`${url}/new`, { ...ANN, ...more })).location ?? "";
const namesIn = (text: string) => [...text.matchAll(/\/contacts\/[\w-]{36}">([^<]+)<\/a>/g)].map(([, name]) => name);

describe("contacts", () => {
  it("are added, shown, changed and deleted by whoever manages the service, and seen by whoever sends", async () => {
    expect((await manager.get(url)).text).toContain("There are no contacts yet");
    const one = await add();
    const { text } = await sender.get(one);
    for (const shown of ["Ann Ash", "07700 900123", "Card number", "a: b", "Messages can be sent."])
      expect(text).toContain(shown);
    expect(text).not.toContain(`${one}/edit`);
    expect((await manager.get(`${one}/edit`)).text).toContain("Card number: 12");
    const changed = { ...ANN, last_name: "", fields: "card number: 13" };
    expect((await manager.post(`${one}/edit`, changed)).location).toBe(one);
    const after = (await sender.get(one)).text;
    expect([after.includes("Ash"), after.includes("a: b"), after.includes("13")]).toEqual([false, false, true]);
    expect(namesIn((await sender.get(url)).text)).toEqual(["Ann"]);
    expect((await manager.get(`${one}/delete`)).text).toContain("Delete for good");
    expect((await manager.post(`${one}/delete`)).location).toBe(url);
    expect((await manager.get(one)).status).toBe(404);
  });

  it("say in the form what is wrong with it", async () => {
    await add();
    const wrong = async (more: Record<string, string>) => {
      const { status, text } = await manager.post(`${url}/new`, { ...ANN, ...more });
      return [status, /<ul class="govuk-list govuk-error-summary__list">\s*<li>\s*<a[^>]*>([^<]+)</.exec(text)?.[1]];
    };
    expect(await wrong({})).toEqual([400, "Another contact has this already"]);
    expect(await wrong({ phone_number: "" })).toEqual([400, "Enter a phone number or an email address"]);
    expect(await wrong({ phone_number: "12" })).toEqual([400, "Not enough digits"]);
    expect(await wrong({ phone_number: "07700 900124", fields: "no colon" })).toEqual([
      400,
      "Write each line as a name, a colon and a value",
    ]);
    expect(await wrong({ phone_number: "07700 900124", fields: "Title: Dr" })).toEqual([
      400,
      "Title is a name of ours: take another",
    ]);
  });

  it("have a position, whole or none", async () => {
    const one = await add({ latitude: "51.752", longitude: "-1.2577" });
    expect((await sender.get(one)).text).toContain("51.752, -1.2577");
    expect((await manager.get(`${one}/edit`)).text).toContain('value="-1.2577"');
    const half = await manager.post(`${one}/edit`, { ...ANN, latitude: "51.752", longitude: "" });
    expect([half.status, half.text.includes("Is missing: latitude and longitude go together")]).toEqual([400, true]);
    await manager.post(`${one}/edit`, { ...ANN, latitude: "", longitude: "" });
    expect((await sender.get(one)).text).not.toContain("51.752");
  });

  it("are found by the whole number, which stands in no address", async () => {
    await add();
    const location = (await sender.post(url, { recipient: "+44 7700 900123" })).location ?? "";
    expect(location).toMatch(/\?search=[0-9a-f-]{36}$/);
    expect(namesIn((await sender.get(location)).text)).toEqual(["Ann Ash"]);
    const other = (await sender.post(url, { recipient: "07700 900124" })).location ?? "";
    expect((await sender.get(other)).text).toContain("None of the contacts has this number or address.");
  });

  it("have said yes to something, or took it back, and may be sent nothing", async () => {
    const one = await add();
    await manager.post(`${one}/consents`, { purpose: "marketing", how: "at the till" });
    expect((await sender.get(one)).text).toContain("at the till");
    expect((await manager.post(`${one}/consents`, { purpose: "Not this", how: "" })).status).toBe(400);
    await manager.post(`${one}/withdrawal`, { purpose: "marketing" });
    expect((await sender.get(one)).text).toContain("recorded by Amala Person");
    await manager.post(`${one}/suppression`);
    expect((await sender.get(one)).text).toContain("No texts: Added by the service");
    await manager.post(`${one}/release`);
    expect((await sender.get(one)).text).toContain("Messages can be sent.");
  });

  it("are taken away as a table, and the audit log knows", async () => {
    await add();
    const { headers, text } = await manager.get(`${url}.csv`);
    expect(headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(text).toMatch(/\r\n'\+447700900123,,Ann,Ash,.*,12,a: b\r\n$/);
    const [entry] = await listAuditEntries(world.app.db, { serviceId: service.id, limit: 1 });
    expect([entry?.action, entry?.actor]).toEqual(["contacts.exported", manager.userId]);
  });
});

describe("a table", () => {
  const bring = (table: string, fields: Record<string, string> = {}) =>
    manager.upload(`${url}/import`, { field: "file", name: "people.csv", bytes: Buffer.from(table) }, fields);

  it("is looked at before it goes in, and what is wrong stays out", async () => {
    const group = (await manager.post(`${url}/groups`, { name: "Members" })).location?.split("/").at(-1) ?? "";
    const { location } = await bring("Mobile;Name\n07700 900123;Ann\n12;Bob\n", { group });
    const check = (await manager.get(location ?? "")).text;
    for (const said of ["1 row can be imported.", "“Members”", "Row 3, Mobile: Not enough digits"])
      expect(check).toContain(said);
    expect(namesIn((await manager.get(url)).text)).toEqual([]);
    expect(
      (await admin.person({ in: service, permissions: ["manage_service"] }).then((other) => other.get(location ?? "")))
        .status,
    ).toBe(404);
    expect((await manager.post(location ?? "")).location).toBe(url);
    const { text } = await manager.get(url);
    expect(text).toContain("1 added, 0 changed, 0 as they were, 1 left out.");
    expect(text).toContain("Members");
    expect((await manager.get(location ?? "")).status).toBe(404);
  });

  it.each([
    ["Name\nAnn\n", "The first row must name the columns"],
    ["Mobile\n", "There is no row with a contact"],
  ])("that is none is refused: %j", async (table, problem) => {
    const { status, text } = await bring(table);
    expect([status, text.includes(problem)]).toEqual([400, true]);
  });
});

describe("a group", () => {
  it("is made, filled, sent to, renamed and deleted", async () => {
    await add();
    const group = (await manager.post(`${url}/groups`, { name: "Volunteers" })).location ?? "";
    expect((await manager.post(`${url}/groups`, { name: "volunteers" })).text).toContain("Another group has this name");
    expect((await manager.post(`${group}/members`, { recipient: "07700 900124" })).status).toBe(400);
    await manager.post(`${group}/members`, { recipient: "07700 900123" });
    expect(namesIn((await sender.get(group)).text)).toEqual(["Ann Ash"]);
    expect((await sender.get(`${url}/groups`)).text).toContain("1 member");

    const { templateId } = await world.template(service, { body: "Hello ((first name))" });
    const form = (await sender.get(`${group}/messages/new`)).text;
    const once = /name="once" value="([^"]+)"/.exec(form)?.[1] ?? "";
    expect((await sender.post(`${group}/messages/new`, { once, template: "" })).status).toBe(400);
    const send = () => sender.post(`${group}/messages/new`, { once, template: templateId, consent: "" });
    const [sent, again] = [(await send()).location ?? "", (await send()).location];
    expect(again).toBe(sent);
    expect((await sender.get(sent)).text).toContain("Being sent");
    await sender.post(`${sent}/cancellation`);
    expect((await sender.get(sent)).text).toContain("Cancelled");
    expect((await sender.post(`${sent}/resumption`)).status).toBe(400);
    await world.app.db
      .query`update group_sends set status = 'stopped', stopped_because = 'Exceeded send limits (sms: 50) for today'
        where id = ${sent.split("/").at(-1)}`;
    expect((await sender.get(sent)).text).toContain("Go on sending");
    await sender.post(`${sent}/resumption`);
    expect((await sender.get(sent)).text).toContain("Being sent");
    await sender.post(`${sent}/cancellation`);
    expect((await manager.get(group)).text).toContain("Messages to the group");

    await manager.post(`${group}/name`, { name: "Helpers" });
    const member = /action="([^"]+\/members\/[^"]+\/delete)"/.exec((await manager.get(group)).text)?.[1] ?? "";
    await manager.post(member);
    expect((await manager.get(group)).text).toContain("Nobody is in this group yet.");
    expect((await manager.get(`${group}/delete`)).text).toContain("Delete the group “Helpers”?");
    expect((await manager.post(`${group}/delete`)).location).toBe(`${url}/groups`);
    expect((await manager.get(`${url}/groups`)).text).toContain("There are no groups yet.");
  });
});
