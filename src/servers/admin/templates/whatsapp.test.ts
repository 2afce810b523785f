import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World, type WorldService } from "../../../../test/support/world.ts";
import { findApproved } from "../../../records/templates/template-page-store.ts";

let world: World;
let admin: TestAdmin;
let service: WorldService;
let author: Person;
let templateId: string;
beforeAll(async () => {
  world = await createWorld();
  admin = await startAdmin(world.app);
  service = await world.service({ permissions: ["chat", "sms"] });
  author = await admin.person({ in: service, permissions: ["manage_templates"] });
  ({ templateId } = await world.template(service, { channel: "chat", body: "((name)), ((book)) is due on ((day))" }));
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

const at = (id = templateId) => `/services/${service.id}/templates/${id}/whatsapp`;
const approved = () => findApproved(world.app.db, service.id, templateId);

describe("the template that WhatsApp has approved", () => {
  it("is named on a page that the template leads to, its values a line each, and taken away by leaving all empty", async () => {
    expect((await author.get(`/services/${service.id}/templates/${templateId}`)).text).toContain(`href="${at()}"`);
    expect((await author.get(at())).text).toContain("There are: name, book, day");
    const form = { name: "book_due", language: "en_GB", values: "((day))\r\n name, book" };
    expect((await author.post(at(), form)).status).toBe(303);
    expect(await approved()).toEqual({ name: "book_due", language: "en_GB", values: ["day", "name", "book"] });
    expect((await author.get(at())).text).toMatch(/>day\nname\nbook<\/textarea>/);
    await author.post(at(), { name: "", language: " ", values: "" });
    expect(await approved()).toBeUndefined();
    const deeds = await world.app.db.query<{ action: string }>`
      select a.action from audit_log a where a.action = 'template.whatsapp-changed' and a.service_id = ${service.id}`;
    expect(deeds).toHaveLength(2);
  });

  it.each([
    [{ name: "Book due" }, "name", "small letters, digits and underscores"],
    [{ language: "english" }, "language", "such as en_GB"],
    [{ values: "card" }, "values", "The template has no placeholder ((card))"],
  ])("is refused as %j", async (change, field, words) => {
    const { status, text } = await author.post(at(), { name: "book_due", language: "en", values: "", ...change });
    expect([status, text]).toEqual([400, expect.stringContaining(`href="#${field}"`)]);
    expect(text).toContain(words);
    expect(await approved()).toBeUndefined();
  });

  it("is nothing that a text has, nor anybody else's business", async () => {
    const { templateId: text } = await world.template(service, { body: "Hello" });
    expect((await author.get(at(text))).status).toBe(404);
    expect((await author.post(at(text), { name: "a", language: "en", values: "" })).status).toBe(400);
    const sender = await admin.person({ in: service, permissions: ["send_messages"] });
    expect((await sender.get(at())).status).toBe(403);
  });
});
