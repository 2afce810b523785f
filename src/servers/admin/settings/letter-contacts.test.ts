import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Person } from "../../../../test/support/admin.ts";
import { openSettings, type SettingsStage } from "../../../../test/support/settings-stage.ts";
import type { WorldService } from "../../../../test/support/world.ts";
import { createTemplate } from "../../../flow/templates/edit-template.ts";
import { listAuditEntries } from "../../../records/audit/audit-store.ts";
import { listLetterContacts } from "../../../records/senders/letter-contact-store.ts";
import { findTemplatePage } from "../../../records/templates/template-page-store.ts";

let stage: SettingsStage;
let service: WorldService;
let person: Person;
let path: string;
beforeAll(async () => {
  stage = await openSettings();
});
beforeEach(async () => {
  ({ service, person, path } = await stage.place("letter-contacts"));
});
afterAll(() => stage?.close());

const contacts = () => listLetterContacts(stage.world.app.db, service.id);
const add = (contactBlock: string, isDefault = "") => person.post(`${path}/add`, { contactBlock, isDefault });
const idOf = async (index: number) => (await contacts())[index]?.id ?? "";
const template = (contactBlock: string) =>
  createTemplate(
    stage.world.app,
    { userId: person.userId, ip: undefined, emailAddress: person.emailAddress },
    {
      ...{ service, channel: "letter", folderId: undefined },
      form: { name: "A letter", subject: "Parks", body: "Dear reader", hasUnsubscribeLink: false, contactBlock },
    },
  );

describe("sender addresses of letters", () => {
  it("are kept line by line, and one of them at most is the default", async () => {
    expect((await add("  Parks \r\n\r\n Town Hall\r\n", "yes")).location).toBe(path);
    await add("Parks\nThe Lodge", "yes");
    expect(await contacts()).toMatchObject([
      { contactBlock: "Parks\n\nTown Hall", isDefault: false },
      { contactBlock: "Parks\nThe Lodge", isDefault: true },
    ]);
    await person.post(`${path}/${await idOf(1)}`, { contactBlock: "Parks\nThe Lodge" });
    expect((await contacts()).map(({ isDefault }) => isDefault)).toEqual([false, false]);
    expect((await person.get(path)).text).toContain("new letter templates begin without one");
  });

  it.each([
    ["", "Enter an address"],
    ["a\n".repeat(11), "10 lines or fewer"],
    ["((town, county))", "no commas between double brackets"],
  ])("that are wrong are refused, and nothing is kept: %j", async (contactBlock, words) => {
    const refused = await add(contactBlock);
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining(words)]);
    expect(await contacts()).toEqual([]);
  });

  it("that are changed stay as they were in templates, unless one asks for it", async () => {
    await add("Parks\nTown Hall");
    const id = await idOf(0);
    const templateId = await template("Parks\nTown Hall");
    expect((await person.get(`${path}/${id}`)).text).toContain("Change it in the 1 template that prints it");
    await person.post(`${path}/${id}`, { contactBlock: "Parks\nThe Lodge" });
    expect((await findTemplatePage(stage.world.app.db, service.id, templateId))?.contactBlock).toBe("Parks\nTown Hall");
    await person.post(`${path}/${id}`, { contactBlock: "Parks\nTown Hall" });
    await person.post(`${path}/${id}`, { contactBlock: "Parks\nThe Lodge", changesTemplates: "yes" });
    const changed = await findTemplatePage(stage.world.app.db, service.id, templateId);
    expect(changed).toMatchObject({ contactBlock: "Parks\nThe Lodge", version: 2, createdBy: person.emailAddress });
  });

  it("whose placeholders change are not changed in templates behind the backs of who sends with them", async () => {
    await add("Parks\nTown Hall");
    await template("Parks\nTown Hall");
    const wish = { contactBlock: "Parks\n((office))", changesTemplates: "yes" };
    const refused = await person.post(`${path}/${await idOf(0)}`, wish);
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("placeholders have changed")]);
    expect((await contacts())[0]?.contactBlock).toBe("Parks\nTown Hall");
  });

  it("are removed after a question, and every change is written down", async () => {
    await add("Parks\nTown Hall");
    const id = await idOf(0);
    expect((await person.get(`${path}/${id}/remove`)).text).toContain("Remove this sender address?");
    expect((await person.post(`${path}/${id}/remove`)).location).toBe(path);
    expect(await contacts()).toEqual([]);
    expect((await person.get(`${path}/${id}`)).status).toBe(404);
    const [removed, saved] = await listAuditEntries(stage.world.app.db, { serviceId: service.id, limit: 2 });
    expect([removed, saved].map((entry) => entry?.action)).toEqual(["letter-contact.removed", "letter-contact.saved"]);
  });

  it("of another service are not there", async () => {
    await add("Parks\nTown Hall");
    const id = await idOf(0);
    const other = await stage.world.service({ name: "Elsewhere" });
    const stranger = await stage.admin.person({ in: other, permissions: ["manage_service"] });
    const theirs = `/services/${other.id}/settings/letter-contacts/${id}`;
    expect((await stranger.get(theirs)).status).toBe(404);
    expect((await stranger.post(`${theirs}/remove`)).status).toBe(404);
    expect(await contacts()).toHaveLength(1);
  });
});

describe("what else is set of letters", () => {
  it("they are switched on and off, at home and abroad, and kept as long as one says", async () => {
    const settings = `/services/${service.id}/settings`;
    await person.post(`${settings}/letters`, { choice: "off" });
    await person.post(`${settings}/international-letters`, { choice: "on" });
    await person.post(`${settings}/retention`, { sms: "7", email: "7", letter: "30", chat: "7" });
    const { permissions, retentionDays } = await stage.world.reload(service);
    expect([permissions.has("letter"), permissions.has("international_letters")]).toEqual([false, true]);
    expect(retentionDays.letter).toBe(30);
    expect((await person.get(settings)).text).toContain("Letters for 30 days");
  });
});
