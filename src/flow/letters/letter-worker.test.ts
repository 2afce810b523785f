import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { pagePdf } from "../../../test/support/page-pdf.ts";
import { checkWithQpdf, hasPdfTools, wordsOf } from "../../../test/support/pdf-tools.ts";
import { createWorld, type World, type WorldService } from "../../../test/support/world.ts";
import { LETTER_GEOMETRY } from "../../core/letter/page-geometry.ts";
import { type LetterTypesetter, openLetterTypesetter } from "../../platform/pdf/letter-typesetter.ts";
import { openPdfInspector, type PdfInspector } from "../../platform/pdf/pdf-inspector.ts";
import type { Consumer } from "../../platform/queue.ts";
import { findLetter } from "../../records/letters/letter-store.ts";
import type { Notification } from "../../records/notifications/notification.ts";
import { findNotification } from "../../records/notifications/notification-store.ts";
import type { KeyKind } from "../../records/services/service.ts";
import { createTemplates } from "../../records/templates/template-cache.ts";
import { acceptLetter, acceptSuppliedLetter } from "../intake/accept-letter.ts";
import { createDailyLimits } from "../intake/daily-limit.ts";
import { createFlights } from "../intake/flights.ts";
import { createRateLimit } from "../intake/rate-limit.ts";
import { LETTER_QUEUE } from "../jobs.ts";
import { createSuppressedLookup } from "../suppressions/suppressed-lookup.ts";
import { keepAttachment } from "./letter-attachments.ts";
import { startLetterWorker } from "./letter-worker.ts";
import { readLetterPdf } from "./read-letter-pdf.ts";

const WAIT = { timeout: 30_000, interval: 20 };
const ADDRESS = ["Ada Lovelace", "12 St James’s Square", "London", "SW1Y 4JH"];
/** Every scanner knows it, and it harms nobody (EICAR). */
const EICAR = String.raw`X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`;
const PAST_TRIES = { tries: 10 };

let world: World;
let service: WorldService;
let typesetter: LetterTypesetter;
let inspector: PdfInspector;
let worker: Consumer | undefined;
beforeAll(() => {
  typesetter = openLetterTypesetter({ geometry: LETTER_GEOMETRY });
  inspector = openPdfInspector();
});
afterAll(() => Promise.all([typesetter.close(), inspector.close()]));
beforeEach(async () => {
  world = await createWorld();
  world.app.scanning = { ...world.app.scanning, scanner: world.app.scanning.sandboxScanner };
  service = await world.service({ permissions: ["letter", "international_letters"] });
});
afterEach(async () => {
  await worker?.stop();
  worker = undefined;
  await world.close();
});

function intake() {
  const { app } = world;
  const limits = {
    rateLimit: createRateLimit(app.db, app.clock),
    dailyLimits: createDailyLimits(app.db, app.clock),
    suppressed: createSuppressedLookup(app.db),
  };
  return { ...app, ...limits, flights: createFlights(app.db, () => {}) };
}

function sender(kind: KeyKind) {
  const key = service.keys.find((one) => one.kind === kind);
  if (!key) throw new Error("the service has no such key");
  return { service, key, idempotency: undefined };
}

async function send(body: string, { kind = "live", lines = ADDRESS }: { kind?: KeyKind; lines?: string[] } = {}) {
  const { templateId } = await world.template(service, { channel: "letter", body, postage: "first" });
  const words = { personalisation: {}, fileNames: [], reference: undefined, addressText: lines.join("\n") };
  return (await acceptLetter(intake(), { ...sender(kind), ...words, templateId })).id;
}

async function sendPdf(pdf: Uint8Array, kind: KeyKind = "live"): Promise<string> {
  const content = Buffer.from(pdf).toString("base64");
  const letter = { reference: "a reference", content, postage: "economy" } as const;
  return (await acceptSuppliedLetter(intake(), { ...sender(kind), ...letter })).id;
}

/** A letter that passes every check, as another system would make it. */
async function goodPdf(lines = ADDRESS): Promise<Buffer> {
  const words = [{ kind: "paragraph", content: [{ kind: "text", text: "Dear Ada" }] }] as const;
  const part = { language: "en", addressLines: lines, contactBlock: [], date: "", blocks: words } as const;
  const subject = [{ kind: "text", text: "A subject" }] as const;
  const { pdf } = await typesetter.typeset({ parts: [{ ...part, subject }], createdAt: new Date() });
  return Buffer.from(pdf);
}

async function get(id: string): Promise<Notification> {
  const notification = await findNotification(world.app.db, service.id, id);
  if (!notification) throw new Error("the letter is gone");
  return notification;
}

/** Works until nothing is left in the queue. */
async function work(): Promise<void> {
  worker ??= await startLetterWorker({ app: world.app, typesetter, inspector });
  await vi.waitFor(async () => {
    const left = await world.app.db.query<{ id: string }>`select j.id from jobs j where j.queue = ${LETTER_QUEUE}`;
    expect(left).toEqual([]);
  }, WAIT);
}

describe("a letter from a template", () => {
  it("is set on paper, counted, and waits for the printer", async () => {
    const id = await send("Hello\n\n***\n\nSecond page\n\n***\n\nThird page");
    expect((await get(id)).status).toBe("created");
    await expect(readLetterPdf(world.app, service, await get(id))).rejects.toThrow("PDF not available yet");
    await work();
    expect(await findLetter(world.app.db, id)).toMatchObject({
      pages: 3,
      sheets: 2,
      postage: "first",
      awaitsPrint: true,
    });
    expect(await get(id)).toMatchObject({ status: "created", fragments: 2 });
    const pdf = await readLetterPdf(world.app, service, await get(id));
    expect(pdf.toString("latin1", 0, 5)).toBe("%PDF-");
  });

  it.skipIf(!hasPdfTools)("has the pages behind it that are attached to its template's version", async () => {
    const pages = { fileName: "terms.pdf", pages: 2, pdf: await pagePdf("Terms of use", "Opening hours") };
    const { id: attachmentId } = await keepAttachment(world.app, service, pages);
    const { templateId } = await world.template(service, { channel: "letter", body: "Hello" });
    await world.app.db
      .query`update template_versions set attachment_id = ${attachmentId} where template_id = ${templateId}`;
    world.app.templates = createTemplates(world.app.db);
    const words = { personalisation: {}, fileNames: [], reference: undefined, addressText: ADDRESS.join("\n") };
    const { id } = await acceptLetter(intake(), { ...sender("live"), ...words, templateId });
    await work();
    expect(await findLetter(world.app.db, id)).toMatchObject({ pages: 3, sheets: 2, awaitsPrint: true });
    const pdf = await readLetterPdf(world.app, service, await get(id));
    checkWithQpdf(pdf);
    const places = wordsOf(pdf).flatMap(({ text, page }) => (/Ada|Terms|Opening/i.test(text) ? [[text, page]] : []));
    expect(places).toEqual([
      ["ADA", 1],
      ["Terms", 2],
      ["Opening", 3],
    ]);
  });

  it("is never made without the pages that belong to it", async () => {
    const attachment = await keepAttachment(world.app, service, {
      fileName: "a.pdf",
      pages: 1,
      pdf: await pagePdf("A"),
    });
    await world.app.blobs.delete(attachment.storedAs);
    const { templateId } = await world.template(service, { channel: "letter", body: "Hello" });
    await world.app.db
      .query`update template_versions set attachment_id = ${attachment.id} where template_id = ${templateId}`;
    world.app.templates = createTemplates(world.app.db);
    const words = { personalisation: {}, fileNames: [], reference: undefined, addressText: ADDRESS.join("\n") };
    const { id } = await acceptLetter(intake(), { ...sender("live"), ...words, templateId });
    await world.app.db.query`update jobs set payload = ${JSON.stringify({ tries: 10 })} where queue = ${LETTER_QUEUE}`;
    await work();
    expect((await get(id)).status).toBe("technical-failure");
    expect((await findLetter(world.app.db, id))?.storedAs).toBeUndefined();
  });

  it("in two languages needs no value that only its Welsh half asks for", async () => {
    const welsh = { subject: "Eich cerdyn", body: "Annwyl ((enw))" };
    const { templateId } = await world.template(service, { channel: "letter", body: "Dear ((name))", welsh });
    const words = { fileNames: [], reference: undefined, addressText: ADDRESS.join("\n"), templateId };
    const accept = (personalisation: Record<string, string>) =>
      acceptLetter(intake(), { ...sender("live"), ...words, personalisation });
    await expect(accept({ enw: "Ada" })).rejects.toThrow("Missing personalisation: name");
    const { id } = await accept({ name: "Ada" });
    await work();
    expect(await findLetter(world.app.db, id)).toMatchObject({ pages: 2, awaitsPrint: true });
  });

  it("abroad is posted as abroad", async () => {
    const id = await send("Hello", { lines: ["Ada", "1 Rue Royale", "75001 Paris", "France"] });
    await work();
    expect(await findLetter(world.app.db, id)).toMatchObject({ postage: "europe" });
    expect((await get(id)).isInternational).toBe(true);
  });

  it("of a test key is on its way at once", async () => {
    const id = await send("Hello", { kind: "test" });
    expect((await get(id)).status).toBe("sending");
    await work();
    expect(await findLetter(world.app.db, id)).toMatchObject({ pages: 1 });
  });

  it("of more than ten pages is not printed, and its PDF shows why", async () => {
    const id = await send(Array.from({ length: 11 }, (_, page) => `Page ${page}`).join("\n\n***\n\n"));
    await work();
    expect((await get(id)).status).toBe("validation-failed");
    expect(await findLetter(world.app.db, id)).toMatchObject({
      reasonCode: "letter-too-long",
      pages: 11,
      awaitsPrint: false,
    });
    expect(await readLetterPdf(world.app, service, await get(id))).toBeInstanceOf(Buffer);
  });

  it("that was cancelled meanwhile is not made", async () => {
    const id = await send("Hello");
    await world.app.db.query`update notifications set status = 'cancelled' where id = ${id}`;
    await work();
    expect(await findLetter(world.app.db, id)).toMatchObject({ pages: undefined, awaitsPrint: false });
  });

  it("that cannot be made is tried again, and in the end given up", async () => {
    const id = await send("Hello");
    const broken = { typeset: () => Promise.reject(new Error("no ink")) };
    worker = await startLetterWorker({ app: world.app, typesetter: broken, inspector });
    await vi.waitFor(async () => {
      const [job] = await world.app.db.query<{ payload: unknown }>`select j.payload from jobs j where j.id = ${id}`;
      expect(job?.payload).toEqual({ tries: 1 });
    }, WAIT);
    const payload = JSON.stringify(PAST_TRIES);
    await world.app.db.query`update jobs set payload = ${payload}::jsonb, wake_at = null where id = ${id}`;
    await work();
    expect((await get(id)).status).toBe("technical-failure");
  });
});

describe("a letter that came as a PDF", () => {
  it("is scanned, checked, and kept as it came", async () => {
    const pdf = await goodPdf();
    const id = await sendPdf(pdf);
    expect((await get(id)).status).toBe("pending-virus-check");
    await expect(readLetterPdf(world.app, service, await get(id))).rejects.toThrow("PDF not available yet");
    await work();
    expect((await get(id)).status).toBe("created");
    expect(await findLetter(world.app.db, id)).toMatchObject({
      ...{ isPrecompiled: true, postage: "economy", pages: 1, sheets: 1, awaitsPrint: true, pdfBytes: pdf.length },
    });
    expect((await readLetterPdf(world.app, service, await get(id))).equals(pdf)).toBe(true);
  });

  it("abroad by the address in its window is posted as abroad", async () => {
    const id = await sendPdf(await goodPdf(["Ada", "1 Rue Royale", "75001 Paris", "Japan"]));
    await work();
    expect(await findLetter(world.app.db, id)).toMatchObject({ postage: "rest-of-world" });
    expect((await get(id)).isInternational).toBe(true);
  });

  it("with a virus is not let in, and is not given back", async () => {
    const id = await sendPdf(Buffer.from(EICAR));
    await work();
    expect((await get(id)).status).toBe("virus-scan-failed");
    await expect(readLetterPdf(world.app, service, await get(id))).rejects.toThrow("File did not pass the virus scan");
  });

  it.each<[string, () => Promise<Buffer>, string]>([
    ["is no PDF", async () => Buffer.from("Dear Ada"), "unable-to-read-the-file"],
    ["has no address", () => goodPdf([]), "address-is-empty"],
    ["has half an address", () => goodPdf(["Ada", "SW1Y 4JH"]), "not-enough-address-lines"],
    ["has no postcode", () => goodPdf(["Ada", "1 Street", "Nowhere"]), "not-a-real-uk-postcode-or-country"],
  ])("that %s is not printed, and its service can see it", async (_, pdfOf, reasonCode) => {
    const pdf = await pdfOf();
    const id = await sendPdf(pdf);
    await work();
    expect((await get(id)).status).toBe("validation-failed");
    expect(await findLetter(world.app.db, id)).toMatchObject({ reasonCode, awaitsPrint: false });
    expect((await readLetterPdf(world.app, service, await get(id))).equals(pdf)).toBe(true);
  });

  it("waits while the scanner is away", async () => {
    const away = { scan: async () => ({ kind: "unavailable", reason: "away" }) as const };
    world.app.scanning = { ...world.app.scanning, scanner: { ...world.app.scanning.sandboxScanner, ...away } };
    const id = await sendPdf(await goodPdf());
    worker = await startLetterWorker({ app: world.app, typesetter, inspector });
    await vi.waitFor(async () => {
      const [job] = await world.app.db.query<{ payload: unknown }>`select j.payload from jobs j where j.id = ${id}`;
      expect(job?.payload).toEqual({ tries: 1 });
    }, WAIT);
    expect((await get(id)).status).toBe("pending-virus-check");
  });

  it("is refused at the door where nobody would ever scan it", async () => {
    world.app.scanning = { ...world.app.scanning, scanner: undefined };
    await expect(sendPdf(await goodPdf())).rejects.toThrow("this Pennypost has no virus scanner");
  });
});
