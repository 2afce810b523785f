import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World, type WorldService } from "../../../../test/support/world.ts";
import { LETTER_GEOMETRY } from "../../../core/letter/page-geometry.ts";
import { makeLetter } from "../../../flow/letters/make-letter.ts";
import { type LetterTypesetter, openLetterTypesetter } from "../../../platform/pdf/letter-typesetter.ts";
import { findLetter } from "../../../records/letters/letter-store.ts";
import type { TemplateVersion } from "../../../records/templates/template.ts";

const ADDRESS = "Ada Lovelace\r\n12 St James’s Square\r\n\r\nsw1y4jh";
const TWO_DAYS_MS = 2 * 86_400_000;

let world: World;
let admin: TestAdmin;
let typesetter: LetterTypesetter;
let service: WorldService;
let template: TemplateVersion;
let person: Person;
beforeAll(async () => {
  world = await createWorld();
  admin = await startAdmin(world.app);
  typesetter = openLetterTypesetter({ geometry: LETTER_GEOMETRY });
  service = await world.service({ name: "Northwold Libraries" });
  const words = { subject: "Your card, ((name))", body: "Dear ((name)),\n\nit is ready.", postage: "first" } as const;
  template = await world.template(service, { channel: "letter", name: "Card", ...words });
  person = await admin.person({ in: service, name: "Sam Sender", permissions: ["send_messages"] });
});
afterAll(async () => {
  await typesetter.close();
  await admin.close();
  await world.close();
});

const at = (path = "") => `/services/${service.id}/send/${template.templateId}${path}`;
const write = (fields: Record<string, string>) => person.post(at(), { recipient: ADDRESS, value0: "Ada", ...fields });
const idIn = (location: string | null) => location?.split("/").at(-1) ?? "";

/** Sends one, and does what the worker does with it. */
async function send(): Promise<string> {
  const { location } = await write({});
  const id = idIn((await person.post(location ?? "")).location);
  const notification = await world.latest({ id });
  const letter = await findLetter(world.app.db, id);
  if (!letter) throw new Error("no letter was kept");
  await makeLetter(world.app, typesetter, { notification, letter, service });
  return id;
}

describe("a letter sent by hand", () => {
  it("is offered among what can be sent, and asks for an address and its values", async () => {
    expect((await person.get(`/services/${service.id}/send`)).text).toContain(at());
    const { text } = await person.get(at());
    expect(text).toMatch(/<textarea[^>]*name="recipient"/);
    expect(text).toContain("a UK postcode on the last line");
    expect(text).not.toContain("mine=yes");
  });

  it.each([
    [{ recipient: "" }, "Enter an address"],
    [{ recipient: "Ada\nLondon" }, "an address of at least 3 lines"],
    [{ recipient: "Ada\n1 Road\nParis\nFrance" }, "this service sends no letters to other countries"],
    [{ recipient: "Ada\n(1 Road\nSW1Y 4JH" }, "No line may begin with"],
    [{ value0: " " }, "Enter something for “name”"],
  ])("with %j goes no further, and keeps what was typed", async (fields, words) => {
    const refused = await write(fields);
    expect(refused.status).toBe(400);
    expect(refused.text).toContain(words);
  });

  it("is shown while it is filled in, and as it will go, with its price and without a time to choose", async () => {
    const written = await person.post(at("/preview"), { recipient: "Ada Lovelace", value0: "Ada" });
    expect(written.text).toContain('alt="Page 1 of 1"');
    const { location } = await write({});
    const { text } = await person.get(location ?? "");
    for (const said of ["Ada Lovelace, 12 St James’s Square, SW1Y 4JH", "First class", "It costs £", "Send 1 letter"])
      expect(text).toContain(said);
    expect(text).not.toContain("Send it later");
    const draft = location?.replace("/check", "") ?? "";
    expect((await person.get(`${draft}/pages`)).text).toContain("Page 1 of 1");
    expect((await person.get(`${draft}/letter.pdf`)).text).toMatch(/^%PDF-/);
  });

  it("is kept as a letter once, however often the button is pressed", async () => {
    const { location } = await write({});
    const [first, second] = [await person.post(location ?? ""), await person.post(location ?? "")];
    expect(second.location).toBe(first.location);
    const id = idIn(first.location);
    const notification = await world.latest({ id });
    expect(notification).toMatchObject({ channel: "letter", status: "created", createdByName: "Sam Sender" });
    expect(await findLetter(world.app.db, id)).toMatchObject({ postage: "first", isPrecompiled: false });
  });

  it("longer than printers take is not sent", async () => {
    const body = "Page\n\n---\n\n".repeat(11);
    const long = await world.template(service, { channel: "letter", name: "Long", subject: "Long", body });
    const path = `/services/${service.id}/send/${long.templateId}`;
    const { location } = await person.post(path, { recipient: ADDRESS });
    expect((await person.get(location ?? "")).text).toContain("longer than 10 pages");
    const refused = await person.post(location ?? "");
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("cannot be sent")]);
  });

  it("goes nowhere in trial mode, nor where letters are switched off", async () => {
    for (const [wish, words] of [
      [{ isTrial: true }, "In trial mode no letters are sent"],
      [{ permissions: ["sms"] }, "does not send letters"],
    ] as const) {
      const other = await world.service(wish);
      const theirs = await world.template(other, { channel: "letter", subject: "A", body: "B" });
      const member = await admin.person({ in: other, permissions: ["send_messages"] });
      const answer = await member.get(`/services/${other.id}/send/${theirs.templateId}`);
      expect([answer.status, answer.text]).toEqual([403, expect.stringContaining(words)]);
    }
  });
});

describe("the page of a letter", () => {
  const message = (id: string, path = "") => `/services/${service.id}/messages/${id}${path}`;

  it("shows its pages, its PDF, what it costs and when it arrives", async () => {
    const id = await send();
    const { text } = await person.get(message(id));
    for (const said of [
      "To be printed",
      "Ada Lovelace, 12 St James’s Square, SW1Y 4JH",
      "First class",
      "1 page, on 1 sheet",
    ])
      expect(text).toContain(said);
    expect(text).toMatch(/Estimated delivery: by \d+ \w+ 20\d\d/);
    expect(text).toMatch(/goes to the printer after \d+ \w+ 20\d\d at 17:30/);
    expect(text).toMatch(/£\d\.\d\d, for 1 sheet of paper/);
    expect((await person.get(message(id, "/pages"))).text).toContain('alt="Page 1 of 1"');
    const pdf = await person.get(message(id, "/letter.pdf"));
    expect([pdf.headers.get("content-type"), pdf.text.slice(0, 5)]).toEqual(["application/pdf", "%PDF-"]);
  });

  it("takes it back until it is printed, and not afterwards", async () => {
    const [first, second] = [await send(), await send()];
    expect((await person.post(message(first, "/cancellation"))).location).toBe(message(first));
    const { text } = await person.get(message(first));
    expect(text).toContain("Cancelled");
    expect(text).not.toContain("Cancel this letter");
    world.clock.advance(TWO_DAYS_MS);
    const colleague = await admin.person({ in: service, permissions: ["send_messages"] });
    expect((await colleague.get(message(second))).text).not.toContain("Cancel this letter");
    const late = await colleague.post(message(second, "/cancellation"));
    expect([late.status, late.text]).toEqual([400, expect.stringContaining("too late to cancel")]);
    world.clock.advance(-TWO_DAYS_MS);
  });

  it("says why it is not printed, and on which pages", async () => {
    const id = await send();
    await world.app.db.query`
      update letters set reason_code = 'content-outside-printable-area', reason_pages = '{1,2}' where notification_id = ${id}`;
    await world.app.db.query`update notifications set status = 'validation-failed' where id = ${id}`;
    const { text } = await person.get(message(id));
    expect(text).toContain("Something is printed where nothing may be");
    expect(text).toContain("On 2 pages: 1, 2");
    expect(text).not.toContain("Estimated delivery");
  });

  it("does not show pages whose template hides its values, nor those of another service", async () => {
    const id = await send();
    const other = await world.service({ name: "Elsewhere" });
    const stranger = await admin.person({ in: other, permissions: ["send_messages"] });
    expect((await stranger.get(`/services/${other.id}/messages/${id}/letter.pdf`)).status).toBe(404);
    await world.app.db
      .query`update templates set hides_personalisation_since = now() where id = ${template.templateId}`;
    expect((await person.get(message(id))).text).toContain("this template hides personalisation");
    expect((await person.get(message(id, "/pages"))).status).toBe(404);
    expect((await person.get(message(id, "/letter.pdf"))).status).toBe(404);
    await world.app.db.query`update templates set hides_personalisation_since = null where id = ${template.templateId}`;
  });
});
