/** Letters that come as PDFs, through the product as it runs beside a real virus scanner: clean, infected, and while the scanner is away. */
import { NotifyClient } from "notifications-node-client";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { LETTER_QUEUE } from "../../src/flow/jobs.ts";
import { type Clamd, hasClamd, startClamd } from "../peers/clamd.ts";
import { startLeanProduct } from "../support/lean-product.ts";
import type { Product } from "../support/product.ts";
import { type Doors, openDoors } from "../support/product-doors.ts";
import { infectedLetter, suppliedLetter } from "../support/supplied-pdfs.ts";

const WAIT = { timeout: 60_000, interval: 100 };
/** The log of a try comes a moment after it; the tries that are left must not run out meanwhile. */
const SELDOM = { timeout: 60_000, interval: 500 };

describe.skipIf(!hasClamd)("a letter that comes as a PDF, with clamd to look into it", () => {
  let clamd: Clamd;
  let product: Product;
  let doors: Doors;
  beforeAll(async () => {
    clamd = await startClamd();
    product = await startLeanProduct({ PENNYPOST_CLAMD_ADDRESS: clamd.address });
    doors = await openDoors(product);
  }, 180_000);
  afterAll(async () => {
    await doors?.close();
    await product?.close();
    await clamd?.stop();
  });

  type Key = "test" | "live";
  const clientOf = (key: Key) => new NotifyClient(product.demo.api_url, product.demo.keys[key]);
  const send = async (key: Key, pdf: Buffer): Promise<string> =>
    (await clientOf(key).sendPrecompiledLetter("a reference", pdf)).data.id;
  const read = async (id: string) => (await clientOf("live").getNotificationById(id)).data;
  const reaches = (id: string, status: string) =>
    vi.waitFor(async () => expect((await read(id)).status).toBe(status), WAIT);
  const pdfOf = (id: string) => clientOf("live").getPdfForLetterNotification(id).catch(errorOf);
  /** As if the minute had passed that a letter waits before it is tried again. */
  const passTheWait = () =>
    doors.db.query`update jobs set wake_at = null where queue = ${LETTER_QUEUE} and wake_at is not null`;

  it("is received with a test key when it is clean, and waits for the printer with a live one", async () => {
    const pdf = await suppliedLetter();
    const [tested, live] = [await send("test", pdf), await send("live", pdf)];
    await reaches(tested, "received");
    await reaches(live, "accepted");
    expect(await read(live)).toMatchObject({ cost_details: { billable_sheets_of_paper: 1, postage: "second" } });
    expect(await pdfOf(live)).toEqual(pdf);
  });

  it("fails the scan when clamd finds the test string in it, and costs nothing", async () => {
    const id = await send("live", await infectedLetter());
    await reaches(id, "virus-scan-failed");
    expect(await read(id)).toMatchObject({ is_cost_data_ready: true, cost_in_pounds: 0 });
    expect(await pdfOf(id)).toEqual({ error: "BadRequestError", message: "File did not pass the virus scan" });
    await vi.waitFor(() => {
      const found = product.output().match(/^.*scan\.infected.*$/m)?.[0] ?? "{}";
      expect(JSON.parse(found)).toMatchObject({ signature: expect.stringMatching(/^Test\.EICAR/) });
    }, WAIT);
  });

  it("waits while clamd is away, and is looked into once it is back", async () => {
    await clamd.stop();
    const [clean, infected] = [await send("live", await suppliedLetter()), await send("live", await infectedLetter())];
    await vi.waitFor(async () => {
      await passTheWait();
      for (const id of [clean, infected]) expect(triesOf(id).length).toBeGreaterThan(1);
    }, SELDOM);
    for (const id of [clean, infected]) {
      expect(await read(id)).toMatchObject({ status: "pending-virus-check", cost_in_pounds: null });
      const message = "PDF not available yet, try again later";
      expect(await pdfOf(id)).toEqual({ error: "PDFNotReadyError", message });
    }
    clamd = await startClamd({ port: clamd.port });
    await vi.waitFor(async () => {
      await passTheWait();
      expect([(await read(clean)).status, (await read(infected)).status]).toEqual(["accepted", "virus-scan-failed"]);
    }, WAIT);
  }, 120_000);

  it("is given up after ten tries, without cost", async () => {
    await clamd.stop();
    const id = await send("live", await suppliedLetter());
    await vi.waitFor(async () => {
      await passTheWait();
      expect((await read(id)).status).toBe("technical-failure");
    }, WAIT);
    await vi.waitFor(() => expect(triesOf(id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), WAIT);
    expect(await read(id)).toMatchObject({ is_cost_data_ready: true, cost_in_pounds: 0 });
  }, 120_000);

  /** The tries at a letter that failed, as they were logged. */
  function triesOf(id: string): number[] {
    const logged = product.output().match(/^.*letters\.not-made.*$/gm) ?? [];
    return logged.map((line) => JSON.parse(line)).flatMap((line) => (line.notificationId === id ? [line.tries] : []));
  }
});

function errorOf(error: { response?: { data: { errors: unknown[] } } }): unknown {
  if (!error.response) throw error;
  return error.response.data.errors[0];
}
