import { createHash } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Postage } from "../../core/letter/postage.ts";
import { createOutbound } from "../../platform/http.ts";
import type { LetterMessage, LetterProvider } from "../provider.ts";
import type { PrintHttpOptions } from "./options.ts";
import { printHttpProvider } from "./print-http-provider.ts";

const ID = "0199a8f0-0000-7000-8000-000000000001";
const PDF = Buffer.from("%PDF-1.7 a letter");
const LETTER: LetterMessage = {
  notificationId: ID,
  run: "2026-11-30-1750-0199a8f0",
  pdf: PDF,
  addressLines: ["Ada Lovelace", "12 St James’s Square", "London", "SW1Y 4JH"],
  postage: "second",
  pages: 3,
  sheets: 2,
  createdAt: new Date("2026-11-30T10:00:00Z"),
};

interface Heard {
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

const outbound = createOutbound({ allowedNetworks: ["127.0.0.0/8"] });
let server: Server;
let url: string;
let heard: Heard[] = [];
let answer: number | "none" = 201;

beforeAll(async () => {
  server = createServer((request, response) => {
    void request.toArray().then((chunks: Buffer[]) => {
      heard.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
      if (answer !== "none") response.writeHead(answer).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/letters`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await outbound.close();
});
beforeEach(() => {
  heard = [];
  answer = 201;
});

async function printer(change: Partial<PrintHttpOptions> = {}): Promise<LetterProvider> {
  const statusUrl = (id: string) => `https://pennypost.example/notifications/letter/status?token=${id}`;
  const provider = printHttpProvider(outbound, { name: "printer", url, token: "secret", statusUrl, ...change });
  await provider.start({ availability: () => {}, letterReports: async () => {} });
  return provider;
}

describe("a letter for a printer with an API", () => {
  it("is posted whole, with its reference and where to report on it", async () => {
    expect(await (await printer()).send(LETTER)).toEqual({ kind: "accepted", references: [ID] });
    const [{ headers, body } = { headers: {}, body: {} }] = heard;
    expect(headers).toMatchObject({ authorization: "Bearer secret", "idempotency-key": ID });
    expect(body).toEqual({
      id: ID,
      run: "2026-11-30-1750-0199a8f0",
      recipient: "Ada Lovelace",
      address: { lines: ["12 St James’s Square", "London"], postcode: "SW1Y 4JH" },
      pages: 3,
      sheets: 2,
      sha256: createHash("sha256").update(PDF).digest("hex"),
      pdf: PDF.toString("base64"),
      status_url: `https://pennypost.example/notifications/letter/status?token=${ID}`,
    });
  });

  it.each<[Postage, string | undefined]>([
    ["first", "FIRST"],
    ["second", undefined],
    ["economy", "ECONOMY"],
    ["europe", "INTERNATIONAL_EU"],
    ["rest-of-world", "INTERNATIONAL_ROW"],
  ])("of %s postage is despatched as %s", async (postage, method) => {
    await (await printer()).send({ ...LETTER, postage });
    expect(heard[0]?.body["despatch_method"]).toBe(method);
  });

  it("abroad has a country, and to the forces a BFPO number", async () => {
    const provider = await printer();
    await provider.send({
      ...LETTER,
      postage: "europe",
      addressLines: ["Ada", "1 Rue Royale", "75001 Paris", "France"],
    });
    await provider.send({ ...LETTER, addressLines: ["Ada", "1 Regiment", "SW1A 1AA", "BFPO 12"] });
    expect(heard.map(({ body }) => body["address"])).toEqual([
      { lines: ["1 Rue Royale", "75001 Paris"], country: "France" },
      { lines: ["1 Regiment", "SW1A 1AA"], bfpo_number: "12" },
    ]);
  });

  it("has no more of a line than fits a window", async () => {
    const long = "x".repeat(300);
    await (await printer()).send({ ...LETTER, addressLines: [long, long, "SW1Y 4JH"] });
    expect(heard[0]?.body).toMatchObject({ recipient: "x".repeat(255), address: { lines: ["x".repeat(45)] } });
  });

  it.each([
    [200, "accepted"],
    [202, "accepted"],
    [409, "accepted"],
    [302, "unavailable"],
    [401, "unavailable"],
    [403, "unavailable"],
    [429, "unavailable"],
    [500, "unavailable"],
    [503, "unavailable"],
    [400, "refused"],
    [404, "refused"],
    [413, "refused"],
    [422, "refused"],
  ])("answered %i is %s", async (status, kind) => {
    answer = status;
    expect((await (await printer()).send(LETTER)).kind).toBe(kind);
  });

  it("that nobody answers, or that cannot be posted, waits for another try", async () => {
    answer = "none";
    expect(await (await printer({ timeoutMs: 50 })).send(LETTER)).toEqual({
      kind: "unavailable",
      reason: "the printer did not answer in time",
    });
    const closed = await printer({ url: "http://127.0.0.1:1/letters" });
    expect((await closed.send(LETTER)).kind).toBe("unavailable");
  });

  it("may be sent with a user's name and password", async () => {
    const { token: _, ...options } = { token: "", user: "us", password: "open sesame" };
    const provider = printHttpProvider(outbound, { name: "printer", url, statusUrl: () => undefined, ...options });
    await provider.start({ availability: () => {}, letterReports: async () => {} });
    await provider.send(LETTER);
    expect(heard[0]?.headers.authorization).toBe(`Basic ${Buffer.from("us:open sesame").toString("base64")}`);
    expect(heard[0]?.body).not.toHaveProperty("status_url");
  });
});
