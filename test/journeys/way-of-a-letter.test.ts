/** A letter's way through the product as it runs: set on paper, taken by the sandbox's print shop, reported on, and read as a PDF. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NotifyClient } from "notifications-node-client";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { hasSshd, type Sshd, startSshd } from "../peers/sshd.ts";
import { type Product, pennypost, startProduct } from "../support/product.ts";

const WAIT = { timeout: 30_000, interval: 100 };
const ADDRESS = { address_line_1: "Ada Lovelace", address_line_2: "12 St James’s Square", postcode: "sw1y4jh" };
const VALUES = { ...ADDRESS, name: "Ada", date: "31 March" };
const LETTERS_IN_RUN = 30;
/** The worker is killed when the printer has this many of them. */
const KILLED_AT = 3;

let product: Product;
beforeAll(async () => {
  product = await startProduct();
}, 120_000);
afterAll(() => product?.close());

type Key = "test" | "live";

const clientOf = (key: Key) => new NotifyClient(product.demo.api_url, product.demo.keys[key]);

async function send(key: Key): Promise<string> {
  const sent = await clientOf(key).sendLetter(product.demo.templates.letter, { personalisation: VALUES });
  expect([sent.status, sent.data.scheduled_for]).toEqual([201, null]);
  return sent.data.id;
}

async function read(key: Key, id: string) {
  return (await clientOf(key).getNotificationById(id)).data;
}

const reaches = (key: Key, id: string, status: string) =>
  vi.waitFor(async () => expect((await read(key, id)).status).toBe(status), WAIT);

async function pennypostSays(...args: string[]) {
  const { status, stdout, stderr } = await pennypost(product.environment, [...args, "--json"]);
  expect([status, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout);
}

describe("the way of a letter", () => {
  it("of a test key is received in a moment, and costs nothing", async () => {
    const id = await send("test");
    expect(await read("test", id)).toMatchObject({ is_cost_data_ready: true, cost_in_pounds: 0 });
    await reaches("test", id, "received");
    expect(await read("test", id)).toMatchObject({
      ...{ type: "letter", postage: "second", line_1: "Ada Lovelace", line_3: null, postcode: "sw1y4jh" },
      ...{ cost_in_pounds: 0, cost_details: { billable_sheets_of_paper: 0, postage: "second" } },
      estimated_delivery: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:00:/),
    });
    const pdf = await clientOf("test").getPdfForLetterNotification(id);
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
  });

  it("of a live key waits for the day's run, costs its paper, and is received once it is printed", async () => {
    const id = await send("live");
    await vi.waitFor(async () => expect((await read("live", id)).is_cost_data_ready).toBe(true), WAIT);
    expect(await read("live", id)).toMatchObject({
      status: "accepted",
      sent_at: null,
      cost_details: { billable_sheets_of_paper: 1, postage: "second" },
    });
    expect(await pennypostSays("letters", "print")).toEqual({ runs: 1, letters: 1, without: 0 });
    await reaches("live", id, "received");
    expect(await read("live", id)).toMatchObject({ sent_at: expect.any(String), completed_at: expect.any(String) });
  });

  it("leads to the sandbox's letterbox, and back to its service when it returns", async () => {
    const id = await send("test");
    await reaches("test", id, "received");
    const messages = async (to: string): Promise<{ channel: string; text: string }[]> =>
      pennypostSays("sandbox", "messages", "--to", to);
    const letters = await messages("Ada Lovelace");
    expect(letters[0]).toMatchObject({ channel: "letter", text: "Ada Lovelace\n12 St James’s Square\nSW1Y 4JH" });
    expect(await pennypostSays("letters", "returned", id)).toEqual({ returned: 1 });
    await vi.waitFor(async () => {
      const [told] = await messages("/returned-letters");
      expect(JSON.parse(told?.text ?? "{}")).toMatchObject({ notification_id: id, sent_by: "API", reference: null });
    }, WAIT);
  });
});

describe.skipIf(!hasSshd)("a print run to an SFTP server", () => {
  let host: Sshd;
  beforeEach(async () => {
    host = await startSshd();
    mkdirSync(join(host.folder, "outgoing"));
    await useSftpPrinter(host);
  });
  afterEach(() => host?.stop());

  const runs = () => readdirSync(join(host.folder, "outgoing")).map((run) => join(host.folder, "outgoing", run));
  const files = () => runs().flatMap((run) => readdirSync(run));

  it("goes on after the worker was killed, with no letter lost or doubled", async () => {
    const ids: string[] = [];
    for (let sent = 0; sent < LETTERS_IN_RUN; sent++) ids.push(await send("live"));
    const isReady = async (id: string) => (await read("live", id)).is_cost_data_ready;
    await vi.waitFor(async () => expect(await Promise.all(ids.map(isReady))).not.toContain(false), WAIT);
    const worker = product.pids().get("worker");
    if (worker === undefined) throw new Error("no worker runs");
    expect(await pennypostSays("letters", "print")).toMatchObject({ letters: LETTERS_IN_RUN });
    await vi.waitFor(
      () => {
        expect(files().length).toBeGreaterThanOrEqual(KILLED_AT);
        process.kill(worker, "SIGSTOP"); // at once: the rest of the run takes less time than looking for whom to kill
      },
      { timeout: 30_000, interval: 2 },
    );
    await product.kill("worker");
    expect(files()).not.toContain("manifest.json");
    await vi.waitFor(() => expect(files()).toContain("manifest.json"), { timeout: 90_000, interval: 100 });
    const [run = "", ...others] = runs();
    expect(others).toEqual([]);
    const { letters } = JSON.parse(readFileSync(join(run, "manifest.json"), "utf8"));
    expect(letters.map((letter: { notification_id: string }) => letter.notification_id).sort()).toEqual(ids.sort());
    expect(readdirSync(run).sort()).toEqual(
      [...letters.map(({ file }: { file: string }) => file), "manifest.json"].sort(),
    );
    for (const { file, sha256 } of letters) {
      const pdf = readFileSync(join(run, file));
      expect(createHash("sha256").update(pdf).digest("hex")).toBe(sha256);
    }
    for (const id of ids) expect((await read("live", id)).status).toBe("accepted");
  }, 180_000);

  it("hears from files what became of its letters", async () => {
    mkdirSync(join(host.folder, "reports"));
    const id = await send("live");
    await vi.waitFor(async () => expect((await read("live", id)).is_cost_data_ready).toBe(true), WAIT);
    await pennypostSays("letters", "print");
    await vi.waitFor(() => expect(files()).toContain("manifest.json"), WAIT);
    writeFileSync(join(host.folder, "reports", "day.csv"), `notification_id,status\n${id},DESPATCHED\n`);
    await reaches("live", id, "received");
  }, 90_000);
});

/** Live letters go to the printer and no longer to the sandbox. */
async function useSftpPrinter({ port, user, privateKey, fingerprint, folder }: Sshd): Promise<void> {
  const file = join(product.dataDir, "printer.yaml");
  const settings = { host: "127.0.0.1", port, user, hostKey: fingerprint, reportsEverySeconds: 1 };
  const folders = { folder: join(folder, "outgoing"), reportsFolder: join(folder, "reports") };
  const provider = { name: "printer", channel: "letter", kind: "print-sftp", settings: { ...settings, ...folders } };
  const declaration = {
    providers: [{ ...provider, secrets: { privateKey: `$\{PRINTER_KEY}` } }],
    routes: [
      { provider: "printer", key_kinds: ["live"] },
      { provider: "sandbox-print-shop", key_kinds: ["test"] },
    ],
  };
  writeFileSync(file, JSON.stringify(declaration));
  const environment = { ...product.environment, PRINTER_KEY: privateKey };
  const { status, stderr } = await pennypost(environment, ["apply", file]);
  expect([status, stderr]).toEqual([0, ""]);
  rmSync(file);
}
