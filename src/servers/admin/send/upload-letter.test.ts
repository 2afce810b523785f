import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AdminAnswer, type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { pagePdf } from "../../../../test/support/page-pdf.ts";
import { infectedLetter, suppliedLetter } from "../../../../test/support/supplied-pdfs.ts";
import { createWorld, type World, type WorldService } from "../../../../test/support/world.ts";
import { readLetterPdf } from "../../../flow/letters/read-letter-pdf.ts";
import { findLetter } from "../../../records/letters/letter-store.ts";

const ABROAD = ["Ada Lovelace", "1 Rue de Rivoli", "75001 Paris", "France"];

let world: World;
let admin: TestAdmin;
let service: WorldService;
let person: Person;
beforeAll(async () => {
  world = await createWorld({});
  world.app.scanning.scanner = world.app.scanning.sandboxScanner;
  admin = await startAdmin(world.app);
  service = await world.service({ name: "Northwold Libraries" });
  person = await admin.person({ in: service, name: "Sam Sender", permissions: ["send_messages", "manage_service"] });
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

const at = (of = service) => `/services/${of.id}/send/upload-letter`;
const upload = (bytes: Uint8Array, { by = person, to = service, name = "loan-17.pdf" } = {}) =>
  by.upload(at(to), { field: "pdf", name, bytes });
/** Where an uploaded letter is looked at. */
const look = async (pdf?: Uint8Array) => (await upload(pdf ?? (await suppliedLetter({ pages: 3 })))).location ?? "";
const picturesIn = ({ text }: AdminAnswer) => (text.match(/<img[^>]* src="data:image\/png;base64,/g) ?? []).length;
const idIn = (location: string | null) => location?.split("/").at(-1) ?? "";
async function kept(): Promise<{ uploads: number; letters: number }> {
  const [count] = await world.app.db.query<{ uploads: number; letters: number }>`
    select (select count(*)::integer from letter_uploads) as uploads, (select count(*)::integer from letters) as letters`;
  return count ?? { uploads: 0, letters: 0 };
}

describe("a letter that is uploaded", () => {
  it("is looked at before it is sent: its pages, its address, its sheets, and what each postage costs", async () => {
    expect((await person.get(`/services/${service.id}/send`)).text).toContain(at());
    const before = await kept();
    const location = await look();
    const { text } = await person.get(location);
    for (const said of [
      "loan-17.pdf",
      "Ada Lovelace, 12 St James&#39;s Square, London, SW1Y 4JH",
      "3 pages, on 2 sheets of paper",
      "Second class",
      "£0.77",
      "£1.61",
      "Send 1 letter",
      "If nobody sends it, the letter is deleted on",
    ])
      expect(text).toContain(said);
    expect(picturesIn(await person.get(`${location}/pages`))).toBe(3);
    expect((await person.get(`${location}/letter.pdf`)).text).toMatch(/^%PDF-/);
    expect(await kept()).toEqual({ uploads: before.uploads + 1, letters: before.letters });
    expect((await person.get(`/services/${service.id}/uploaded-letters`)).text).toContain(`href="${location}"`);
  });

  it("is sent as it came, once however often the button is pressed, and waits for the printer", async () => {
    const pdf = await suppliedLetter({ pages: 3 });
    const location = await look(pdf);
    const [first, second] = await Promise.all([1, 2].map(() => person.post(location, { postage: "first" })));
    expect(first?.location).toBe(second?.location);
    const id = idIn(first?.location ?? "");
    const notification = await world.latest({ id });
    expect(notification).toMatchObject({ status: "created", reference: "loan-17.pdf", fragments: 2 });
    expect(notification).toMatchObject({ createdByName: "Sam Sender", apiKeyId: undefined, keyKind: "live" });
    const ready = {
      isPrecompiled: true,
      awaitsPrint: true,
      postage: "first",
      pages: 3,
      sheets: 2,
      pdfBytes: pdf.length,
    };
    expect(await findLetter(world.app.db, id)).toMatchObject(ready);
    expect(await readLetterPdf(world.app, service, { ...notification, status: "created" })).toEqual(pdf);
    expect((await person.get(location)).location).toBe(first?.location);
    expect((await person.get(`${location}/letter.pdf`)).status).toBe(404);
    const { text } = await person.get(first?.location ?? "");
    for (const said of ["To be printed", "Ada Lovelace, 12 St James&#39;s Square", "£1.61"])
      expect(text).toContain(said);
    const history = (await person.get(`/services/${service.id}/audit`)).text;
    for (const words of ["Letter uploaded", "Message sent by hand"]) expect(history).toContain(words);
  });

  it.each<[string, () => Promise<Uint8Array>, string, number]>([
    ["no PDF", async () => Buffer.from("hello"), "Choose a PDF file", 0],
    [
      "too large",
      async () => Buffer.concat([Buffer.from("%PDF-"), Buffer.alloc(5 * 1024 * 1024)]),
      "5 MB or smaller",
      0,
    ],
    ["infected", infectedLetter, "File did not pass the virus scan", 0],
    ["damaged", async () => Buffer.from("%PDF-1.7 …"), "The file cannot be read", 0],
    ["too long", () => suppliedLetter({ pages: 11 }), "The letter is too long", 0],
    [
      "with ink at the edge",
      () => suppliedLetter({ pages: 2, marks: [{ page: 2, xMm: 3, yMm: 50 }] }),
      "On 1 page: 2",
      2,
    ],
    [
      "with a page on its side",
      () => pagePdf("One", { text: "Two", widthMm: 297, heightMm: 210 }),
      "Not every page is A4 portrait",
      2,
    ],
    ["without an address", () => pagePdf({ text: "Dear Ada", topMm: 110 }), "There is no address in the window", 1],
    ["abroad", () => suppliedLetter({ address: ABROAD }), "The address is abroad", 1],
  ])("and is %s cannot be sent, is shown with the reason, and kept nowhere", async (_, file, words, pictures) => {
    const before = await kept();
    const refused = await upload(await file());
    expect([refused.status, refused.text]).toEqual([400, expect.stringMatching(new RegExp(words, "i"))]);
    expect(picturesIn(refused)).toBe(pictures);
    expect(refused.text).not.toContain("Send 1 letter");
    expect(await kept()).toEqual(before);
  });

  it("goes abroad at the price of its country, where the service sends letters there", async () => {
    const abroad = await world.service({ permissions: ["letter", "international_letters"] });
    const member = await admin.person({ in: abroad, permissions: ["send_messages"] });
    const pdf = await suppliedLetter({ address: ABROAD });
    const { location } = await upload(pdf, { by: member, to: abroad });
    const { text } = await member.get(location ?? "");
    expect(text).toContain("International, in Europe");
    expect(text).toMatch(/It costs £1\.\d\d\./);
    expect(text).not.toContain('name="postage"');
    const sent = await member.post(location ?? "");
    expect(await findLetter(world.app.db, idIn(sent.location))).toMatchObject({ postage: "europe" });
    expect(await world.latest({ id: idIn(sent.location) })).toMatchObject({ isInternational: true });
  });

  it("is asked for with a postage there is", async () => {
    const location = await look();
    const refused = await person.post(location, { postage: "pigeon" });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("Choose how the letter is posted")]);
  });

  it("can be deleted instead, by whoever sends", async () => {
    const location = await look();
    const before = await kept();
    const answer = await person.post(`${location}/deletion`);
    expect(answer.location).toBe(at());
    expect((await person.get(location)).status).toBe(404);
    expect(await kept()).toEqual({ ...before, uploads: before.uploads - 1 });
  });

  it("is sealed: neither its name, its address nor its pages can be read where it is kept", async () => {
    const location = await look(await suppliedLetter({ words: "A secret of Ada" }));
    const [row] = await world.app.db.query<{ sealedDetails: Buffer; storedAs: string }>`
      select u.sealed_details, u.stored_as from letter_uploads u where u.id = ${idIn(location)}`;
    const stored = await world.app.blobs.find(row?.storedAs ?? "");
    expect(stored).toBeDefined();
    for (const bytes of [row?.sealedDetails, stored])
      for (const words of ["loan-17", "Lovelace", "%PDF"]) expect(bytes?.includes(words)).toBe(false);
  });

  it("is one of so many that wait: the fifty-first is not taken", async () => {
    const busy = await world.service({ name: "Northwold Rates" });
    const member = await admin.person({ in: busy, permissions: ["send_messages"] });
    const pdf = await suppliedLetter();
    const { location } = await upload(pdf, { by: member, to: busy });
    await world.app.db.query`
      insert into letter_uploads (id, service_id, uploaded_by_name, sealed_details, pages, stored_as, uploaded_at)
      select gen_random_uuid(), u.service_id, u.uploaded_by_name, u.sealed_details, u.pages, 'none', u.uploaded_at
      from letter_uploads u, generate_series(1, 49) where u.id = ${idIn(location)}`;
    const refused = await upload(pdf, { by: member, to: busy });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("50 uploaded letters")]);
    await member.post(`${location}/deletion`);
    expect((await upload(pdf, { by: member, to: busy })).status).toBe(303);
  });

  it("goes nowhere in trial mode, but can be looked at there", async () => {
    const trial = await world.service({ isTrial: true });
    const member = await admin.person({ in: trial, permissions: ["send_messages"] });
    const { location } = await upload(await suppliedLetter(), { by: member, to: trial });
    const { text } = await member.get(location ?? "");
    expect(text).toContain("In trial mode no letters are sent");
    expect(text).not.toContain("Send 1 letter");
    const refused = await member.post(location ?? "", { postage: "first" });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("In trial mode no letters are sent")]);
  });

  it("is another service's for nobody, and nothing where letters are switched off", async () => {
    const location = await look();
    const other = await world.service({ permissions: ["sms"] });
    const stranger = await admin.person({ in: other, permissions: ["send_messages"] });
    expect((await stranger.get(at(other))).status).toBe(403);
    expect((await upload(await suppliedLetter(), { by: stranger, to: other })).status).toBe(403);
    for (const path of ["", "/pages", "/letter.pdf"])
      expect((await stranger.get(`${at(other)}/${idIn(location)}${path}`)).status).toBe(404);
  });

  it("counts towards the day's limit, and says so when that is reached", async () => {
    const made = await world.service();
    await world.app.db.query`update services set daily_limit_letter = 1 where id = ${made.id}`;
    const small = { ...(await world.reload(made)), secrets: made.secrets };
    const member = await admin.person({ in: small, permissions: ["send_messages"] });
    const pdf = await suppliedLetter();
    const [one, two] = [await upload(pdf, { by: member, to: small }), await upload(pdf, { by: member, to: small })];
    expect((await member.post(one.location ?? "", { postage: "second" })).status).toBe(303);
    const refused = await member.post(two.location ?? "", { postage: "second" });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("has sent all the letters")]);
  });
});
