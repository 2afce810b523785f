import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World, type WorldService } from "../../../../test/support/world.ts";
import { AREAS_MAX } from "../../../flow/contacts/areas.ts";
import { addGroup, addMembers } from "../../../flow/contacts/contact-groups.ts";
import { openGroupMessage } from "../../../flow/contacts/group-send.ts";
import { countInArea } from "../../../flow/contacts/members-in-area.ts";
import { writeContact } from "../../../flow/contacts/phonebook.ts";
import { listAuditEntries } from "../../../records/audit/audit-store.ts";
import { listAreas } from "../../../records/contacts/area-store.ts";
import { findGroupSend } from "../../../records/contacts/group-send-store.ts";

const ACTOR = { userId: "somebody", ip: undefined };
const OXFORD = { latitude: "51.752", longitude: "-1.2577" };
const CENTRE = { latitude: 51.752, longitude: -1.2577 };
const CIRCLE = { kind: "circle", centre: CENTRE, radiusKm: 5 } as const;

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
  manager = await admin.person({ in: service, permissions: ["manage_service"] });
  sender = await admin.person({ in: service, permissions: ["send_messages"] });
  url = `/services/${service.id}/contacts`;
});

const RIVERSIDE = { name: "Riverside", kind: "circle", ...OXFORD, radius_km: "5", corners: "" };
const add = (more: Record<string, string> = {}) => manager.post(`${url}/areas/new`, { ...RIVERSIDE, ...more });
const saved = () => listAreas(world.app.db, service.id);
const problemIn = (text: string) =>
  /<ul class="govuk-list govuk-error-summary__list">\s*<li>\s*<a[^>]*>([^<]+)</.exec(text)?.[1];

describe("areas", () => {
  it("are added, changed and deleted by whoever manages the service, seen by whoever sends, and the audit log knows", async () => {
    expect((await sender.get(`${url}/areas`)).text).toContain("There are no areas yet.");
    expect((await manager.get(url)).text).toContain(`${url}/areas`);
    expect((await add()).location).toBe(`${url}/areas`);
    const seen = (await sender.get(`${url}/areas`)).text;
    expect(seen).toMatch(/Riverside\s*, a circle of 5 km/);
    expect(seen).not.toContain("Add an area");
    const [{ id = "" } = {}] = await saved();
    const one = `${url}/areas/${id}`;
    expect((await manager.get(one)).text).toContain('value="-1.2577"');
    const corners = "51.7,-1.3\n51.8,-1.3\n51.8,-1.2\n\n51,0\n52,0\n52,1";
    await manager.post(one, { ...RIVERSIDE, name: "By the river", kind: "corners", corners });
    expect((await manager.get(one)).text).toContain(corners);
    expect((await manager.get(`${one}/delete`)).text).toContain("Delete the area “By the river”?");
    expect((await manager.post(`${one}/delete`)).location).toBe(`${url}/areas`);
    expect((await manager.get(one)).status).toBe(404);
    const entries = await listAuditEntries(world.app.db, { serviceId: service.id, limit: 3 });
    expect(entries.map(({ action, actor, before, after }) => ({ action, actor, before, after }))).toMatchObject([
      { action: "area.deleted", actor: manager.userId, before: { name: "By the river" } },
      { action: "area.changed", before: { name: "Riverside", area: "51.752,-1.2577 5" }, after: { area: corners } },
      { action: "area.added", after: { name: "Riverside", area: "51.752,-1.2577 5" } },
    ]);
  });

  it("come from GeoJSON that is pasted", async () => {
    const ring = [
      [-1.3, 51.7],
      [-1.2, 51.7],
      [-1.2, 51.8],
      [-1.3, 51.7],
    ];
    await add({ kind: "corners", corners: JSON.stringify({ type: "Polygon", coordinates: [ring] }) });
    expect((await saved()).map(({ area }) => area)).toEqual([
      { kind: "polygon", rings: [ring.slice(0, -1).map(([longitude, latitude]) => ({ latitude, longitude }))] },
    ]);
  });

  it.each([
    [{ name: " " }, "Enter a name"],
    [{ name: "a".repeat(101) }, "Enter a name of 100 characters or fewer"],
    [{ name: "OLD TOWN" }, "Another area has this name"],
    [{ kind: "" }, "Choose a circle or corners"],
    [{ latitude: "95" }, "Enter the centre as degrees of latitude and longitude, such as 51.752 and -1.2577"],
    [{ radius_km: "far" }, "Enter kilometres as a number, such as 5 or 0.5"],
    [{ radius_km: "6000" }, "Must have a radius of 0.01 to 5000 km"],
    [{ kind: "corners" }, "Enter corners, or paste GeoJSON"],
    [{ kind: "corners", corners: "51,0\n52,0" }, "Must have at least 3 corners that are not on one line"],
    [{ kind: "corners", corners: "{" }, "Begins like GeoJSON and is not JSON"],
  ])("that are filled in as %j are refused, and nothing is kept", async (more, problem) => {
    await add({ name: "Old town" });
    const { status, text } = await add(more);
    expect([status, problemIn(text)?.replaceAll("&#39;", "'")]).toEqual([400, problem]);
    expect(await saved()).toHaveLength(1);
  });

  it(`are ${AREAS_MAX} at most`, async () => {
    await world.app.db.query`
      insert into areas (id, service_id, name, area, created_at, updated_at)
      select gen_random_uuid(), ${service.id}, 'Area ' || n, ${JSON.stringify(CIRCLE)}::jsonb, now(), now()
      from generate_series(1, ${AREAS_MAX}::integer) n`;
    expect(problemIn((await add()).text)).toBe(`A service can have ${AREAS_MAX} areas at most`);
    expect((await manager.get(`${url}/areas`)).text).not.toContain("Add an area");
  });
});

describe("a message to a group in an area", () => {
  async function groupOf(positions: readonly (typeof CENTRE | undefined)[]): Promise<string> {
    const { id } = await addGroup(world.app, ACTOR, { service, name: "Volunteers" });
    const contactIds: string[] = [];
    for (const [n, position] of positions.entries()) {
      const change = { number: `44770090000${n}`, ...(position && { position }) };
      contactIds.push((await writeContact(world.app, ACTOR, { service, wish: { change } })).id);
    }
    await addMembers(world.app, ACTOR, { service, id, contactIds });
    return id;
  }
  const fieldsIn = (text: string) =>
    Object.fromEntries(
      [...text.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    );
  const countsIn = (text: string) =>
    Object.fromEntries(
      [...text.matchAll(/__key">([^<]+)<\/dt><dd class="govuk-summary-list__value">([^<]+)</g)].map(
        ([, key, value]) => [key, value],
      ),
    );

  it("is counted before it is sent, counted again when the area has changed, and keeps the area", async () => {
    await add();
    const [area] = await saved();
    const group = await groupOf([
      CENTRE,
      { latitude: 51.76, longitude: -1.26 },
      { latitude: 50, longitude: 1 },
      undefined,
    ]);
    const { templateId } = await world.template(service, { body: "Water" });
    const form = `${url}/groups/${group}/messages/new`;
    const page = (await sender.get(form)).text;
    expect(page).toContain("Everybody, wherever they live");
    const chosen = { ...fieldsIn(page), template: templateId, consent: "", area: area?.id ?? "" };
    const counted = await sender.post(form, chosen);
    expect([counted.status, countsIn(counted.text)]).toEqual([
      200,
      {
        "In the area, who are sent to": "2",
        "Outside the area": "1",
        "Of whom no position is known": "1",
        "Without a number or an address": "0",
      },
    ]);
    const wish = fieldsIn(counted.text);
    expect(wish).toMatchObject({ template: templateId, area: area?.id });
    const again = (await sender.post(form, { ...wish, change: "yes" })).text;
    expect(again).toMatch(new RegExp(`<option value="${area?.id}" selected`));

    await manager.post(`${url}/areas/${area?.id}`, { ...RIVERSIDE, radius_km: "0.1" });
    const recounted = (await sender.post(form, wish)).text;
    expect(countsIn(recounted)).toMatchObject({ "In the area, who are sent to": "1", "Outside the area": "2" });
    const send = () => sender.post(form, fieldsIn(recounted));
    const [sent, twice] = [(await send()).location, (await send()).location];
    expect([sent, twice]).toEqual([expect.stringMatching(/\/messages\/[\w-]{36}$/), sent]);
    const message = await findGroupSend(world.app.db, { serviceId: service.id, id: sent?.split("/").at(-1) ?? "" });
    expect(message && openGroupMessage(service, message).area).toEqual({ ...CIRCLE, radiusKm: 0.1 });

    await manager.post(`${url}/areas/${area?.id}/delete`);
    const gone = await sender.post(form, { ...wish, once: "another" });
    expect([gone.status, problemIn(gone.text)]).toEqual([400, "This area is not there any more: choose again"]);
  });

  it("is not sent where nobody would get it, and says to how many that is for want of a consent", async () => {
    await add();
    const [area] = await saved();
    const group = await groupOf([CENTRE, undefined]);
    const { templateId } = await world.template(service, { body: "Water" });
    const form = `${url}/groups/${group}/messages/new`;
    const { text } = await sender.post(form, {
      template: templateId,
      consent: "marketing",
      area: area?.id ?? "",
      once: "a",
    });
    expect(countsIn(text)).toMatchObject({ "In the area, who are sent to": "0", "Have not said yes": "1" });
    expect([text.includes("Nobody in the group would get it."), text.includes("Send to those in the area")]).toEqual([
      true,
      false,
    ]);
  });

  it("is counted up to a limit, which is said", async () => {
    const groupId = await groupOf([CENTRE, undefined, CENTRE]);
    const question = { groupId, channel: "sms", area: CIRCLE, consent: undefined } as const;
    const count = (countedMax: number) => countInArea(world.app, service, { ...question, countedMax });
    expect(await count(2)).toMatchObject({ counted: 2, inside: 1, withoutPosition: 1, isWhole: false });
    expect(await count(3)).toMatchObject({ counted: 3, inside: 2, withoutPosition: 1, isWhole: true });
    expect(await countInArea(world.app, service, { ...question, channel: "email" })).toMatchObject({
      inside: 0,
      unreachable: 3,
    });
  });
});
