import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { NotifyClient } from "notifications-node-client";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { PennypostClient, PennypostError, type Upload, type UploadOptions } from "../../client/src/index.ts";
import { HOME_TIME_ZONE } from "../../src/core/calendar/home.ts";
import { parseShortId } from "../../src/flow/files/document-link.ts";
import { openContent } from "../../src/flow/personal-content.ts";
import { open } from "../../src/platform/sealing.ts";
import { newWebhookSecret } from "../../src/platform/webhook-signature.ts";
import { blobKeyOf, sealedDocument } from "../../src/records/documents/document.ts";
import type { Service } from "../../src/records/services/service.ts";
import { findService } from "../../src/records/services/service-store.ts";
import { EICAR } from "../peers/clamd.ts";
import { type Demo, type Product, startProduct } from "../support/product.ts";
import { type Doors, declare, openDoors } from "../support/product-doors.ts";
import { type Receiver, startReceiver } from "../support/receiver.ts";
import { infectedLetter, suppliedLetter } from "../support/supplied-pdfs.ts";

const PATIENCE = { timeout: 30_000, interval: 50 };
const BEARER_TOKEN = "a token for callbacks";
const SIGNING_SECRET = newWebhookSecret();
const TEXT_SENDER = { id: randomUUID(), sender: "Renewals" };
const REPLY_TO = { id: randomUUID(), address: "renewals@northwold.example" };
const REMINDER = { id: randomUUID(), channel: "sms", name: "Reminder" };
const FILE_EMAIL = {
  ...{ id: randomUUID(), channel: "email", name: "Your loans", subject: "Your loans" },
  body: "Download what you have on loan: ((link))",
};
const LETTER_VALUES = {
  ...{ address_line_1: "Ada Lovelace", address_line_2: "12 St James’s Square", postcode: "sw1y4jh" },
  ...{ name: "Ada", date: "31 March" },
};
const CALLBACK_PATHS = { "delivery-receipt": "/receipts", "received-text": "/texts", complaint: "/complaints" };
const OUR_NUMBER = "07700900500";
const A_FINE_TEXT =
  "Hello Amala, the book you reserved is ready at Northwold Central Library. We will keep it for you until Saturday.";

let product: Product;
let doors: Doors;
let receiver: Receiver;
let demo: Demo;

beforeAll(async () => {
  receiver = await startReceiver();
  product = await startProduct();
  demo = product.demo;
  const service = { id: demo.service_id, name: "Northwold Libraries" };
  const callbacks = Object.entries(CALLBACK_PATHS).map(([kind, path]) => ({
    ...{ kind, url: `${receiver.url}${path}` },
    ...{ bearer_token: BEARER_TOKEN, signing_secret: SIGNING_SECRET },
  }));
  const first = { ...REMINDER, body: "First version" };
  await declare(product, {
    services: [{ ...service, callbacks, text_senders: [TEXT_SENDER], reply_tos: [REPLY_TO], templates: [first] }],
  });
  await declare(product, {
    services: [{ ...service, templates: [{ ...REMINDER, body: "Second version, ((name))" }, FILE_EMAIL] }],
  });
  doors = await openDoors(product);
});

afterAll(async () => {
  await doors?.close();
  await product?.close();
  await receiver?.close();
});

type Methods =
  | "sendSms"
  | "sendEmail"
  | "sendLetter"
  | "sendPrecompiledLetter"
  | "getPdfForLetterNotification"
  | "getNotificationById"
  | "getNotifications"
  | "getTemplateById"
  | "getTemplateByIdAndVersion"
  | "getAllTemplates"
  | "previewTemplateById"
  | "getReceivedTexts";

/** What both clients can do: the same methods with the same arguments. */
type Client = Pick<PennypostClient, Methods>;

type Received = Receiver["received"][number];

interface Kind {
  name: string;
  connect(apiKey: string): Client;
  prepareUpload(file: Buffer, options?: UploadOptions): Upload;
  /** The HTTP status and the errors, from the client's own error. */
  read(error: unknown): { status: number | undefined; errors: unknown };
}

const OFFICIAL: Kind = {
  name: "the official Node client",
  connect: connectOfficial,
  prepareUpload: (file, options) => {
    const client = new NotifyClient(product.apiUrl, demo.keys.live) as unknown as Pick<
      PennypostClient,
      "prepareUpload"
    >;
    return client.prepareUpload(file, options);
  },
  read: readAxiosError,
};
const OURS: Kind = {
  name: "our own client",
  connect: (apiKey) => new PennypostClient(product.apiUrl, apiKey),
  prepareUpload: (file, options) => new PennypostClient(product.apiUrl, demo.keys.live).prepareUpload(file, options),
  read: (error) => {
    if (!(error instanceof PennypostError)) throw error;
    return { status: error.statusCode, errors: error.errors };
  },
};

/** It answers with the whole response of its HTTP library, of which the body is asked for; but with a PDF as it is. */
function connectOfficial(apiKey: string): Client {
  const client = new NotifyClient(product.apiUrl, apiKey) as unknown as Record<string, (...args: unknown[]) => unknown>;
  return new Proxy({} as Client, {
    get:
      (_target, method: string) =>
      async (...args: unknown[]) => {
        const response = await (client[method]?.(...args) as Promise<Buffer | { data: unknown }>);
        return Buffer.isBuffer(response) ? response : response.data;
      },
  });
}

function readAxiosError(error: unknown) {
  const { response } = error as { response?: { status: number; data: { status_code: number; errors: unknown } } };
  if (response === undefined) throw error;
  expect(response.data.status_code).toBe(response.status);
  return { status: response.status, errors: response.data.errors };
}

/** As a recipient does: gives the address, and follows the links. */
async function download(link: URL, recipient: string): Promise<Buffer> {
  const page = (name: string) => `${link.origin}${link.pathname}/${name}${link.search}`;
  const body = new URLSearchParams({ email_address: recipient });
  const given = await fetch(page("confirm-email-address"), { method: "POST", body, redirect: "manual" });
  const cookie = given.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const html = await (await fetch(page("download"), { headers: { cookie } })).text();
  const [, file = ""] = /href="(http[^"]+)"/.exec(html) ?? [];
  return Buffer.from(await (await fetch(file, { headers: { cookie } })).arrayBuffer());
}

/** What is known of a file by its link: whether its recipient must give an address, and for how many days it is there. */
async function kept(link: URL | undefined): Promise<{ isAddressAsked: boolean; days: number }> {
  const [row] = await doors.db.query<{ isAddressAsked: boolean; days: number }>`
    select d.recipient_hash is not null as is_address_asked,
      d.available_until - (d.created_at at time zone ${HOME_TIME_ZONE})::date as days
    from documents d where d.id = ${parseShortId(link?.pathname.split("/")[3] ?? "") ?? ""}`;
  if (!row) throw new Error("the document is not in the database");
  return row;
}

/** The file by its link alone; undefined where that is not enough. */
async function openly(link: URL | undefined): Promise<Buffer | undefined> {
  const html = await (await fetch(`${link?.origin}${link?.pathname}/download${link?.search}`)).text();
  const [, file] = /href="(http[^"]+\/documents\/[^"]+)"/.exec(html) ?? [];
  return file ? Buffer.from(await (await fetch(file.replaceAll("&amp;", "&"))).arrayBuffer()) : undefined;
}

/** Whoever has the database, the files, the master key and every key made of it has not got the one in the link. */
async function expectSealedFromUs(link: URL): Promise<void> {
  const [service, document] = link.pathname
    .split("/")
    .slice(2)
    .map((id) => parseShortId(id) ?? "");
  const key = Buffer.from(link.searchParams.get("key") ?? "", "base64url");
  const [blob, details] = [
    readFileSync(join(product.dataDir, "files", blobKeyOf(document ?? ""))),
    await detailsOf(document ?? ""),
  ];
  expect(
    JSON.parse(open({ key, belongsTo: sealedDocument.details(document ?? "") }, details).toString()),
  ).toMatchObject({
    filename: "loans.csv",
  });
  const ours = await findService(doors.db, doors.keys, service ?? "");
  const { master, searchIndex, links } = doors.keys;
  for (const known of [master.bytes, searchIndex, links, ours?.dataKey ?? Buffer.alloc(32)]) {
    expect(() => open({ key: known, belongsTo: sealedDocument.file(document ?? "") }, blob)).toThrow();
    expect(() => open({ key: known, belongsTo: sealedDocument.details(document ?? "") }, details)).toThrow();
  }
  const spellings = ["base64url", "base64", "hex"].map((encoding) => key.toString(encoding as BufferEncoding));
  for (const text of await everythingKept(ours)) for (const spelling of spellings) expect(text).not.toContain(spelling);
}

async function detailsOf(id: string): Promise<Buffer> {
  const [row] = await doors.db.query<{ sealedDetails: Buffer; sealedKey: Buffer | undefined }>`
    select d.sealed_details, d.sealed_key from documents d where d.id = ${id}`;
  if (!row) throw new Error("the document is not in the database");
  expect(row.sealedKey).toBeUndefined();
  return row.sealedDetails;
}

/** Every row of every table but the sandbox's mailbox, which is the recipient's, and what is sealed in notifications. */
async function everythingKept(service: Service | undefined): Promise<string[]> {
  const [{ xml } = { xml: "" }] = await doors.db.query<{ xml: string }>`
    select string_agg(query_to_xml(format('select to_jsonb(t)::text as row from %s t', c.oid::regclass), true, false, '')::text, '') as xml
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname = 'public' and c.relname not like 'sandbox%'`;
  expect(xml).toContain("sealed_details");
  const rows = await doors.db.query<{ id: string; sealedContent: Buffer }>`
    select n.id, n.sealed_content from notifications n where n.service_id = ${service?.id} and n.sealed_content is not null`;
  const opened = rows.map((row) => JSON.stringify(openContent({ dataKey: service?.dataKey ?? Buffer.alloc(32) }, row)));
  expect(opened.join()).toContain("/d/");
  return [xml, ...opened];
}

async function untilStatus(client: Client, id: string, status: string) {
  return vi.waitFor(async () => {
    const notification = await client.getNotificationById(id);
    expect(notification.status).toBe(status);
    return notification;
  }, PATIENCE);
}

function untilCalledBack(path: string, isIt: (body: Record<string, unknown>) => boolean): Promise<Received> {
  return vi.waitFor(() => {
    const found = receiver.received.find((request) => request.path === path && isIt(JSON.parse(request.body)));
    if (!found) throw new Error(`no callback of this kind at ${path}`);
    return found;
  }, PATIENCE);
}

function expectGenuine({ headers, body }: Received): void {
  expect(headers.authorization).toBe(`Bearer ${BEARER_TOKEN}`);
  expect(headers["content-type"]).toBe("application/json");
  const verified = new Webhook(SIGNING_SECRET).verify(body, headers as Record<string, string>);
  expect(verified).toEqual(JSON.parse(body));
}

describe.each([OFFICIAL, OURS])("$name", ({ connect, prepareUpload, read }) => {
  let client: Client;
  beforeEach(() => {
    client = connect(demo.keys.live);
  });

  it("sends a text and follows it until it is delivered", async () => {
    const reference = randomUUID();
    const options = { personalisation: { name: "Amala" }, reference, smsSenderId: TEXT_SENDER.id };
    const sent = await client.sendSms(demo.templates.sms, "07700 900123", options);
    const template = { id: demo.templates.sms, version: 1, uri: expect.stringContaining(demo.templates.sms) };
    expect(sent).toEqual({
      id: expect.any(String),
      reference,
      content: { body: A_FINE_TEXT, from_number: "Renewals" },
      uri: `${product.apiUrl}/v2/notifications/${sent.id}`,
      template,
      scheduled_for: null,
    });
    expect(await untilStatus(client, sent.id, "delivered")).toMatchObject({
      ...{ id: sent.id, reference, type: "sms", phone_number: "07700 900123", email_address: null },
      ...{ body: A_FINE_TEXT, subject: null, template, postage: null, scheduled_for: null },
      sent_at: expect.any(String),
      completed_at: expect.any(String),
      is_cost_data_ready: true,
      cost_details: { billable_sms_fragments: 1, international_rate_multiplier: 1 },
    });
  });

  it("sends an email that can be answered and unsubscribed from", async () => {
    const oneClickUnsubscribeURL = `https://northwold.example/unsubscribe/${randomUUID()}`;
    const recipient = `${randomUUID()}@reader.example`;
    const sent = await client.sendEmail(demo.templates.email, recipient, {
      personalisation: { name: "[Amala](https://evil.example)" },
      reference: "due",
      emailReplyToId: REPLY_TO.id,
      oneClickUnsubscribeURL,
      sanitiseContentFor: ["name"],
    });
    expect(sent.content).toMatchObject({ one_click_unsubscribe_url: oneClickUnsubscribeURL });
    expect(sent.content.from_email).toMatch(/libraries@/);
    expect(sent.sanitised_content).toEqual({
      name: { unsanitised: "[Amala](https://evil.example)", sanitised: "\\[Amala\\]\\(\\)" },
    });
    expect(await untilStatus(client, sent.id, "delivered")).toMatchObject({
      ...{ type: "email", email_address: recipient, one_click_unsubscribe_url: oneClickUnsubscribeURL },
      ...{ cost_in_pounds: 0, cost_details: {} },
    });
    const [mail] = await doors.outboxOf(recipient);
    expect(mail?.headers).toMatchObject({
      "reply-to": expect.stringContaining(REPLY_TO.address),
      "list-unsubscribe": `<${oneClickUnsubscribeURL}>`,
      "list-unsubscribe-post": "List-Unsubscribe=One-Click",
    });
    expect(mail?.text).not.toContain("evil.example");
  });

  it("sends a file by email, which opens with the link that its recipient got, and with nothing that we have", async () => {
    const recipient = `${randomUUID()}@example.org`;
    const bytes = Buffer.from(`title,due\n${randomUUID()},Saturday\n`);
    const file = prepareUpload(bytes, { filename: "loans.csv", retentionPeriod: "2 weeks" });
    const sent = await client.sendEmail(FILE_EMAIL.id, recipient, { personalisation: { link: file } });
    await untilStatus(client, sent.id, "delivered");
    const [mail] = await doors.outboxOf(recipient);
    const link = new URL(/http\S+\/d\/\S+/.exec(mail?.text ?? "")?.[0] ?? "");
    expect(sent.content.body).toContain(link.href);
    expect((await client.getNotificationById(sent.id)).body).not.toContain("key=");
    expect(await download(link, recipient)).toEqual(bytes);
    await expectSealedFromUs(link);
  });

  it("sends a file to be had without an address, for as long as it says, and one that nothing more is said of", async () => {
    const recipient = `${randomUUID()}@example.org`;
    const bytes = Buffer.from(`${randomUUID()}\n`);
    const options = { filename: "rules.txt", confirmEmailBeforeDownload: false, retentionPeriod: "1 week" };
    for (const upload of [prepareUpload(bytes, options), prepareUpload(bytes)]) {
      const { id } = await client.sendEmail(FILE_EMAIL.id, recipient, { personalisation: { link: upload } });
      await untilStatus(client, id, "delivered");
    }
    const mails = await doors.outboxOf(recipient);
    const [unnamed, named] = mails.map(({ text }) => new URL(/http\S+\/d\/\S+/.exec(text)?.[0] ?? ""));
    expect(await kept(named)).toEqual({ isAddressAsked: false, days: 7 });
    expect(await openly(named)).toEqual(bytes);
    expect(await kept(unnamed)).toEqual({ isAddressAsked: true, days: 26 * 7 });
    expect(await openly(unnamed)).toBeUndefined();
  });

  it("is told which files it cannot send", async () => {
    const refused = async (name: string, content: string) => {
      const link = prepareUpload(Buffer.from(content), { filename: name });
      const sending = client.sendEmail(FILE_EMAIL.id, "ada@example.org", { personalisation: { link } });
      return read(await sending.catch((error: unknown) => error));
    };
    const because = (message: unknown) => ({ status: 400, errors: [{ error: "BadRequestError", message }] });
    expect(await refused("run.exe", "MZ")).toEqual(because(expect.stringMatching(/^Unsupported file type '.exe'/)));
    expect(await refused("page.txt", "<html>")).toEqual(
      because(expect.stringMatching(/^Unsupported file type 'text\/html'/)),
    );
    expect(await refused("virus.txt", EICAR)).toEqual(because("File did not pass the virus scan"));
  });

  it("is told what is wrong with how long a file is to be kept", async () => {
    const link = prepareUpload(Buffer.from("x"), { filename: "x.txt", retentionPeriod: "79 weeks" });
    const sending = client.sendEmail(FILE_EMAIL.id, "ada@example.org", { personalisation: { link } });
    const message = "Unsupported value for retention_period: 79 weeks. Supported periods are from 1 to 78 weeks.";
    expect(read(await sending.catch((error: unknown) => error))).toEqual({
      status: 400,
      errors: [{ error: "ValidationError", message: `retention_period ${message}` }],
    });
  });

  it("sends a letter, follows it, and takes its PDF", async () => {
    const testing = connect(demo.keys.test);
    const reference = randomUUID();
    const sent = await testing.sendLetter(demo.templates.letter, { personalisation: LETTER_VALUES, reference });
    const template = { id: demo.templates.letter, version: 1, uri: expect.stringContaining(demo.templates.letter) };
    expect(sent).toEqual({
      ...{ id: expect.any(String), reference, template, scheduled_for: null },
      content: { subject: expect.any(String), body: expect.stringContaining("31 March") },
      uri: `${product.apiUrl}/v2/notifications/${sent.id}`,
    });
    expect(await untilStatus(testing, sent.id, "received")).toMatchObject({
      ...{ id: sent.id, reference, type: "letter", template, postage: "second", scheduled_for: null },
      ...{ line_1: "Ada Lovelace", line_2: "12 St James’s Square", line_3: null, postcode: "sw1y4jh" },
      ...{ subject: sent.content.subject, body: sent.content.body },
      ...{ is_cost_data_ready: true, cost_in_pounds: 0 },
      estimated_delivery: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
    });
    const pdf = await testing.getPdfForLetterNotification(sent.id);
    expect([Buffer.isBuffer(pdf), pdf.subarray(0, 5).toString()]).toEqual([true, "%PDF-"]);
  });

  it("sends a letter of its own making, and gets it back octet for octet", async () => {
    const testing = connect(demo.keys.test);
    const reference = randomUUID();
    const pdf = await suppliedLetter({ words: reference });
    const sent = await testing.sendPrecompiledLetter(reference, pdf);
    expect(sent).toEqual({ id: expect.any(String), reference, postage: "second" });
    expect(await untilStatus(testing, sent.id, "received")).toMatchObject({
      ...{ reference, type: "letter", postage: "second", is_cost_data_ready: true },
      ...{ line_1: "Provided as PDF", line_2: null, postcode: null, body: expect.any(String) },
    });
    expect(await testing.getPdfForLetterNotification(sent.id)).toEqual(pdf);
    const dear = await client.sendPrecompiledLetter(reference, pdf, "first");
    expect(dear.postage).toBe("first");
    expect(await untilStatus(client, dear.id, "accepted")).toMatchObject({ postage: "first", sent_at: null });
  });

  it("is told what is wrong with a letter of its own making, and what has no PDF", async () => {
    const testing = connect(demo.keys.test);
    const pdfOrRefusal = (id: string) => testing.getPdfForLetterNotification(id).catch(read);
    const refused = (status: number, error: string, message: string) => ({ status, errors: [{ error, message }] });
    const wide = await suppliedLetter({ marks: [{ xMm: 2, yMm: 150 }] });
    const { id: spoilt } = await testing.sendPrecompiledLetter("a mark in the margin", wide);
    const { id: infected } = await testing.sendPrecompiledLetter("a virus", await infectedLetter());
    const { id: empty } = await testing.sendPrecompiledLetter("no octets", Buffer.from(""));
    const { id: text } = await testing.sendSms(REMINDER.id, "07700 900123", { personalisation: { name: "Ada" } });
    await untilStatus(testing, spoilt, "validation-failed");
    expect(await pdfOrRefusal(spoilt)).toEqual(wide);
    await untilStatus(testing, empty, "validation-failed");
    await untilStatus(testing, infected, "virus-scan-failed");
    const virus = "File did not pass the virus scan";
    expect(await pdfOrRefusal(infected)).toEqual(refused(400, "BadRequestError", virus));
    expect(await pdfOrRefusal(text)).toEqual(refused(400, "BadRequestError", "Notification is not a letter"));
    expect(await pdfOrRefusal(randomUUID())).toEqual(refused(404, "NoResultFound", "No result found"));
  });

  it("lists what was sent, by type, status and reference, page after page", async () => {
    const reference = randomUUID();
    const ids: string[] = [];
    for (const name of ["one", "two", "three"]) {
      const { id } = await client.sendSms(demo.templates.sms, "07700 900123", { personalisation: { name }, reference });
      ids.unshift(id);
    }
    for (const id of ids) await untilStatus(client, id, "delivered");
    const listed = async (...filters: Parameters<Client["getNotifications"]>) =>
      (await client.getNotifications(...filters)).notifications.map(({ id }) => id);
    expect(await listed("sms", "delivered", reference)).toEqual(ids);
    expect(await listed("sms", "failed", reference)).toEqual([]);
    expect(await listed("email", undefined, reference)).toEqual([]);
    expect(await listed(undefined, undefined, reference, ids[0])).toEqual(ids.slice(1));
    const { links } = await client.getNotifications("sms", undefined, reference);
    expect(links.current).toBe(`${product.apiUrl}/v2/notifications?template_type=sms&reference=${reference}`);
    expect(links.next).toContain(`older_than=${ids.at(-1)}`);
  });

  it("reads templates, old versions of them, and previews", async () => {
    const template = await client.getTemplateById(REMINDER.id);
    expect(template).toMatchObject({
      ...{ id: REMINDER.id, name: "Reminder", type: "sms", version: 2, body: "Second version, ((name))" },
      personalisation: { name: { required: true } },
    });
    expect(await client.getTemplateByIdAndVersion(REMINDER.id, 1)).toMatchObject({ version: 1, body: "First version" });
    const { templates } = await client.getAllTemplates();
    expect(templates.map(({ id }) => id)).toEqual(expect.arrayContaining([REMINDER.id, demo.templates.email]));
    const emails = await client.getAllTemplates("email");
    expect(new Set(emails.templates.map(({ type }) => type))).toEqual(new Set(["email"]));
    expect(await client.previewTemplateById(REMINDER.id, { name: "Amala" })).toEqual({
      ...{ id: REMINDER.id, type: "sms", version: 2, body: "Second version, Amala", subject: null, html: null },
      postage: null,
    });
    const preview = await client.previewTemplateById(demo.templates.email, { name: "Amala" });
    expect(preview.subject).toBe("Amala, your library books are due back on Friday");
    expect(preview.html).toContain("https://libraries.northwold.example/renew");
  });

  it("reads what someone answered, page after page", async () => {
    const [first, second] = [`Yes please ${randomUUID()}`, `No thanks ${randomUUID()}`];
    for (const text of [first, second]) {
      await doors.order({ kind: "reply", from: "447700900123", to: OUR_NUMBER, text });
      await untilCalledBack("/texts", ({ message }) => message === text);
    }
    const { received_text_messages: texts, links } = await client.getReceivedTexts();
    expect(texts.slice(0, 2).map(({ content }) => content)).toEqual([second, first]);
    expect(texts[0]).toEqual({
      id: expect.any(String),
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      service_id: demo.service_id,
      notify_number: OUR_NUMBER,
      user_number: "447700900123",
      content: second,
    });
    expect(links.current).toBe(`${product.apiUrl}/v2/received-text-messages`);
    const older = await client.getReceivedTexts(texts[0]?.id);
    expect(older.received_text_messages[0]?.content).toBe(first);
  });

  describe("is told", () => {
    const refusals: [string, string, (kind: Kind["connect"]) => Promise<unknown>, number, object][] = [
      [
        "that a key is not known",
        "a key of nobody's",
        (to) => to(`nobody-${randomUUID()}-${randomUUID()}`).getAllTemplates(),
        403,
        { error: "AuthError", message: "Invalid token: service not found" },
      ],
      [
        "that a secret is wrong",
        "a wrong secret",
        (to) => to(`wrong-${demo.service_id}-${randomUUID()}`).getAllTemplates(),
        403,
        { error: "AuthError", message: "Invalid token: API key not found" },
      ],
      [
        "that there is no such template",
        "another template",
        (to) => to(demo.keys.live).sendSms(randomUUID(), "07700 900123"),
        400,
        { error: "BadRequestError", message: "Template not found" },
      ],
      [
        "what personalisation is missing",
        "no name",
        (to) => to(demo.keys.live).sendSms(demo.templates.sms, "07700 900123"),
        400,
        { error: "BadRequestError", message: "Missing personalisation: name" },
      ],
      [
        "that a team key reaches the team alone",
        "a stranger",
        (to) => to(demo.keys.team).sendSms(demo.templates.sms, "07700 900456", { personalisation: { name: "A" } }),
        400,
        { error: "BadRequestError", message: expect.stringMatching(/recipient using a team-only API key/) },
      ],
      [
        "that a number is none",
        "half a number",
        (to) => to(demo.keys.live).sendSms(demo.templates.sms, "07700", { personalisation: { name: "A" } }),
        400,
        { error: expect.stringMatching(/Error$/), message: expect.any(String) },
      ],
      [
        "that a notification is not there",
        "another id",
        (to) => to(demo.keys.live).getNotificationById(randomUUID()),
        404,
        { error: "NoResultFound", message: "No result found" },
      ],
    ];

    it.each(refusals)("%s, when it comes with %s", async (_what, _when, attempt, status, error) => {
      const failure = await attempt(connect).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(read(failure)).toEqual({ status, errors: [error] });
    });
  });

  describe("with a test key", () => {
    it.each([
      ["07700 900003", "temporary-failure"],
      ["07700 900002", "permanent-failure"],
      ["07700 900999", "delivered"],
    ])("a text to %s ends as %s", async (number, status) => {
      const testing = connect(demo.keys.test);
      const { id } = await testing.sendSms(demo.templates.sms, number, { personalisation: { name: "Amala" } });
      await untilStatus(testing, id, status);
      expectGenuine(await untilCalledBack("/receipts", (body) => body["id"] === id && body["status"] === status));
    });

    it.each([
      ["temp-fail@simulator.notify", "temporary-failure"],
      ["perm-fail@simulator.notify", "permanent-failure"],
      ["anyone@simulator.notify", "delivered"],
    ])("an email to %s ends as %s", async (address, status) => {
      const testing = connect(demo.keys.test);
      const { id } = await testing.sendEmail(demo.templates.email, address, { personalisation: { name: "Amala" } });
      await untilStatus(testing, id, status);
      expectGenuine(await untilCalledBack("/receipts", (body) => body["id"] === id && body["status"] === status));
    });
  });
});

describe("a service", () => {
  it("is told what became of its message, in Notify's words and signed", async () => {
    const client = OURS.connect(demo.keys.live);
    const options = { personalisation: { name: "Amala" }, reference: "loan 7" };
    const { id } = await client.sendSms(demo.templates.sms, "07700 900123", options);
    const receipt = await untilCalledBack("/receipts", (body) => body["id"] === id);
    const { created_at, sent_at, completed_at } = await client.getNotificationById(id);
    expectGenuine(receipt);
    expect(JSON.parse(receipt.body)).toEqual({
      ...{ id, reference: "loan 7", to: "07700 900123", status: "delivered", created_at, completed_at, sent_at },
      ...{ notification_type: "sms", template_id: demo.templates.sms, template_version: 1 },
    });
  });

  it("is told what the public wrote", async () => {
    const text = `Is it open on Sunday? ${randomUUID()}`;
    await doors.order({ kind: "reply", from: "447700900123", to: OUR_NUMBER, text });
    const received = await untilCalledBack("/texts", ({ message }) => message === text);
    expectGenuine(received);
    expect(JSON.parse(received.body)).toEqual({
      id: expect.any(String),
      source_number: "447700900123",
      destination_number: OUR_NUMBER,
      message: text,
      date_received: expect.any(String),
    });
  });

  it("is told who called its email spam", async () => {
    const client = OURS.connect(demo.keys.test);
    const address = "complaint@simulator.notify";
    const options = { personalisation: { name: "Amala" }, reference: "newsletter" };
    const { id } = await client.sendEmail(demo.templates.email, address, options);
    const complaint = await untilCalledBack("/complaints", (body) => body["notification_id"] === id);
    expectGenuine(complaint);
    expect(JSON.parse(complaint.body)).toEqual({
      ...{ notification_id: id, complaint_id: expect.any(String), reference: "newsletter", to: address },
      complaint_date: expect.any(String),
    });
    await untilStatus(client, id, "delivered");
  });
});
