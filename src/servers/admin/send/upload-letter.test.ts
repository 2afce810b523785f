import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World, type WorldService } from "../../../../test/support/world.ts";
import { findLetter } from "../../../records/letters/letter-store.ts";

let world: World;
let admin: TestAdmin;
let service: WorldService;
let person: Person;
beforeAll(async () => {
  world = await createWorld({});
  world.app.scanning.acceptsUnscanned = true;
  admin = await startAdmin(world.app);
  service = await world.service({ name: "Northwold Libraries" });
  person = await admin.person({ in: service, name: "Sam Sender", permissions: ["send_messages"] });
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

const at = () => `/services/${service.id}/send/upload-letter`;
const upload = (bytes: Uint8Array) =>
  person.upload(at(), { field: "pdf", name: "loan-17.pdf", bytes }, { postage: "first" });

describe("a letter that is uploaded", () => {
  it("is kept under its file's name, and waits to be checked", async () => {
    expect((await person.get(`/services/${service.id}/send`)).text).toContain(at());
    const { location } = await upload(Buffer.from("%PDF-1.7 …"));
    const id = location?.split("/").at(-1) ?? "";
    const notification = await world.latest({ id });
    expect(notification).toMatchObject({ status: "pending-virus-check", reference: "loan-17.pdf" });
    expect(notification).toMatchObject({ createdByName: "Sam Sender", apiKeyId: undefined });
    expect(await findLetter(world.app.db, id)).toMatchObject({ isPrecompiled: true, postage: "first" });
    const { text } = await person.get(location ?? "");
    expect(text).toContain("Checking for viruses");
    expect((await person.get(`${location}/letter.pdf`)).status).toBe(404);
  });

  it.each([
    ["no PDF", Buffer.from("hello"), "Choose a PDF file"],
    ["too large", Buffer.concat([Buffer.from("%PDF-"), Buffer.alloc(5 * 1024 * 1024)]), "5 MB or smaller"],
  ])("and is %s is refused, and nothing is kept", async (_, bytes, words) => {
    const count = async () => (await world.app.db.query`select 1 from letters`).length;
    const before = await count();
    const refused = await upload(bytes);
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining(words)]);
    expect(await count()).toBe(before);
  });

  it("needs a service that sends letters", async () => {
    const trial = await world.service({ isTrial: true });
    const member = await admin.person({ in: trial, permissions: ["send_messages"] });
    const path = `/services/${trial.id}/send/upload-letter`;
    const file = { field: "pdf", name: "a.pdf", bytes: Buffer.from("%PDF-1.7") };
    const refused = await member.upload(path, file, { postage: "first" });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("In trial mode no letters are sent")]);
    const other = await world.service({ permissions: ["sms"] });
    const stranger = await admin.person({ in: other, permissions: ["send_messages"] });
    expect((await stranger.get(`/services/${other.id}/send/upload-letter`)).status).toBe(403);
    expect((await member.get(`/services/${trial.id}/send`)).text).not.toContain("upload-letter");
  });
});
