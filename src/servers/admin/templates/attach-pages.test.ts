import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AdminAnswer, type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { pagePdf } from "../../../../test/support/page-pdf.ts";
import { hasPdfTools, textOf } from "../../../../test/support/pdf-tools.ts";
import { createWorld, type World, type WorldService } from "../../../../test/support/world.ts";
import { enclosuresOf } from "../../../flow/letters/letter-attachments.ts";
import { insertMember } from "../../../records/services/member-store.ts";
import { findTemplatePage, listVersions } from "../../../records/templates/template-page-store.ts";

/** Every scanner knows it, and it harms nobody (EICAR). */
const EICAR = String.raw`X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`;

let world: World;
let admin: TestAdmin;
let service: WorldService;
let editor: Person;
beforeAll(async () => {
  world = await createWorld();
  world.app.scanning.scanner = world.app.scanning.sandboxScanner;
  admin = await startAdmin(world.app);
  service = await world.service({ name: "Northwold Libraries" });
  editor = await admin.person({ in: service, permissions: ["manage_templates", "manage_service"] });
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

const template = async (wish: { body?: string; channel?: "letter" | "email" } = {}) =>
  (await world.template(service, { channel: "letter", subject: "Your card", ...wish })).templateId;
const at = (id: string, path = "") => `/services/${service.id}/templates/${id}${path}`;
const attach = (id: string, bytes: Uint8Array, name = "terms.pdf") =>
  editor.upload(at(id, "/attach-pages"), { field: "pdf", name, bytes });
const page = async (id: string) => {
  const found = await findTemplatePage(world.app.db, service.id, id);
  if (!found) throw new Error("the template is gone");
  return found;
};
const pagesIn = ({ text }: AdminAnswer) => (text.match(/<img[^>]* src="data:image\/png;base64,/g) ?? []).length;
const kept = async () => (await world.app.db.query`select 1 from letter_attachments`).length;

describe("pages that go with a letter", () => {
  it("are behind it in its preview and its PDF, are counted and priced, and can be replaced and removed", async () => {
    const id = await template();
    expect((await editor.get(at(id))).text).toContain("Attach pages");
    const attached = await attach(id, await pagePdf("Terms one", "Terms two"));
    expect([attached.status, attached.location]).toEqual([303, at(id)]);
    expect((await editor.get(at(id))).text).toContain("Manage attachment");
    const preview = await editor.get(at(id, "/preview"));
    expect(pagesIn(preview)).toBe(3);
    expect(preview.text).toContain("3 pages, on 2 sheets of paper");
    const manage = await editor.get(at(id, "/attach-pages"));
    expect(manage.text).toMatch(/<h1[^>]*>terms\.pdf<\/h1>/);
    expect(manage.text).toContain("2 pages, printed behind");
    await attach(id, await pagePdf("Opening hours"), "hours.pdf");
    expect((await editor.get(at(id, "/versions/3"))).text).toContain("Other pages were attached");
    expect(pagesIn(await editor.get(at(id, "/versions/2/preview")))).toBe(3);
    expect(pagesIn(await editor.get(at(id, "/preview")))).toBe(2);
    expect((await editor.get(at(id, "/attach-pages/remove"))).text).toContain("remove “hours.pdf”?");
    await editor.post(at(id, "/attach-pages/remove"));
    expect(pagesIn(await editor.get(at(id, "/preview")))).toBe(1);
    expect((await editor.get(at(id, "/attach-pages/remove"))).status).toBe(404);
    await editor.post(at(id, "/versions/2/restore"), { baseVersion: "4" });
    expect(pagesIn(await editor.get(at(id, "/preview")))).toBe(3);
    const history = (await editor.get(`/services/${service.id}/audit`)).text;
    for (const words of ["Pages attached to a letter template", "Pages removed from a letter template", "hours.pdf"])
      expect(history).toContain(words);
  });

  it("stay where they are while the words are edited, and are looked at with them", async () => {
    const id = await template();
    await attach(id, await pagePdf("Terms"));
    const { attachmentId = "" } = await page(id);
    const words = { name: "A template", subject: "Another", body: "Hello", postage: "second", channel: "letter" };
    expect((await editor.get(at(id, "/edit"))).text).toContain(`name="attachmentId" value="${attachmentId}"`);
    const preview = `/services/${service.id}/templates/preview`;
    expect(pagesIn(await editor.post(preview, { ...words, attachmentId }))).toBe(2);
    expect(pagesIn(await editor.post(preview, { ...words, attachmentId: "no id" }))).toBe(1);
    await editor.post(at(id, "/draft"), { ...words, baseVersion: "2" });
    expect(pagesIn(await editor.get(at(id, "/draft/preview")))).toBe(2);
    await editor.post(at(id, "/edit"), { ...words, baseVersion: "2" });
    expect(await page(id)).toMatchObject({ version: 3, subject: "Another", attachmentId });
  });

  it.skipIf(!hasPdfTools)("are copied with the template, into another service under that one's key", async () => {
    const id = await template();
    await attach(id, await pagePdf("Terms of the libraries"));
    const other = await world.service({ name: "Northwold Parking" });
    const both = await admin.person({ in: service, permissions: ["manage_templates"] });
    const member = { serviceId: other.id, userId: both.userId, permissions: ["manage_templates"] } as const;
    await world.app.db.transaction((tx) => insertMember(tx, member));
    const copied = await both.post(`/services/${other.id}/templates/new/copy`, { original: `${service.id}:${id}` });
    const copy = await findTemplatePage(world.app.db, other.id, copied.location?.split("/").at(-1) ?? "");
    expect(copy?.attachmentId).not.toBe((await page(id)).attachmentId);
    const { attachment } = await enclosuresOf(world.app, other, copy ?? {});
    expect(textOf(attachment ?? Buffer.of())).toContain("Terms of the libraries");
  });

  it.each<[string, () => Promise<Uint8Array>, string, number]>([
    ["no PDF", async () => Buffer.from("hello"), "The file cannot be read", 0],
    ["too large", async () => Buffer.alloc(2 * 1024 * 1024 + 1, "%PDF-"), "The file must be 2 MB or smaller", 0],
    ["infected", async () => Buffer.from(EICAR), "File did not pass the virus scan", 0],
    ["with a page on its side", () => pagePdf("One", { text: "Two", widthMm: 297, heightMm: 210 }), "On 1 page: 2", 2],
    ["with ink at the edge", () => pagePdf({ text: "Too near", leftMm: 3 }), "Leave 15 mm free", 1],
    ["eleven pages", () => pagePdf(..."abcdefghijk"), "room for 9 pages more", 0],
    ["ten pages", () => pagePdf(..."abcdefghij"), "room for 9 pages more", 0],
    ["with another letter's mark", () => pagePdf({ text: "NOTIFY", leftMm: 1, topMm: 4 }), "nothing may be", 1],
  ])("%s: refused in plain words, shown, and kept nowhere", async (_, file, words, pictures) => {
    const id = await template();
    const before = await kept();
    const refused = await attach(id, await file());
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining(words)]);
    expect(pagesIn(refused)).toBe(pictures);
    expect(await kept()).toBe(before);
    expect(await listVersions(world.app.db, { serviceId: service.id, templateId: id })).toHaveLength(1);
  });

  it("do not fit behind a letter that is too long by itself, nor an email", async () => {
    const long = await template({ body: "Page\n\n***\n\n".repeat(10) });
    expect((await attach(long, await pagePdf("Terms"))).text).toContain("has no room for another");
    const email = await template({ channel: "email" });
    expect((await attach(email, await pagePdf("Terms"))).status).toBe(404);
  });

  it("and without a file there is nothing to attach", async () => {
    const refused = await editor.post(at(await template(), "/attach-pages"));
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("Choose a PDF file")]);
  });
});
