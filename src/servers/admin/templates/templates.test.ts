import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World, type WorldService } from "../../../../test/support/world.ts";
import { readDraft } from "../../../flow/templates/drafts.ts";
import { createTemplate, editTemplate } from "../../../flow/templates/edit-template.ts";
import { createFolder, readVisibleFolders, setFolderExclusions } from "../../../flow/templates/folders.ts";
import { newRandomId } from "../../../platform/ids.ts";
import { listAuditEntries } from "../../../records/audit/audit-store.ts";
import { putPrice } from "../../../records/prices/price-list-store.ts";
import { findTemplatePage, listVersions } from "../../../records/templates/template-page-store.ts";

let world: World;
let admin: TestAdmin;
let service: WorldService;
let editor: Person;
let reader: Person;
beforeAll(async () => {
  world = await createWorld();
  admin = await startAdmin(world.app);
  service = await world.service({ name: "Northwold Libraries", permissions: ["sms", "email"] });
  editor = await admin.person({ in: service, name: "Edda", permissions: ["manage_templates", "manage_service"] });
  reader = await admin.person({ in: service, name: "Rhys", permissions: ["send_messages"] });
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

const at = (page = "") => `/services/${service.id}/templates${page}`;
const author = () => ({ userId: editor.userId, ip: undefined, emailAddress: editor.emailAddress });
const sms = (change: { name?: string; body?: string } = {}, folderId?: string) => {
  const form = { name: "Reminder", subject: undefined, body: "Hello ((name))", hasUnsubscribeLink: false, ...change };
  return createTemplate(world.app, author(), { service, channel: "sms", folderId, form });
};
const email = (body = "Dear ((name))") => {
  const form = { name: "Welcome", subject: "Your card, ((name))", body, hasUnsubscribeLink: false };
  return createTemplate(world.app, author(), { service, channel: "email", folderId: undefined, form });
};
const draftOf = (templateId: string) =>
  readDraft(world.app, { userId: editor.userId, serviceId: service.id, templateId });
const page = (id: string) => findTemplatePage(world.app.db, service.id, id);
const folder = (name: string, parentId?: string) =>
  createFolder(world.app, author(), { serviceId: service.id, name, parentId });
const idIn = (location: string | null) => location?.split("/").at(-1) ?? "";

describe("who may do what", () => {
  it("every member reads; only those who may change templates find the way to do so", async () => {
    const id = await sms({ name: "For all" });
    const paths = [at(), at(`/${id}`), at(`/${id}/versions`), at(`/${id}/versions/1`)];
    for (const path of paths) expect([path, (await reader.get(path)).status]).toEqual([path, 200]);
    expect((await reader.get(at())).text).not.toContain(at("/new"));
    expect((await editor.get(at())).text).toContain(at("/new"));
    const changes = ["/new", "/new/sms", "/new/copy", `/${id}/edit`, `/${id}/rename`, `/${id}/delete`];
    for (const path of [...changes, `/${id}/hide-personalisation`]) {
      expect([path, (await reader.get(at(path))).status]).toEqual([path, 403]);
      expect([path, (await editor.get(at(path))).status]).toEqual([path, 200]);
    }
  });

  it("nobody changes anything without the permission", async () => {
    const id = await sms();
    const posts = ["/moves", "/folders", "/new", "/new/sms", "/new/copy", "/preview"];
    const own = ["edit", "draft", "draft/delete", "rename", "delete", "return", "hide-personalisation"];
    for (const path of [...posts, ...own.map((one) => `/${id}/${one}`), `/${id}/versions/1/restore`]) {
      expect([path, (await reader.post(at(path), { name: "x" })).status]).toEqual([path, 403]);
    }
    expect(await page(id)).toMatchObject({ name: "Reminder", version: 1, archivedAt: undefined });
  });

  it("somebody from elsewhere finds nothing, and no template is found in another service", async () => {
    const id = await sms();
    const other = await world.service();
    const stranger = await admin.person({ in: other, permissions: ["manage_templates"] });
    expect((await stranger.get(at(`/${id}`))).status).toBe(404);
    for (const page of ["", "/edit", "/preview", "/versions/1", "/rename"]) {
      expect((await stranger.get(`/services/${other.id}/templates/${id}${page}`)).status).toBe(404);
    }
    expect((await editor.get(at(`/${newRandomId()}`))).status).toBe(404);
    expect((await editor.get(at("/not-an-id"))).status).toBe(404);
  });

  it("a template in a folder that somebody does not see is not there for them", async () => {
    const folderId = await folder("Payroll");
    const id = await sms({ name: "Salaries" }, folderId);
    await setFolderExclusions(world.app, author(), {
      serviceId: service.id,
      folderId,
      excludedUserIds: [reader.userId],
    });
    expect((await editor.get(at(`/${id}`))).status).toBe(200);
    for (const path of [`/${id}`, `/${id}/versions`, `/folders/${folderId}`]) {
      expect((await reader.get(at(path))).status).toBe(404);
    }
    expect((await reader.get(at())).text).not.toContain("Payroll");
  });
});

describe("the list", () => {
  it("makes a folder of what is ticked, and moves it back", async () => {
    const id = await sms({ name: "To be moved" });
    const made = await editor.post(at("/folders"), { name: "Overdue", chosen: [`template:${id}`] });
    expect([made.status, made.location]).toEqual([303, at()]);
    const folderId = (await page(id))?.folderId ?? "";
    expect((await editor.get(at(`/folders/${folderId}`))).text).toContain("To be moved");
    const moved = await editor.post(at("/moves"), { chosen: `template:${id}`, to: "root", folder: folderId });
    expect(moved.location).toBe(at(`/folders/${folderId}`));
    expect((await page(id))?.folderId).toBeUndefined();
  });

  it.each([
    ["/moves", { to: "root" }, "Choose at least one template or folder"],
    ["/moves", { chosen: "template:x" }, "Choose a folder to move to"],
    ["/folders", { name: " " }, "Enter a name for the folder"],
  ])("says what is missing: %s %j", async (path, fields, message) => {
    const answer = await editor.post(at(path), fields);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(message);
    expect(answer.text).toContain("govuk-error-summary");
  });

  it("refuses a folder's name that is taken, and keeps what was ticked", async () => {
    const id = await sms({ name: "Ticked" });
    await folder("Taken");
    const answer = await editor.post(at("/folders"), { name: "taken", chosen: `template:${id}` });
    expect(answer.text).toContain("There is a folder with this name already");
    expect(answer.text).toMatch(new RegExp(`value="template:${id}" checked`));
  });

  it("of one channel has that channel's templates alone", async () => {
    await Promise.all([email(), sms({ name: "Only a text" }), sms()]);
    const list = (await editor.get(`${at()}?channel=email`)).text;
    expect(list).toContain("Welcome");
    expect(list).not.toContain("Only a text");
  });
});

describe("a folder", () => {
  it("is renamed, shown to those who are ticked, and deleted once it is empty", async () => {
    const folderId = await folder("Before");
    const id = await sms({}, folderId);
    const saved = await editor.post(at(`/folders/${folderId}/manage`), { name: "After" });
    expect(saved.location).toBe(at(`/folders/${folderId}`));
    expect((await editor.get(at(`/folders/${folderId}`))).text).toContain("After");
    expect((await reader.get(at(`/folders/${folderId}`))).status).toBe(404);
    await editor.post(at(`/folders/${folderId}/manage`), { name: "After", members: reader.userId });
    expect((await reader.get(at(`/folders/${folderId}`))).status).toBe(200);
    const refused = await editor.post(at(`/folders/${folderId}/delete`));
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("must empty this folder")]);
    await editor.post(at("/moves"), { chosen: `template:${id}`, to: "root", folder: folderId });
    expect((await editor.post(at(`/folders/${folderId}/delete`))).location).toBe(at());
    const folders = await readVisibleFolders(world.app, { serviceId: service.id, userId: editor.userId });
    expect(folders.map((one) => one.id)).not.toContain(folderId);
  });

  it("is shown to others by those alone who manage the service too", async () => {
    const folderId = await folder("Mine to rename");
    const writer = await admin.person({ in: service, permissions: ["manage_templates"] });
    expect((await writer.get(at(`/folders/${folderId}/manage`))).text).not.toContain("Who may see");
    await writer.post(at(`/folders/${folderId}/manage`), { name: "Renamed" });
    expect((await reader.get(at(`/folders/${folderId}`))).text).toContain("Renamed");
  });
});

describe("a new template", () => {
  it("is of a channel that is chosen, and is made in the folder one came from", async () => {
    const folderId = await folder("New ones");
    expect((await editor.post(at("/new"), { folder: folderId })).text).toContain("Choose what kind of template");
    const chosen = await editor.post(at("/new"), { kind: "sms", folder: folderId });
    expect(chosen.location).toBe(`${at("/new/sms")}?folder=${folderId}`);
    const made = await editor.post(at("/new/sms"), { name: "Closed", body: "We are closed", folder: folderId });
    expect(await page(idIn(made.location))).toMatchObject({ name: "Closed", folderId, createdBy: editor.emailAddress });
  });

  it("is refused with each field that is wrong, and what was typed stays", async () => {
    const answer = await editor.post(at("/new/email"), { name: "Kept name", subject: "", body: "Hi ((a, b))" });
    expect(answer.status).toBe(400);
    for (const words of ["Enter a subject", "no commas", 'value="Kept name"', "Hi ((a, b))"]) {
      expect(answer.text).toContain(words);
    }
  });

  it("is not offered for a channel that is switched off", async () => {
    const only = await world.service({ permissions: ["email"] });
    const writer = await admin.person({ in: only, permissions: ["manage_templates"] });
    expect((await writer.get(`/services/${only.id}/templates/new`)).text).toContain("switched off");
    expect((await writer.get(`/services/${only.id}/templates/new/sms`)).status).toBe(404);
  });

  it("can be a copy of one of a service that the author works in, and of no other", async () => {
    const id = await sms({ name: "Original" });
    const copied = await editor.post(at("/new/copy"), { original: `${service.id}:${id}` });
    expect((await page(idIn(copied.location)))?.name).toBe("Original (copy)");
    const other = await world.service();
    const theirs = await world.template(other);
    const refused = await editor.post(at("/new/copy"), { original: `${other.id}:${theirs.templateId}` });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("Choose the template to copy")]);
  });
});

describe("a template's page", () => {
  it("shows the text with its placeholders, its cost, and the button that copies its id", async () => {
    const id = await sms({ body: `Hello ((name)) ${"a".repeat(160)}` });
    const { text } = await reader.get(at(`/${id}`));
    expect(text).toContain('<mark class="pp-placeholder">((name))</mark>');
    expect(text).toContain("Charged as 2 text messages (£0.048 in the United Kingdom), not counting personalisation.");
    expect(text).toMatch(new RegExp(`data-copy="${id}"[^>]*>Copy template ID to clipboard</button>`));
  });

  it("shows an email in a frame that may run nothing, in which only its own styles are let in", async () => {
    const id = await email('# Hello ((name))\n\n<script>alert("x")</script>');
    const { text } = await reader.get(at(`/${id}`));
    expect(text).toMatch(/<iframe [^>]*sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"/);
    const frame = await reader.get(at(`/${id}/preview?as=dark`));
    expect(frame.headers.get("content-security-policy")).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    );
    expect(frame.headers.get("x-frame-options")).toBe("SAMEORIGIN");
    expect(frame.text).toContain("Your card, <mark>((name))</mark>");
    expect(frame.text).not.toContain("<script");
  });

  it("of a deleted template says so, and brings it back", async () => {
    const id = await sms({ name: "Gone" });
    const asked = await editor.get(at(`/${id}/delete`));
    expect(asked.text).toContain("It has not been used in the last year.");
    await editor.post(at(`/${id}/delete`));
    expect((await editor.get(at())).text).not.toContain(`template:${id}`);
    const shown = (await editor.get(at(`/${id}`))).text;
    expect(shown).toContain("has been deleted");
    expect(shown).not.toContain(at(`/${id}/edit`));
    expect((await editor.get(at(`/${id}/edit`))).status).toBe(404);
    await editor.post(at(`/${id}/return`));
    expect((await page(id))?.archivedAt).toBeUndefined();
  });

  it("renames, and refuses no name", async () => {
    const id = await sms();
    expect((await editor.post(at(`/${id}/rename`), { name: "" })).text).toContain("Enter a name for the template");
    await editor.post(at(`/${id}/rename`), { name: "Better" });
    expect(await page(id)).toMatchObject({ name: "Better", version: 2 });
  });

  it("hides personalisation for good, which the audit log knows", async () => {
    const id = await sms({ name: "Results" });
    expect((await editor.get(at(`/${id}/hide-personalisation`))).text).toContain("This cannot be undone.");
    await editor.post(at(`/${id}/hide-personalisation`));
    const shown = (await editor.get(at(`/${id}`))).text;
    expect(shown).toContain("Personalisation is hidden after sending.");
    expect(shown).not.toContain(at(`/${id}/hide-personalisation`));
    const [entry] = await listAuditEntries(world.app.db, { serviceId: service.id, limit: 1 });
    expect(entry).toMatchObject({ action: "template.personalisation-hidden", actor: editor.userId });
  });
});

describe("the editor", () => {
  const save = (id: string, fields: Record<string, string>) =>
    editor.post(at(`/${id}/edit`), { name: "Reminder", baseVersion: "1", ...fields });

  it("saves a new version", async () => {
    const id = await sms();
    const saved = await save(id, { body: "Good day ((name))" });
    expect(saved.location).toBe(at(`/${id}`));
    expect(await page(id)).toMatchObject({ version: 2, body: "Good day ((name))" });
  });

  it("asks before requests would be refused, warns of API keys, and goes on when told", async () => {
    const id = await sms();
    const asked = await save(id, { body: "Hello ((first name))" });
    expect(asked.text).toContain("((name)) becomes ((first name))");
    expect(asked.text).toContain("This service has API keys.");
    expect((await page(id))?.version).toBe(1);
    const back = await save(id, { body: "Hello ((first name))", show: "words" });
    expect([back.status, back.text]).toEqual([200, expect.stringContaining("Hello ((first name))")]);
    expect((await draftOf(id))?.body).toBe("Hello ((first name))");
    await save(id, { body: "Hello ((first name))", confirms: "yes" });
    expect((await page(id))?.version).toBe(2);
    expect(await draftOf(id)).toBeUndefined();
  });

  it("shows what somebody else saved meanwhile, and saves over it only when told again", async () => {
    const id = await sms();
    const colleague = { userId: newRandomId(), ip: undefined, emailAddress: "bea@example.gov.uk" };
    const theirs = { name: "Reminder", subject: undefined, body: "Theirs ((name))", hasUnsubscribeLink: false };
    const edit = { service, templateId: id, baseVersion: 1, confirmsBreakingChange: true, form: theirs };
    await editTemplate(world.app, colleague, edit);
    const conflict = await save(id, { body: "Mine ((name))" });
    expect(conflict.status).toBe(409);
    expect(conflict.text).toContain("Version 2 is by bea@example.gov.uk");
    expect(conflict.text).toMatch(/<del>Theirs<\/del>/);
    expect(conflict.text).toMatch(/name="baseVersion" value="2"/);
    expect((await page(id))?.body).toBe("Theirs ((name))");
    // The page was closed: what was typed is there again, and so is the question.
    const again = (await editor.get(at(`/${id}/edit`))).text;
    expect(again).toContain("Version 2 is by bea@example.gov.uk");
    expect(again).toMatch(/<textarea[^>]*>Mine \(\(name\)\)</);
    await save(id, { body: "Mine ((name))", baseVersion: "2" });
    expect((await page(id))?.body).toBe("Mine ((name))");
    expect(await draftOf(id)).toBeUndefined();
  });

  it("keeps a draft, shows it again to its author alone, and throws it away", async () => {
    const id = await sms();
    const kept = await editor.post(at(`/${id}/draft`), { name: "Reminder", body: "Half a ((sen", baseVersion: "1" });
    expect(JSON.parse(kept.text)).toEqual({ said: expect.stringMatching(/^Draft saved at /), isOutdated: false });
    expect((await editor.get(at(`/${id}/edit`))).text).toContain("Half a ((sen");
    const other = await admin.person({ in: service, permissions: ["manage_templates"] });
    expect((await other.get(at(`/${id}/edit`))).text).not.toContain("Half a ((sen");
    expect((await editor.post(at(`/${id}/draft/delete`))).location).toBe(at(`/${id}`));
    const mine = { serviceId: service.id, userId: editor.userId, templateId: id };
    expect(await readDraft(world.app, mine)).toBeUndefined();
  });

  it("without scripts shows a text with example values, and replaces what costs", async () => {
    const id = await sms();
    const fields = { body: "€5 for ((name))", exampleName: "name", exampleValue: "Ann", baseVersion: "1" };
    const shown = await save(id, { ...fields, show: "text" });
    expect(shown.text).toContain("data-phone-text>Northwold Libraries: €5 for Ann</p>");
    expect(shown.text).toContain("Each of these counts as two characters: €");
    const replaced = await save(id, { ...fields, replace: "€" });
    expect(replaced.text).toContain("EUR 5 for ((name))");
    expect((await page(id))?.version).toBe(1);
  });

  it("without scripts shows an email that is being written in its frame", async () => {
    const fields = { subject: "Hello ((name))", body: "Bring *((what))*", exampleName: "name", exampleValue: "<b>" };
    const frame = await editor.post(at("/preview"), { ...fields, as: "light", hasUnsubscribeLink: "yes" });
    expect(frame.text).toContain("Hello &lt;b&gt;");
    expect(frame.text).toContain("Unsubscribe");
    expect(frame.headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  it("says what a text costs in each country", async () => {
    const { text } = await editor.get(at(`/${await sms()}/edit`));
    expect(text).toContain("1 text message: £0.024 for each recipient in the United Kingdom");
    expect(text).toMatch(/data-unit-price="0.048">£0\.048<\/th>/);
  });

  it("says what it costs by the price list, where that has the country", async () => {
    const listed = { validFrom: "2026-01-01", fromFragments: 0, label: "" };
    await world.app.db.transaction(async (tx) => {
      await putPrice(tx, { ...listed, prefix: "44", price: "0.02" });
      await putPrice(tx, { ...listed, prefix: "372", price: "0.0411" });
    });
    world.app.prices.forget();
    const id = await sms();
    const { text } = await editor.get(at(`/${id}/edit`));
    expect(text).toContain("1 text message: £0.02 for each recipient in the United Kingdom");
    expect(text).toMatch(/data-unit-price="0.0411">£0\.0411<\/th><td[^>]*>Estonia</);
    expect((await reader.get(at(`/${id}`))).text).toContain("£0.02");
    await world.app.db.query`delete from prices`;
    world.app.prices.forget();
  });
});

describe("versions", () => {
  const edited = async () => {
    const id = await sms({ body: "Come on Monday" });
    for (const [index, day] of ["Tuesday", "Friday"].entries()) {
      const form = { name: "Reminder", subject: undefined, body: `Come on ${day}`, hasUnsubscribeLink: false };
      const edit = { service, templateId: id, baseVersion: index + 1, confirmsBreakingChange: false, form };
      await editTemplate(world.app, author(), edit);
    }
    return id;
  };

  it("are listed, newest first, and compared with the one before or the one in use", async () => {
    const id = await edited();
    const list = (await reader.get(at(`/${id}/versions`))).text;
    expect(list.indexOf("Version 3")).toBeLessThan(list.indexOf("Version 1"));
    const second = (await reader.get(at(`/${id}/versions/2`))).text;
    expect(second).toMatch(/<del>Monday<\/del>[\s\S]*<ins>Tuesday<\/ins>/);
    const toCurrent = (await reader.get(at(`/${id}/versions/2?with=current`))).text;
    expect(toCurrent).toMatch(/<del>Tuesday<\/del>[\s\S]*<ins>Friday<\/ins>/);
    expect((await reader.get(at(`/${id}/versions/1`))).text).toContain("This is the first version.");
    for (const none of ["4", "0", "x", "99999999999999"]) {
      expect((await reader.get(at(`/${id}/versions/${none}`))).status).toBe(404);
    }
  });

  it("are brought back, unless somebody was quicker", async () => {
    const id = await edited();
    const late = await editor.post(at(`/${id}/versions/1/restore`), { baseVersion: "2" });
    expect([late.status, late.text]).toEqual([400, expect.stringContaining("saved another version meanwhile")]);
    await editor.post(at(`/${id}/versions/1/restore`), { baseVersion: "3" });
    expect(await page(id)).toMatchObject({ version: 4, body: "Come on Monday" });
    expect(await listVersions(world.app.db, { serviceId: service.id, templateId: id })).toHaveLength(4);
  });

  it("that ask for other values are brought back when that is confirmed", async () => {
    const id = await sms({ body: "Hello ((name))" });
    await editor.post(at(`/${id}/edit`), { name: "Reminder", body: "Hello", baseVersion: "1" });
    const asked = await editor.post(at(`/${id}/versions/1/restore`), { baseVersion: "2" });
    expect(asked.text).toContain("Are you sure?");
    await editor.post(at(`/${id}/versions/1/restore`), { baseVersion: "2", confirms: "yes" });
    expect((await page(id))?.body).toBe("Hello ((name))");
  });
});
