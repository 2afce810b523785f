import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createPeopleWorld, HERE, type PeopleWorld } from "../../../../test/support/people.ts";
import { pngOf } from "../../../../test/support/pictures.ts";
import { createOrganisation } from "../../../flow/people/organisations.ts";
import { createService } from "../../../flow/people/services.ts";
import { newId } from "../../../platform/ids.ts";
import { listAuditEntries } from "../../../records/audit/audit-store.ts";
import { listPool } from "../../../records/brands/organisation-brand-store.ts";
import { findBrandInUse } from "../../../records/brands/service-brand-store.ts";
import { replaceDomains } from "../../../records/organisations/organisation-people-store.ts";

const LOGO = pngOf(400, 108);

let world: PeopleWorld;
let admin: TestAdmin;
let person: Person;
beforeAll(async () => {
  world = await createPeopleWorld();
  admin = await startAdmin(world.app);
  person = await admin.person({ isPlatformAdmin: true });
});
afterAll(async () => {
  await admin?.close();
  await world?.close();
});

const add = (path: string, name: string, fields: Record<string, string> = {}) =>
  person.upload(
    `${path}/new`,
    { field: "logo", name: "logo.png", bytes: LOGO },
    { name, alternativeText: "Northwold", colour: "#00573f", style: "bar", ...fields },
  );
const lastDeed = async () => (await listAuditEntries(world.app.db, { limit: 1 }))[0];
const idAt = (location: string | null) => location?.split("/").at(-1) ?? "";

describe.each(["email", "letter"] as const)("shared logos for %ss", (channel) => {
  const path = `/platform/${channel}-branding`;

  it("are added, listed, looked at and changed", async () => {
    const name = `Council ${newId()}`;
    const { location } = await add(path, name);
    expect(location).toBe(`${path}/${idAt(location)}`);
    expect(await lastDeed()).toMatchObject({ action: `shared-${channel}-brand.created`, subject: name });
    expect((await person.get(path)).text).toContain(name);
    expect((await person.get(location ?? "")).text).toContain("0 services show it");
    expect((await person.get(`${location}/logo`)).headers.get("content-type")).toBe("image/png");
    const shown = (await person.get(`${location}/preview`)).text;
    expect(shown).toContain(channel === "email" ? "border-left: 4px solid #00573f" : "Page 1 of 1");
    await person.post(location ?? "", { name: `${name} 2`, alternativeText: "Northwold Council", style: "banner" });
    expect(await lastDeed()).toMatchObject({
      action: `shared-${channel}-brand.changed`,
      before: { name, alternativeText: "Northwold" },
      after: { name: `${name} 2`, alternativeText: "Northwold Council" },
    });
    expect((await person.get(path)).text).toContain(`${name} 2`);
  });

  it.each([
    [{ name: " " }, "Enter a name"],
    [{ name: "x".repeat(101) }, "100 characters or fewer"],
    [{ alternativeText: "Our logo" }, "Leave out the word"],
  ])("are refused with %j", async (fields, words) => {
    const refused = await add(path, `Council ${newId()}`, fields);
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining(words)]);
  });

  it("have names of their own, which are free again once they are archived", async () => {
    const name = `Council ${newId()}`;
    const { location } = await add(path, name);
    expect((await add(path, name.toUpperCase())).text).toContain("Another logo has this name");
    expect((await person.post(`${location}/archive`)).location).toBe(path);
    expect(await lastDeed()).toMatchObject({ action: `shared-${channel}-brand.archived`, subject: name });
    expect((await person.get(location ?? "")).status).toBe(404);
    expect((await person.get(path)).text).not.toContain(name);
    expect((await add(path, name)).status).toBe(303);
  });
});

describe.each(["email", "letter"] as const)("an organisation's logos for %ss", (channel) => {
  const shared = `/platform/${channel}-branding`;
  let organisationId: string;
  let path: string;
  let brandId: string;
  beforeEach(async () => {
    const actor = { userId: person.userId, ip: HERE.ip };
    organisationId = await createOrganisation(world.people, actor, `Council ${newId()}`);
    path = `/orgs/${organisationId}/${channel}-branding`;
    brandId = idAt((await add(shared, `Logo ${newId()}`)).location);
  });
  const pool = () => listPool(world.app.db, { organisationId, channel });

  it("are offered, one of them to new services, and withdrawn", async () => {
    expect((await person.get(path)).text).toContain("offered no logos yet");
    expect((await person.post(path, { brandId: "" })).text).toContain("Choose a logo");
    expect((await person.post(path, { brandId })).location).toBe(path);
    await person.post(path, { brandId });
    expect(await pool()).toMatchObject([{ id: brandId, isDefault: false }]);
    await person.post(`${path}/default`, { defaultId: brandId });
    expect(await pool()).toMatchObject([{ id: brandId, isDefault: true }]);
    expect(await lastDeed()).toMatchObject({ action: `${channel}-brand.made-default`, before: { brand: null } });
    await person.post(`${path}/default`, { defaultId: "" });
    expect(await pool()).toMatchObject([{ isDefault: false }]);
    await person.post(`${path}/removals`, { brandId });
    expect(await pool()).toEqual([]);
    expect(await lastDeed()).toMatchObject({
      action: `${channel}-brand.withdrawn`,
      subject: `organisation ${organisationId}`,
    });
  });

  it("are shared ones of their channel and nothing else", async () => {
    const other = channel === "email" ? "letter" : "email";
    const ofOther = idAt((await add(`/platform/${other}-branding`, `Logo ${newId()}`)).location);
    for (const id of [ofOther, newId(), "nonsense"]) {
      expect((await person.post(path, { brandId: id })).status).toBe(400);
      expect((await person.post(`${path}/default`, { defaultId: id })).status).toBe(400);
    }
    expect(await pool()).toEqual([]);
  });

  it("are not archived while they are offered", async () => {
    await person.post(path, { brandId });
    expect((await person.get(`${shared}/${brandId}`)).text).toContain("1 organisation offers it");
    const refused = await person.post(`${shared}/${brandId}/archive`);
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("It is in use")]);
  });

  it("are what its new services begin with, and keep", async () => {
    await person.post(path, { brandId });
    await person.post(`${path}/default`, { defaultId: brandId });
    const newcomer = await admin.person();
    const domain = `${newId()}.example.org`;
    await world.app.db.transaction((tx) => replaceDomains(tx, organisationId, [domain]));
    await world.app.db.query`update users set email_address = ${`ada@${domain}`} where id = ${newcomer.userId}`;
    const actor = { userId: newcomer.userId, ip: HERE.ip };
    const serviceId = await createService(world.people, actor, `Parks ${newId()}`);
    const inUse = () => findBrandInUse(world.app.db, { serviceId, channel });
    expect((await inUse())?.id).toBe(brandId);
    await person.post(`${path}/removals`, { brandId });
    expect((await inUse())?.id).toBe(brandId);
    const refused = await person.post(`${shared}/${brandId}/archive`);
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("It is in use")]);
  });
});
