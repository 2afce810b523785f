import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { CSV, EXE, PDF } from "../../../../test/support/files.ts";
import { createWorld, type World, type WorldService } from "../../../../test/support/world.ts";
import { readTemplateFile } from "../../../flow/files/template-files.ts";
import { insertMember } from "../../../records/services/member-store.ts";
import { listTemplateFiles } from "../../../records/templates/template-file-store.ts";
import { findTemplatePage } from "../../../records/templates/template-page-store.ts";

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
  service = await world.service({ name: "Northwold Libraries", filesContact: "020 7946 0000" });
  editor = await admin.person({ in: service, permissions: ["manage_templates", "manage_service", "send_messages"] });
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

const template = async (subject = "Your map") =>
  (await world.template(service, { channel: "email", subject, body: "Hello" })).templateId;
const at = (id: string, path = "") => `/services/${service.id}/templates/${id}${path}`;
const add = (id: string, name = "map.pdf", bytes: Uint8Array = PDF) =>
  editor.upload(at(id, "/files"), { field: "file", name, bytes });
const files = (id: string) => listTemplateFiles(world.app.db, id);
const bodyOf = async (id: string) => (await findTemplatePage(world.app.db, service.id, id))?.body;

describe("files of an email template", () => {
  it("are added with a place at the end of the message, and removed with it", async () => {
    const id = await template();
    expect((await editor.get(at(id))).text).toContain("Attach files");
    expect((await editor.get(at(id, "/files"))).text).toContain("No files added");
    const added = await add(id);
    const [file] = await files(id);
    expect(added.location).toBe(at(id, `/files/${file?.id}`));
    expect(await bodyOf(id)).toBe("Hello\n\n((map.pdf))");
    expect((await editor.get(at(id))).text).toContain("1 file added");
    expect(file && (await readTemplateFile(world.app, service, file))).toEqual(PDF);
    expect((await editor.get(at(id, `/files/${file?.id}/remove`))).text).toContain("remove “map.pdf”?");
    await editor.post(at(id, `/files/${file?.id}/remove`));
    expect((await editor.get(at(id, "/files"))).text).toContain("No files added");
    expect(await bodyOf(id)).toBe("Hello");
    const history = (await editor.get(`/services/${service.id}/audit`)).text;
    expect(history).toContain("File added to an email template");
    expect(history).toContain("File removed from an email template");
  });

  it("have no example value to try the template with: what they are is known", async () => {
    const { templateId: id } = await world.template(service, { channel: "email", body: "Hello ((name)), ((Map.PDF))" });
    await add(id);
    const { text } = await editor.get(at(id, "/edit"));
    expect([...text.matchAll(/name="exampleName" value="([^"]+)"/g)].map(([, name]) => name)).toEqual(["name"]);
    expect(text).toContain("&quot;fileNames&quot;:[&quot;map.pdf&quot;]");
  });

  it("are handed out as somebody says", async () => {
    const id = await template();
    await add(id);
    const [file] = await files(id);
    const url = at(id, `/files/${file?.id}`);
    expect(file).toMatchObject({ linkText: undefined, retentionWeeks: 26, asksForAddress: true });
    const form = { linkText: "Your map", retentionWeeks: "50", asksForAddress: "no" };
    expect((await editor.post(url, form)).location).toBe(url);
    expect(await files(id)).toMatchObject([{ linkText: "Your map", retentionWeeks: 50, asksForAddress: false }]);
    const { text } = await editor.get(url);
    for (const said of [
      "Link text: Your map",
      "for 50 weeks",
      "are not asked",
      "stands where the message has ((map.pdf))",
    ])
      expect(text).toContain(said);
    await editor.post(url, { ...form, linkText: "" });
    expect(await files(id)).toMatchObject([{ linkText: undefined }]);
  });

  it.each([
    [{ retentionWeeks: "79" }, "Enter a number of weeks from 1 to 78"],
    [{ linkText: "Your [map]" }, "without brackets"],
    [{ asksForAddress: "maybe" }, "Choose whether"],
  ])("%j is refused, and nothing changes", async (change, words) => {
    const id = await template();
    await add(id);
    const [before] = await files(id);
    const form = { linkText: "A", retentionWeeks: "2", asksForAddress: "no", ...change };
    const refused = await editor.post(at(id, `/files/${before?.id}`), form);
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining(words)]);
    expect(await files(id)).toEqual([before]);
  });

  it.each<[string, string, Uint8Array, string]>([
    ["a program", "run.exe", EXE, "Unsupported file type &#39;.exe&#39;"],
    ["a program that says it is none", "map.pdf", EXE, "Unsupported file type"],
    ["infected", "map.txt", Buffer.from(EICAR), "File did not pass the virus scan"],
    ["empty", "map.txt", Buffer.of(), "The file is empty"],
    ["too large", "map.txt", Buffer.alloc(2 * 1024 * 1024 + 1025, "a"), "2 MB or smaller"],
    ["with a name too long", `${"a".repeat(97)}.txt`, CSV, "up to 100 characters"],
    ["with brackets in its name", "map (2).pdf", PDF, "cannot have brackets"],
    ["with a comma in its name", "map, new.pdf", PDF, "commas"],
    ["called as a value of the subject", "number", PDF, "The subject has a placeholder of this name"],
  ])("%s is refused, and kept nowhere", async (_, name, bytes, words) => {
    const id = await template("About ((number))");
    const kept = async () => (await world.app.db.query`select 1 from template_files`).length;
    const before = await kept();
    const refused = await add(id, name, bytes);
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining(words)]);
    expect([await kept(), await bodyOf(id)]).toEqual([before, "Hello"]);
  });

  it("are up to ten, each of another name", async () => {
    const id = await template();
    for (let index = 1; index <= 10; index += 1) await add(id, `${index}.csv`, CSV);
    expect((await add(id, "2.CSV", CSV)).text).toContain("has a file of this name");
    expect((await add(id, "11.csv", CSV)).text).toContain("up to 10 files");
    expect(await files(id)).toHaveLength(10);
  });

  it("need contact details first, and an email", async () => {
    const other = await world.service({ name: "Without" });
    const member = await admin.person({ in: other, permissions: ["manage_templates"] });
    const { templateId } = await world.template(other, { channel: "email" });
    const path = `/services/${other.id}/templates/${templateId}/files`;
    expect((await member.get(path)).text).toContain("Ask somebody who manages this service");
    const refused = await member.upload(path, { field: "file", name: "a.csv", bytes: CSV });
    expect([refused.status, await listTemplateFiles(world.app.db, templateId)]).toEqual([400, []]);
    const text = await world.template(service, { channel: "sms" });
    expect((await editor.get(at(text.templateId, "/files"))).status).toBe(404);
  });

  it("are no value that requests have to give: their place may come and go without a question", async () => {
    const id = await template();
    await add(id);
    const words = { name: "A template", subject: "Your map", body: "Hello", baseVersion: "2" };
    expect((await editor.post(at(id, "/edit"), words)).location).toBe(at(id));
    const [file] = await files(id);
    expect((await editor.get(at(id, `/files/${file?.id}`))).text).toContain("no place for its link");
    const again = await editor.post(at(id, "/edit"), { ...words, body: "((map.pdf))", baseVersion: "3" });
    expect(again.location).toBe(at(id));
  });

  it("are copied with the template, into another service under that one's key", async () => {
    const id = await template();
    await add(id);
    const other = await world.service({ name: "Northwold Parking" });
    const both = await admin.person({ in: service, permissions: ["manage_templates"] });
    const member = { serviceId: other.id, userId: both.userId, permissions: ["manage_templates"] } as const;
    await world.app.db.transaction((tx) => insertMember(tx, member));
    const path = `/services/${other.id}/templates/new/copy`;
    const copied = await both.post(path, { original: `${service.id}:${id}` });
    const [copy] = await files(copied.location?.split("/").at(-1) ?? "");
    expect(copy).toMatchObject({ fileName: "map.pdf", serviceId: other.id, retentionWeeks: 26 });
    expect(copy && (await readTemplateFile(world.app, other, copy))).toEqual(PDF);
  });

  it("are looked at as recipients will, with a banner and one's own address", async () => {
    const id = await template();
    await add(id);
    const [file] = await files(id);
    const preview = at(id, `/files/${file?.id}/preview`);
    const landing = await editor.get(preview);
    expect(landing.text).toContain("This is a preview of what recipients see.");
    expect(landing.text).toContain(`${preview}/confirm-email-address`);
    const wrong = await editor.post(`${preview}/confirm-email-address`, { email_address: "eve@example.org" });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining("This is not the email address")]);
    const right = await editor.post(`${preview}/confirm-email-address`, { email_address: editor.emailAddress });
    expect(right.location).toBe(`${preview}/download`);
    expect((await editor.get(`${preview}/download`)).text).toContain("Download this PDF");
    const given = await editor.get(`${preview}/file`);
    expect([given.headers.get("content-type"), given.text.startsWith("%PDF")]).toEqual(["application/pdf", true]);
  });
});
