/** Files that go with every email of a template: sent over the API, each recipient with a link of their own, and opened by nothing else. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dayOf } from "../../src/core/calendar/home-day.ts";
import { recordKept, storeTemplateFile } from "../../src/flow/files/template-files.ts";
import { removeFileOfTemplate } from "../../src/flow/templates/email-files.ts";
import { deletePastFiles, deleteUnneededTemplateFiles } from "../../src/flow/upkeep/past-documents.ts";
import { open } from "../../src/platform/sealing.ts";
import { createTemplates } from "../../src/records/templates/template-cache.ts";
import {
  sealedTemplateFile,
  type TemplateFile,
  templateFileBlobKey,
} from "../../src/records/templates/template-file.ts";
import { sandboxScanner } from "../../src/sandbox/scanner/sandbox-scanner.ts";
import { startApi, type TestApi } from "../support/api.ts";
import { PDF } from "../support/files.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
const AUTHOR = { userId: "00000000-0000-4000-8000-000000000001", ip: undefined, emailAddress: "editor@example.gov.uk" };

let world: World;
let api: TestApi;
let service: WorldService;
beforeAll(async () => {
  const origins = { api: undefined, admin: undefined, documents: undefined };
  const scanning = { scanner: sandboxScanner, acceptsUnscanned: false, sandboxScanner };
  world = await createWorld({ origins, scanning });
  api = await startApi(world.app);
  service = await world.service({ name: "Northwold Libraries", filesContact: "020 7946 0000" });
});
afterAll(async () => {
  await api?.close();
  await world?.close();
});

type Settings = Pick<TemplateFile, "linkText" | "retentionWeeks" | "asksForAddress">;

async function templateWithFile(body: string, settings: Partial<Settings> = {}) {
  const { templateId } = await world.template(service, { channel: "email", body });
  const file = await storeTemplateFile(world.app, service, {
    templateId,
    fileName: "map.pdf",
    file: { bytes: PDF, extension: "pdf", mimeType: "application/pdf" },
    settings: { linkText: undefined, retentionWeeks: 3, asksForAddress: false, ...settings },
  });
  await world.app.db.transaction((tx) => recordKept(tx, [file], world.app.clock.now()));
  // Templates are remembered for a moment; tests do not wait for it.
  Object.assign(world.app.templates, createTemplates(world.app.db));
  return { templateId, file };
}

const send = (templateId: string, more: object = {}) =>
  api.post(
    "/v2/notifications/email",
    { email_address: "ada@example.org", template_id: templateId, ...more },
    { as: service },
  );

const linkIn = (body: string) => new URL(/https?:\/\/[^\s)]+/.exec(body)?.[0] ?? "");

async function download(link: URL): Promise<Response> {
  const page = new URL(link);
  page.pathname += "/download";
  const html = await (await fetch(page)).text();
  return fetch(/href="(http[^"]+\/documents\/[^"]+)"/.exec(html)?.[1]?.replaceAll("&amp;", "&") ?? "");
}

describe("an email with a file of its template", () => {
  it("has a link in the place of the file's name, each recipient another, and both give the same file", async () => {
    const { templateId } = await templateWithFile("See ((Map.pdf)).");
    const [first, second] = [await send(templateId), await send(templateId)];
    expect(first.json.content.body).toMatch(/^See http[^ ]+\/d\/[\w-]{22}\/[\w-]{22}\?key=[\w-]{43}\.$/);
    const links = [first, second].map(({ json }) => linkIn(json.content.body.slice(0, -1)));
    expect(links[0]?.href).not.toBe(links[1]?.href);
    for (const link of links) {
      const file = await download(link);
      expect(Buffer.from(await file.arrayBuffer())).toEqual(PDF);
      expect(file.headers.get("content-disposition")).toContain("map.pdf");
    }
    const rows = await world.app.db.query<{ downloads: number; availableUntil: string }>`
      select d.downloads, d.available_until::text from documents d where d.placeholder = 'map.pdf' and d.template_file_id is not null`;
    expect(rows.map(({ downloads }) => downloads)).toEqual([1, 1]);
    const lastDay = Date.parse(dayOf(world.clock.now())) + 3 * WEEK_MS;
    expect(rows[0]?.availableUntil).toBe(new Date(lastDay).toISOString().slice(0, 10));
  });

  it("has the words of the link where there are some, and is kept without its key", async () => {
    const { templateId } = await templateWithFile("Here: ((map.pdf))", { linkText: "Your map" });
    const { json } = await send(templateId);
    expect(json.content.body).toMatch(/^Here: \[Your map\]\(http.+\?key=[\w-]{43}\)$/);
    const { json: shown } = await api.get(`/v2/notifications/${json.id}`, { as: service });
    expect(shown.body).toMatch(/^Here: \[Your map\]\(http[^?]+\)$/);
  });

  it("overrides what a request sends for its name, and needs nothing of it", async () => {
    const { templateId } = await templateWithFile("((map.pdf))");
    const { json } = await send(templateId, { personalisation: { "map.pdf": "https://elsewhere.example" } });
    expect(linkIn(json.content.body).pathname).toMatch(/^\/d\//);
    const { json: template } = await api.get(`/v2/template/${templateId}`, { as: service });
    expect(template.personalisation).toEqual({ "map.pdf": { required: true } });
    const preview = await api.post(`/v2/template/${templateId}/preview`, {}, { as: service });
    expect(preview.json.errors[0].message).toBe("Missing personalisation: map.pdf");
  });

  it("to a simulated recipient keeps nothing", async () => {
    const { templateId } = await templateWithFile("((map.pdf))", { linkText: "Your map" });
    const before = (await world.app.db.query`select 1 from documents`).length;
    const { json } = await send(templateId, { email_address: "simulate-delivered@notifications.service.gov.uk" });
    expect(json.content.body).toMatch(/^\[Your map\]\(http.+\/documents\/test-document\)$/);
    expect((await world.app.db.query`select 1 from documents`).length).toBe(before);
  });

  it("has none where the words have no place for it", async () => {
    const { templateId } = await templateWithFile("Hello");
    const { json } = await send(templateId);
    const rows = await world.app.db.query`select 1 from documents d where d.notification_id = ${json.id}`;
    expect([json.content.body, rows.length]).toEqual(["Hello", 0]);
  });

  it("asks for the address it was sent to, where the template's file does", async () => {
    const { templateId } = await templateWithFile("((map.pdf))", { asksForAddress: true });
    const link = linkIn((await send(templateId)).json.content.body);
    const confirm = new URL(link);
    confirm.pathname += "/confirm-email-address";
    const give = (address: string) =>
      fetch(confirm, { method: "POST", redirect: "manual", body: new URLSearchParams({ email_address: address }) });
    expect([(await give("eve@example.org")).status, (await give("ada@example.org")).status]).toEqual([400, 303]);
  });
});

describe("a file that is removed from its template", () => {
  it("is opened by links that were sent and by nothing else, and goes with the last of them", async () => {
    const { templateId, file } = await templateWithFile("Hello\n\n((map.pdf))");
    const link = linkIn((await send(templateId)).json.content.body);
    await world.app.db.query`update documents set sealed_key = null`; // as once the email is sent
    await removeFileOfTemplate(world.app, AUTHOR, { serviceId: service.id, templateId, fileId: file.id });
    const [row] = await world.app.db.query<{ sealedKey: Buffer | undefined }>`
      select f.sealed_key from template_files f where f.id = ${file.id}`;
    expect(row?.sealedKey).toBeUndefined();
    const sealed = await world.app.blobs.find(templateFileBlobKey(file.id));
    const tryOpen = (key: Buffer) => () =>
      open({ key, belongsTo: sealedTemplateFile.file(file.id) }, sealed ?? Buffer.of());
    for (const key of [service.dataKey, world.app.keys.searchIndex, world.app.keys.links])
      expect(tryOpen(key)).toThrow();
    expect(Buffer.from(await (await download(link)).arrayBuffer())).toEqual(PDF);

    world.clock.advance(2 * HOUR_MS);
    await deleteUnneededTemplateFiles(world.app);
    expect(await world.app.blobs.find(templateFileBlobKey(file.id))).toBeDefined();
    world.clock.advance(4 * WEEK_MS);
    await deletePastFiles(world.app);
    await deleteUnneededTemplateFiles(world.app);
    expect(await world.app.blobs.find(templateFileBlobKey(file.id))).toBeUndefined();
    expect(await world.app.db.query`select 1 from template_files f where f.id = ${file.id}`).toEqual([]);
  });

  it("as one whose upload was cut off, which goes after an hour", async () => {
    const { templateId } = await world.template(service, { channel: "email" });
    const file = { bytes: PDF, extension: "pdf", mimeType: "application/pdf" } as const;
    const { id } = await storeTemplateFile(world.app, service, { templateId, fileName: "cut-off.pdf", file });
    expect(await world.app.templates.findFiles(templateId)).toEqual([]);
    await world.app.db.query`update template_files set created_at = now() - interval '1 day' where id = ${id}`;
    await deleteUnneededTemplateFiles(world.app);
    expect(await world.app.blobs.find(templateFileBlobKey(id))).toBeUndefined();
  });
});
