import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AdminAnswer, type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World, type WorldService } from "../../../../test/support/world.ts";
import { saveLetterContact } from "../../../flow/services/letter-contacts.ts";
import { readDraft } from "../../../flow/templates/drafts.ts";
import {
  findTemplatePage,
  listTemplatesInFolders,
  listVersions,
} from "../../../records/templates/template-page-store.ts";

let world: World;
let admin: TestAdmin;
let service: WorldService;
let editor: Person;
beforeAll(async () => {
  world = await createWorld();
  admin = await startAdmin(world.app);
  service = await world.service({ name: "Northwold Libraries" });
  editor = await admin.person({ in: service, permissions: ["manage_templates", "manage_service"] });
  const author = { userId: editor.userId, ip: undefined, emailAddress: editor.emailAddress };
  await saveLetterContact(world.app, author, {
    serviceId: service.id,
    contactBlock: "Libraries\nTown Hall",
    isDefault: true,
  });
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

const at = (page = "") => `/services/${service.id}/templates${page}`;
const words = {
  name: "Card",
  subject: "Your card",
  body: "Dear ((name)),\r\n\r\nit is ready.",
  postage: "first",
  contactBlock: "Libraries\r\nTown Hall",
  channel: "letter",
};
const page = (id: string) => findTemplatePage(world.app.db, service.id, id);
const idIn = ({ location }: AdminAnswer) => location?.split("/").at(-1) ?? "";
const make = async (change: Record<string, string> = {}) =>
  idIn(await editor.post(at("/new/letter"), { ...words, ...change }));
const pagesIn = ({ text }: AdminAnswer) => (text.match(/<img src="data:image\/png;base64,/g) ?? []).length;

describe("letter templates", () => {
  it("begin with the default address and second class, and keep what is typed", async () => {
    const { text } = await editor.get(at("/new/letter"));
    expect(text).toMatch(/value="Libraries\nTown Hall" checked/);
    expect(text).toMatch(/value="second" checked/);
    const id = await make();
    expect(await page(id)).toMatchObject({
      ...{ channel: "letter", subject: "Your card", body: "Dear ((name)),\n\nit is ready.", postage: "first" },
      ...{ contactBlock: "Libraries\nTown Hall", welshSubject: undefined, welshBody: undefined },
    });
    expect((await editor.get(at())).text).toContain("Letter template");
  });

  it.each([
    [{ subject: "" }, "Enter a subject"],
    [{ isBilingual: "yes", welshSubject: "", welshBody: "Annwyl" }, "Enter a subject in Welsh"],
    [{ isBilingual: "yes", welshSubject: "Cerdyn", welshBody: "" }, "Enter a message in Welsh"],
    [{ contactBlock: "((a, b))" }, "no commas between double brackets"],
  ])("%j is refused, and shown again as typed", async (change, message) => {
    const before = await listTemplatesInFolders(world.app.db, service.id);
    const refused = await editor.post(at("/new/letter"), { ...words, ...change });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining(message)]);
    expect(refused.text).toContain("it is ready.");
    expect(await listTemplatesInFolders(world.app.db, service.id)).toEqual(before);
  });

  it("change in versions, with what changed of address, postage and languages", async () => {
    const id = await make({ name: "To be changed" });
    const welsh = { isBilingual: "yes", welshSubject: "Eich cerdyn", welshBody: "Annwyl ((name))" };
    const wish = { ...words, ...welsh, name: "To be changed", postage: "economy", contactBlock: "", baseVersion: "1" };
    expect((await editor.post(at(`/${id}/edit`), wish)).location).toBe(at(`/${id}`));
    const { text } = await editor.get(at(`/${id}/versions/2`));
    for (const said of ["First class became Economy", "Heading in Welsh", "Sender’s address"])
      expect(text).toContain(said);
    const restored = await editor.post(at(`/${id}/versions/1/restore`), { baseVersion: "2" });
    expect(restored.location).toBe(at(`/${id}`));
    expect(await page(id)).toMatchObject({ version: 3, postage: "first", contactBlock: "Libraries\nTown Hall" });
    expect((await page(id))?.welshBody).toBeUndefined();
  });

  it("saved as they were make no version", async () => {
    const id = await make({ name: "The same" });
    await editor.post(at(`/${id}/edit`), { ...words, name: "The same", baseVersion: "1" });
    expect(await listVersions(world.app.db, { serviceId: service.id, templateId: id })).toHaveLength(1);
  });

  it("whose address or Welsh half asks for something new are saved after a question", async () => {
    const id = await make({ name: "Asked" });
    const wish = { ...words, name: "Asked", contactBlock: "((office))", baseVersion: "1" };
    const asked = await editor.post(at(`/${id}/edit`), wish);
    expect(asked.text).toContain("((office))");
    expect(asked.text).toMatch(/name="postage" value="first"/);
    await editor.post(at(`/${id}/edit`), { ...wish, confirms: "yes" });
    expect(await page(id)).toMatchObject({ version: 2, contactBlock: "((office))" });
  });

  it("keep a draft of everything that is typed", async () => {
    const id = await make({ name: "Drafted" });
    const welsh = { isBilingual: "yes", welshSubject: "", welshBody: "Hanner" };
    await editor.post(at(`/${id}/draft`), {
      ...words,
      ...welsh,
      name: "Drafted",
      postage: "economy",
      baseVersion: "1",
    });
    const draft = await readDraft(world.app, { userId: editor.userId, serviceId: service.id, templateId: id });
    expect(draft).toMatchObject({ postage: "economy", contactBlock: "Libraries\nTown Hall", welshBody: "Hanner" });
    const { text } = await editor.get(at(`/${id}/edit`));
    expect(text).toContain("Hanner</textarea>");
    expect(text).toMatch(/value="economy" checked/);
  });

  it("are copied whole", async () => {
    const id = await make({ name: "Original", isBilingual: "yes", welshSubject: "Cerdyn", welshBody: "Annwyl" });
    const copied = idIn(await editor.post(at("/new/copy"), { original: `${service.id}:${id}` }));
    const { postage, welshBody, contactBlock } = (await page(copied)) ?? {};
    expect([postage, welshBody, contactBlock]).toEqual(["first", "Annwyl", "Libraries\nTown Hall"]);
  });
});

describe("letters to look at", () => {
  it("show each page, how many there are and what they cost, before anything is saved", async () => {
    const body = "One\n\n---\n\nTwo\n\n---\n\nThree";
    const shown = await editor.post(at("/preview"), { ...words, body });
    expect(pagesIn(shown)).toBe(3);
    expect(shown.text).toContain("3 pages, on 2 sheets of paper");
    expect(shown.text).toMatch(/£\d\.\d\d each, first class/);
    expect(shown.headers.get("content-security-policy")).toContain("img-src data:");
    const bilingual = await editor.post(at("/preview"), {
      ...words,
      isBilingual: "yes",
      welshSubject: "A",
      welshBody: "B",
    });
    expect(pagesIn(bilingual)).toBe(2);
  });

  it("say so when they are too long, or hold what nobody could read", async () => {
    const long = await editor.post(at("/preview"), { ...words, body: "Page\n\n---\n\n".repeat(11) });
    expect(long.text).toContain("This one is longer and will not be printed");
    expect(pagesIn(long)).toBe(10);
    const code = await editor.post(at("/preview"), { ...words, body: `qr: ${"a".repeat(505)}` });
    expect([code.status, code.text]).toEqual([200, expect.stringContaining("A QR code holds up to 504 characters")]);
    const huge = await editor.post(at("/preview"), { ...words, body: "word ".repeat(20_001) });
    expect([huge.status, pagesIn(huge)]).toEqual([200, 0]);
  });

  it("are there for saved templates, drafts and versions, and as a PDF", async () => {
    const id = await make({ name: "To look at" });
    await editor.post(at(`/${id}/draft`), { ...words, body: "One\n\n---\n\nTwo", baseVersion: "1" });
    expect(pagesIn(await editor.get(at(`/${id}/preview`)))).toBe(1);
    expect(pagesIn(await editor.get(at(`/${id}/versions/1/preview`)))).toBe(1);
    expect(pagesIn(await editor.get(at(`/${id}/draft/preview`)))).toBe(2);
    const pdf = await editor.get(at(`/${id}/letter.pdf`));
    expect(pdf.headers.get("content-type")).toBe("application/pdf");
    expect(pdf.text.startsWith("%PDF-")).toBe(true);
  });
});
