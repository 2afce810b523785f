import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PATIENCE } from "../../../test/support/patience.ts";
import { silentLog } from "../../platform/log.ts";
import { type PrintShop, startPrintShop } from "./print-shop.ts";
import type { PrintJob } from "./read-print-job.ts";

const ID = "0199a8f0-0000-7000-8000-000000000001";
const OTHER_ID = "0199a8f0-0000-7000-8000-000000000002";
const PDF = Buffer.from("%PDF-1.7 a letter");

let shop: PrintShop;
let sender: Server;
let statusUrl: string;
let kept: PrintJob[];
let told: { id: string; data: { jobStatus: string } }[];
let answers: number[];

beforeEach(async () => {
  [kept, told, answers] = [[], [], []];
  sender = createServer((request, response) => {
    void request.toArray().then((chunks: Buffer[]) => {
      const status = answers.shift() ?? 204;
      if (status === 204) told.push(JSON.parse(Buffer.concat(chunks).toString()));
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => sender.listen(0, "127.0.0.1", resolve));
  statusUrl = `http://127.0.0.1:${(sender.address() as AddressInfo).port}/status`;
  const outbox = async (letters: PrintJob[]) => void kept.push(...letters);
  shop = await startPrintShop({ host: "127.0.0.1", port: 0, log: silentLog, outbox });
  shop.setFaults({ despatchDelayMs: 1 });
});
afterEach(async () => {
  await shop.stop();
  sender.closeAllConnections();
  sender.close();
});

async function post(change: Record<string, unknown> = {}, path = "/letters"): Promise<number> {
  const letter = {
    ...{ id: ID, recipient: "Ada Lovelace", address: { lines: ["12 St James’s Square"], postcode: "SW1Y 4JH" } },
    ...{ pages: 3, sheets: 2, pdf: PDF.toString("base64"), status_url: statusUrl },
  };
  const body = JSON.stringify({ ...letter, ...change });
  return (await fetch(`http://127.0.0.1:${shop.port}${path}`, { method: "POST", body })).status;
}

const fates = () => told.map(({ data }) => data.jobStatus);

describe("the sandbox's print shop", () => {
  it("keeps a letter, and says soon that it is in the post", async () => {
    expect(await post()).toBe(201);
    expect(kept).toMatchObject([
      { id: ID, recipient: "Ada Lovelace", lines: ["12 St James’s Square", "SW1Y 4JH"], pages: 3, sheets: 2, pdf: PDF },
    ]);
    await vi.waitFor(() => expect(told).toMatchObject([{ id: ID, data: { jobStatus: "DESPATCHED" } }]), PATIENCE);
  });

  it("prints a letter that comes twice once", async () => {
    expect([await post(), await post(), await post({ id: OTHER_ID })]).toEqual([201, 409, 201]);
    expect(kept.map(({ id }) => id)).toEqual([ID, OTHER_ID]);
  });

  it.each<[string, Record<string, unknown>]>([
    ["no PDF", { pdf: Buffer.from("Dear Ada").toString("base64") }],
    ["no id", { id: "1" }],
    ["nobody to send it to", { recipient: undefined }],
  ])("refuses what has %s", async (_, change) => {
    expect(await post(change)).toBe(400);
    expect(kept).toEqual([]);
  });

  it("has one door", async () => {
    expect(await post({}, "/")).toBe(404);
  });

  it("fails as it is told to", async () => {
    shop.setFaults({ busyEvery: 2 });
    expect([await post(), await post({ id: OTHER_ID }), await post({ id: OTHER_ID })]).toEqual([201, 503, 201]);
    shop.setFaults({ busyEvery: 0, rejectEvery: 1 });
    await vi.waitFor(() => expect(fates()).toEqual(["DESPATCHED", "DESPATCHED"]), PATIENCE);
    await post({ id: ID.replace("1", "2") });
    await vi.waitFor(() => expect(fates()).toContain("REJECTED"), PATIENCE);
    shop.setFaults({ rejectEvery: 0, returnEvery: 1 });
    await post({ id: ID.replace("1", "3") });
    await vi.waitFor(() => expect(fates().slice(-2)).toEqual(["DESPATCHED", "RETURNED"]), PATIENCE);
  });

  it("tells a sender who is away for a moment a little later", async () => {
    answers = [503];
    await shop.tell({ id: ID, statusUrl }, "RETURNED");
    expect(fates()).toEqual(["RETURNED"]);
  });

  it("sends a letter back when asked, and tells nobody who does not want to hear", async () => {
    await shop.tell({ id: ID, statusUrl: undefined }, "RETURNED");
    expect(told).toEqual([]);
  });
});
