import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Person } from "../../../../test/support/admin.ts";
import { pngOf } from "../../../../test/support/pictures.ts";
import { openSettings, type SettingsStage } from "../../../../test/support/settings-stage.ts";
import type { WorldService } from "../../../../test/support/world.ts";
import { newRandomId } from "../../../platform/ids.ts";
import { listAuditEntries } from "../../../records/audit/audit-store.ts";
import { findEmailBrand } from "../../../records/email-brands/email-brand-store.ts";

const PATIENCE_MS = 30_000;
const LOGO = pngOf(400, 108);
const NORTHWOLD = { alternativeText: "Northwold Parks", bannerColour: "00573F" };

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

const brand = () => findEmailBrand(stage.world.app.db, service.id);
const upload = (bytes: Uint8Array, fields: Record<string, string> = NORTHWOLD) =>
  person.upload(path, { field: "logo", name: "logo.png", bytes }, fields);

describe("the logo on emails", { timeout: PATIENCE_MS }, () => {
  it("is kept, shown above emails, and removed again", async () => {
    expect((await upload(LOGO)).location).toBe(path);
    expect(await brand()).toMatchObject({ width: 400, height: 108, bannerColour: "#00573f", picture: LOGO });
    expect((await person.get(`/services/${service.id}/settings`)).text).toContain("Northwold Parks");
    expect((await person.get(path)).text).toContain('value="#00573f"');
    await person.post(`${path}/remove`);
    expect(await brand()).toBeUndefined();
    expect((await person.get(`${path}/preview`)).text).not.toContain("<img");
    const [removed, saved] = await listAuditEntries(stage.world.app.db, { serviceId: service.id, limit: 2 });
    expect([removed, saved].map((entry) => entry?.action)).toEqual(["email-brand.removed", "email-brand.saved"]);
    expect(saved?.after).toEqual({ alternativeText: "Northwold Parks", bannerColour: "#00573f" });
  });

  it.each(["light", "dark"])("stands on its banner in the preview of every template, %s", async (as) => {
    await upload(LOGO);
    const { templateId } = await stage.world.template(service, { channel: "email", subject: "Swings", body: "Hello" });
    for (const page of [`${path}/preview`, `/services/${service.id}/templates/${templateId}/preview`]) {
      const { text, headers } = await person.get(`${page}?as=${as}`);
      expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'.*; img-src 'self'$/);
      expect(text).toContain(`<img src="/services/${service.id}/email-logo.png" width="200" height="54"`);
      expect(text).toContain('alt="Northwold Parks"');
      expect(text).toContain('bgcolor="#00573f"');
    }
  });

  it("is seen by the service's own people alone", async () => {
    await upload(LOGO);
    const logo = `/services/${service.id}/email-logo.png`;
    expect((await person.get(logo)).status).toBe(200);
    const stranger = await stage.admin.person();
    expect([403, 404]).toContain((await stranger.get(logo)).status);
    const other = await stage.world.service({ name: `Baths ${newRandomId()}` });
    const member = await stage.admin.person({ in: other, permissions: ["manage_service"] });
    expect((await member.get(`/services/${other.id}/email-logo.png`)).status).toBe(404);
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
    ["on no colour", LOGO, { ...NORTHWOLD, bannerColour: "green" }, "Enter a colour in six digits"],
  ])("is refused when it is %s, and the one before stays", async (_, bytes, fields, words) => {
    await upload(LOGO, { alternativeText: "The one before", bannerColour: "" });
    const refused = await upload(bytes, fields);
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining(words)]);
    expect(await brand()).toMatchObject({ alternativeText: "The one before", picture: LOGO });
  });
});
