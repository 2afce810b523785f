import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Person } from "../../../../test/support/admin.ts";
import { pngOf } from "../../../../test/support/pictures.ts";
import { openSettings, type SettingsStage } from "../../../../test/support/settings-stage.ts";
import type { WorldService } from "../../../../test/support/world.ts";
import { newId } from "../../../platform/ids.ts";
import { listAuditEntries } from "../../../records/audit/audit-store.ts";
import type { BrandedChannel } from "../../../records/brands/brand.ts";
import { findBrandPicture, findOwnBrand, insertBrand } from "../../../records/brands/brand-store.ts";
import { insertIntoPool, listPool } from "../../../records/brands/organisation-brand-store.ts";
import { findBrandInUse } from "../../../records/brands/service-brand-store.ts";
import { insertOrganisation } from "../../../records/organisations/organisation-store.ts";
import { setOrganisation } from "../../../records/services/service-life-store.ts";

const LOGO = pngOf(400, 108);
const NORTHWOLD = { alternativeText: "Northwold Parks", colour: "00573F", style: "banner" };
const SQUARE = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 40"><path fill="#00573f" d="M0 0h100v40H0z"/></svg>`;

let stage: SettingsStage;
let service: WorldService;
let person: Person;
let path: string;
beforeAll(async () => {
  stage = await openSettings();
});
beforeEach(async () => {
  ({ service, person, path } = await stage.place("email-branding"));
});
afterAll(() => stage?.close());

const db = () => stage.world.app.db;
const branded = (channel: BrandedChannel = "email") => ({ serviceId: service.id, channel });
const own = (channel?: BrandedChannel) => findOwnBrand(db(), branded(channel));
const inUse = (channel?: BrandedChannel) => findBrandInUse(db(), branded(channel));
const upload = (bytes: Uint8Array, fields: Record<string, string> = NORTHWOLD) =>
  person.upload(`${path}/own`, { field: "logo", name: "logo.png", bytes }, fields);

/** Uploads a logo and takes it. */
async function showOwn(fields: Record<string, string> = NORTHWOLD): Promise<void> {
  const { location } = await upload(LOGO, fields);
  await person.post(location ?? "");
}

describe("a service's own logo for emails", () => {
  it("is kept, looked at, taken, and deleted again", async () => {
    expect((await person.post(path, { choice: "own" })).location).toBe(`${path}/own`);
    const { location } = await upload(LOGO);
    const kept = await own();
    expect(location).toBe(`${path}/choices/${kept?.id}`);
    expect(kept).toMatchObject({ width: 400, height: 108, colour: "#00573f" });
    expect((await findBrandPicture(db(), kept?.id ?? ""))?.picture).toEqual(LOGO);
    expect((await person.get(`${location}/preview`)).text).toContain('alt="Northwold Parks"');
    expect((await person.get(`${path}/preview`)).text).not.toContain("<img");
    expect((await person.post(location ?? "")).location).toBe(path);
    expect((await inUse())?.id).toBe(kept?.id);
    expect((await person.get(`/services/${service.id}/settings`)).text).toContain("Northwold Parks");
    expect((await person.get(`${path}/own`)).text).toContain('value="#00573f"');
    await person.post(`${path}/own/remove`);
    expect([await own(), await inUse()]).toEqual([undefined, undefined]);
    const log = await listAuditEntries(db(), { serviceId: service.id, limit: 3 });
    expect(log.map(({ action }) => action)).toEqual(["email-brand.removed", "email-brand.chosen", "email-brand.saved"]);
    expect(log[2]?.after).toEqual({ ...NORTHWOLD, colour: "#00573f", picture: "new" });
    expect([log[1]?.before, log[1]?.after]).toEqual([{ brand: null }, { brand: "Northwold Parks" }]);
  });

  it("is changed at once where emails show it, with its picture or without", async () => {
    await showOwn();
    const changed = await person.post(`${path}/own`, { ...NORTHWOLD, alternativeText: "Parks", style: "bar" });
    expect(changed.location).toBe(path);
    expect(await inUse()).toMatchObject({ alternativeText: "Parks", style: "bar", width: 400 });
    expect((await upload(pngOf(216, 216))).location).toBe(path);
    expect(await inUse()).toMatchObject({ width: 216, height: 216 });
  });

  it("is left for none, and is still there to be taken again", async () => {
    await showOwn();
    expect((await person.post(path, { choice: "none" })).location).toBe(`${path}/choices/none`);
    expect((await person.get(`${path}/choices/none/preview`)).text).not.toContain("<img");
    await person.post(`${path}/choices/none`);
    expect(await inUse()).toBeUndefined();
    const again = await person.post(path, { choice: (await own())?.id ?? "" });
    await person.post(again.location ?? "");
    expect(await inUse()).toMatchObject({ alternativeText: "Northwold Parks" });
  });

  it.each(["light", "dark"])("stands on its banner in the preview of every template, %s", async (as) => {
    await showOwn();
    const { templateId } = await stage.world.template(service, { channel: "email", subject: "Swings", body: "Hello" });
    for (const [page, logo] of [
      [`${path}/preview`, `${path}/choices/${(await own())?.id}/logo`],
      [`/services/${service.id}/templates/${templateId}/preview`, `/services/${service.id}/email-logo`],
    ] as const) {
      const { text, headers } = await person.get(`${page}?as=${as}`);
      expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'.*; img-src 'self'$/);
      expect(text).toContain(`<img src="${logo}" width="200" height="54" alt="Northwold Parks"`);
      expect(text).toContain('bgcolor="#00573f"');
      expect((await person.get(logo)).headers.get("content-type")).toBe("image/png");
    }
  });

  it("is drawn for pages as it stands above emails", async () => {
    await showOwn();
    const { text, headers } = await person.get(`${path}/choices/${(await own())?.id}/logo?as=banner`);
    expect(headers.get("content-type")).toBe("image/svg+xml");
    expect(headers.get("content-security-policy")).toContain("sandbox");
    expect(text).toContain('fill="#00573f"');
  });

  it("stands above the words of emails on the pages where one sends them and reads what was sent", async () => {
    const words = { channel: "email", subject: "Swings", body: "Hello" } as const;
    const { templateId } = await stage.world.template(service, words);
    const before = await stage.world.notification(service, { ...words, status: "delivered" });
    await showOwn();
    const banner = `<img class="pp-mail__banner" src="/services/${service.id}/email-logo?as=banner" height="84" alt="Northwold Parks">`;
    const permissions = ["send_messages", "view_activity"] as const;
    const sender = await stage.admin.person({ in: service, permissions });
    const send = `/services/${service.id}/send/${templateId}`;
    expect((await sender.get(send)).text).toContain(banner);
    const { location } = await sender.post(send, { recipient: sender.emailAddress });
    expect((await sender.get(location ?? "")).text).toContain(banner);
    const message = async (id: string) => (await sender.get(`/services/${service.id}/messages/${id}`)).text;
    expect(await message(before.id)).not.toContain(banner);
    const ago = async (hours: number) => {
      await db()
        .query`update service_brands set chosen_at = now() - ${hours} * interval '1 hour' where service_id = ${service.id}`;
      await db()
        .query`update brands set changed_at = now() - ${hours} * interval '1 hour' where service_id = ${service.id}`;
    };
    await ago(1);
    expect(await message(before.id)).toContain(banner);
  });

  it("is seen by the service's own people alone", async () => {
    await showOwn();
    const logo = `/services/${service.id}/email-logo`;
    expect((await person.get(logo)).status).toBe(200);
    const stranger = await stage.admin.person();
    expect([403, 404]).toContain((await stranger.get(logo)).status);
    const there = await stage.place("email-branding");
    expect((await there.person.get(`/services/${there.service.id}/email-logo`)).status).toBe(404);
    const choice = `${there.path}/choices/${(await own())?.id}`;
    expect((await there.person.get(choice)).status).toBe(404);
    expect((await there.person.get(`${choice}/logo`)).status).toBe(404);
    expect((await there.person.post(choice)).status).toBe(404);
  });

  it.each([
    ["no picture", Buffer.from("hello"), NORTHWOLD, "Choose a PNG file"],
    ["a low picture", pngOf(400, 107), NORTHWOLD, "at least 108 pixels high"],
    ["cut off", LOGO.subarray(0, LOGO.length - 20), NORTHWOLD, "Choose a PNG file"],
    ["larger than 2 MB", Buffer.concat([LOGO, Buffer.alloc(2 * 1024 * 1024)]), NORTHWOLD, "2 MB or smaller"],
    ["beyond what forms carry", Buffer.alloc(6 * 1024 * 1024), NORTHWOLD, "2 MB or smaller"],
    ["not described", LOGO, { ...NORTHWOLD, alternativeText: " " }, "Enter what the logo shows"],
    ["called a logo", LOGO, { ...NORTHWOLD, alternativeText: "Our logo" }, "Leave out the word"],
    ["described at length", LOGO, { ...NORTHWOLD, alternativeText: "x".repeat(256) }, "255 characters or fewer"],
    ["on no colour", LOGO, { ...NORTHWOLD, colour: "green" }, "Enter a colour in six digits"],
  ])("is refused when it is %s, and the one before stays", async (_, bytes, fields, words) => {
    await upload(LOGO, { ...NORTHWOLD, alternativeText: "The one before", colour: "" });
    const refused = await upload(bytes, fields);
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining(words)]);
    const before = await own();
    expect(before).toMatchObject({ alternativeText: "The one before" });
    expect((await findBrandPicture(db(), before?.id ?? ""))?.picture).toEqual(LOGO);
  });

  it("needs a file, and a choice", async () => {
    expect((await person.post(`${path}/own`, NORTHWOLD)).text).toContain("Choose a file");
    for (const choice of ["", "something else"])
      expect((await person.post(path, { choice })).text).toContain("Choose a logo");
    expect((await person.post(path, { choice: "other" })).text).toContain("Choose a logo");
  });
});

describe("a service's own logo for letters", () => {
  beforeEach(() => {
    path = `/services/${service.id}/settings/letter-branding`;
  });
  const uploadDrawing = (file: string | Uint8Array, alternativeText = "Northwold Parks") =>
    upload(typeof file === "string" ? new TextEncoder().encode(file) : file, { alternativeText });

  it("is kept, looked at, printed on letters, and deleted again", async () => {
    const without = (await person.get(`${path}/preview`)).text;
    const { location } = await uploadDrawing(SQUARE);
    expect(await own("letter")).toMatchObject({ format: "svg", alternativeText: "Northwold Parks" });
    const looked = (await person.get(`${location}/preview`)).text;
    expect(looked).toContain("Page 1 of 1");
    expect(looked).not.toBe(without);
    await person.post(location ?? "");
    expect((await person.get(`/services/${service.id}/settings`)).text).toContain("Northwold Parks");
    expect((await inUse("letter"))?.id).toBe((await own("letter"))?.id);
    await person.post(`${path}/own/remove`);
    expect(await inUse("letter")).toBeUndefined();
    const log = await listAuditEntries(db(), { serviceId: service.id, limit: 3 });
    expect(log.map(({ action }) => action)).toEqual([
      ...["letter-brand.removed", "letter-brand.chosen", "letter-brand.saved"],
    ]);
  });

  it("is a picture and nothing else where it is looked at by itself", async () => {
    const { location } = await uploadDrawing(SQUARE);
    const { headers, text } = await person.get(`${location}/logo`);
    expect([headers.get("content-type"), text]).toEqual(["image/svg+xml", SQUARE]);
    expect(headers.get("content-security-policy")).toMatch(/default-src 'none'.*sandbox/);
  });

  it.each([
    ["no picture", "hello", "Choose an SVG or PNG file"],
    ["a drawing that runs", SQUARE.replace("<path", "<script/><path"), "scripts, or refers to something outside"],
    ["a drawing that no engine reads", `<svg viewBox="0 0 1 1"><path d="`, "cannot be printed"],
    ["one that is too large", `${SQUARE}<!--${"x".repeat(1024 * 1024)}-->`, "1 MB or smaller"],
    ["one beyond what forms carry", new Uint8Array(6 * 1024 * 1024), "1 MB or smaller"],
  ])("is refused when it is %s, and the one before stays", async (_, file, words) => {
    await uploadDrawing(SQUARE);
    const refused = await uploadDrawing(file, "Another");
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining(words)]);
    expect(await own("letter")).toMatchObject({ alternativeText: "Northwold Parks" });
  });

  it("needs words for those who do not see it, and a file", async () => {
    expect((await uploadDrawing(SQUARE, " ")).text).toContain("Enter what the logo shows");
    expect((await person.post(`${path}/own`, { alternativeText: "Parks" })).text).toContain("Choose a file");
    expect(await own("letter")).toBeUndefined();
  });
});

describe("logos that a service may choose from", () => {
  let organisationId: string;
  let pooled: string;
  let elsewhere: string;
  beforeEach(async () => {
    organisationId = newId();
    [pooled, elsewhere] = [newId(), newId()];
    await db().transaction(async (tx) => {
      await insertOrganisation(tx, { id: organisationId, name: `Council ${organisationId}` });
      await setOrganisation(tx, service.id, organisationId);
      for (const [id, name] of [
        [pooled, "Council"],
        [elsewhere, "Clinic"],
      ] as const) {
        const picture = { format: "png", width: 400, height: 108, picture: LOGO } as const;
        const words = { alternativeText: name, colour: undefined, style: "banner" } as const;
        await insertBrand(tx, {
          id,
          channel: "email",
          serviceId: undefined,
          name: `${name} ${id}`,
          ...picture,
          ...words,
        });
      }
      await insertIntoPool(tx, { organisationId, channel: "email", brandId: pooled });
    });
    stage.world.app.services.forget(service.id);
  });

  it("are those of its organisation, with the one it has even where that is offered no more", async () => {
    const { text } = await person.get(path);
    expect(text).toContain(`Council ${pooled}`);
    expect(text).not.toContain(`Clinic ${elsewhere}`);
    await person.post(`${path}/choices/${pooled}`);
    expect((await inUse())?.id).toBe(pooled);
    await db().query`delete from organisation_brands where brand_id = ${pooled}`;
    expect((await person.get(path)).text).toContain(`Council ${pooled}`);
    expect((await person.get(`${path}/choices/${pooled}/logo`)).status).toBe(200);
    await person.post(`${path}/choices/none`);
    expect((await person.get(`${path}/choices/${pooled}`)).status).toBe(404);
  });

  it("are no others, whoever asks for them", async () => {
    for (const page of ["", "/preview", "/logo"])
      expect((await person.get(`${path}/choices/${elsewhere}${page}`)).status).toBe(404);
    expect((await person.post(`${path}/choices/${elsewhere}`)).status).toBe(404);
    const letters = `/services/${service.id}/settings/letter-branding`;
    expect((await person.post(`${letters}/choices/${pooled}`)).status).toBe(404);
    expect(await inUse()).toBeUndefined();
  });

  it("are offered to other services by platform administrators alone", async () => {
    const platform = await stage.admin.person({ isPlatformAdmin: true });
    expect((await platform.get(path)).text).toContain(`Clinic ${elsewhere}`);
    const choice = `${path}/choices/${elsewhere}`;
    expect((await platform.post(path, { choice: "other", other: elsewhere })).location).toBe(choice);
    expect((await platform.get(choice)).text).toContain("Offer it to all services of Council");
    await platform.post(choice, { pools: "yes" });
    const pool = () => listPool(db(), { organisationId, channel: "email" });
    expect((await pool()).map(({ id }) => id).toSorted()).toEqual([pooled, elsewhere].toSorted());
    const [chosen, offered] = await listAuditEntries(db(), { limit: 2 });
    expect([chosen?.action, offered?.action]).toEqual(["email-brand.chosen", "email-brand.offered"]);
    expect((await platform.get(choice)).text).not.toContain("Offer it to all services");

    const { location } = await upload(LOGO);
    expect((await person.get(location ?? "")).text).not.toContain("Offer it to all services");
    await person.post(location ?? "", { pools: "yes", name: "Parks" });
    expect(await pool()).toHaveLength(2);
    const taken = await platform.post(location ?? "", { pools: "yes", name: `clinic ${elsewhere}` });
    expect([taken.status, taken.text]).toEqual([400, expect.stringContaining("Another logo has this name")]);
    await platform.post(location ?? "", { pools: "yes", name: `Parks ${service.id}` });
    expect((await pool()).map(({ name }) => name)).toContain(`Parks ${service.id}`);
    expect(await own()).toBeUndefined();
    expect(await inUse()).toMatchObject({ name: `Parks ${service.id}`, serviceId: undefined });
  });
});

describe("files", () => {
  it("are not read from forms of pages that take none", async () => {
    const file = { field: "name", name: "a.txt", bytes: new TextEncoder().encode("Parks") };
    const answer = await person.upload(`/services/${service.id}/settings/name`, file);
    expect(answer.status).toBe(400);
    expect((await stage.world.reload(service)).name).toBe(service.name);
  });
});
