/** What a newcomer and an operator see when Pennypost starts and stops. */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { findPostmaster } from "../../src/platform/postgres/postmaster.ts";
import { type Product, pennypost, productEnvironment, shell, startProduct } from "../support/product.ts";
import { makeClusterFolder } from "../support/temporary-cluster.ts";

const PATIENCE = { timeout: 30_000, interval: 100 };
const FIRST_TEXT = /Send a first text:\n\n([\s\S]*?)\n\n/;
/** A start takes seconds; beside tests that keep a small machine busy, it was seen to take 31 s. */
const START_MAX_MS = 60_000;

let product: Product;

beforeAll(async () => {
  product = await startProduct();
});
afterAll(async () => {
  await product?.close();
});

async function statusOf(at: Product, uri: string): Promise<string> {
  const answer = await fetch(uri, { headers: { authorization: `Bearer ${at.demo.keys.live}` } });
  return ((await answer.json()) as { status: string }).status;
}

async function sendText(at: Product, key = at.demo.keys.live): Promise<{ status: number; uri: string }> {
  const body = { phone_number: "07700900123", template_id: at.demo.templates.sms, personalisation: { name: "Amala" } };
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const response = await fetch(`${at.apiUrl}/v2/notifications/sms`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  const { uri } = (await response.json()) as { uri: string };
  return { status: response.status, uri };
}

describe("a first start", () => {
  it("says where it is, how to sign in, and how to send a first text, which arrives", async () => {
    const { demo } = product;
    console.log(`first start: ready ${(product.startedInMs / 1_000).toFixed(1)} s after the command`);
    expect(product.startedInMs).toBeLessThan(START_MAX_MS);
    expect(product.output()).toContain(`Pennypost is ready at ${product.apiUrl}`);
    expect(product.output()).toContain(`${demo.admin.email}, password ${demo.admin.password}`);
    const command = FIRST_TEXT.exec(product.output())?.[1] ?? "";
    const { stdout, stderr } = await shell(product.environment, command);
    expect(JSON.parse(stdout || stderr)).toMatchObject({ content: { body: expect.stringContaining("Hello Amala") } });
    const { uri } = JSON.parse(stdout) as { uri: string };
    await vi.waitFor(async () => expect(await statusOf(product, uri)).toBe("delivered"), PATIENCE);
  });

  it("has chat apps to play with: a chat message of a test key arrives, though no app is connected", async () => {
    const file = join(product.dataDir, "chat.yaml");
    const template = '{ channel: chat, name: Overdue, body: "((name)), ((book)) was due yesterday" }';
    writeFileSync(
      file,
      `services: [{ id: ${product.demo.service_id}, name: Northwold Libraries, templates: [${template}] }]`,
    );
    expect(await pennypost(product.environment, ["apply", file])).toMatchObject({ status: 0 });
    const headers = { authorization: `Bearer ${product.demo.keys.test}`, "content-type": "application/json" };
    const listed = await fetch(`${product.apiUrl}/v2/templates?type=chat`, { headers });
    const [overdue] = ((await listed.json()) as { templates: { id: string }[] }).templates;
    const body = {
      template_id: overdue?.id,
      recipient: { app: "telegram", chat_id: 5501 },
      personalisation: { name: "Amala", book: "Emma" },
    };
    const sent = await fetch(`${product.apiUrl}/v2/notifications/chat`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    const { uri } = (await sent.json()) as { uri: string };
    expect(sent.status).toBe(201);
    const statusNow = async () => ((await (await fetch(uri, { headers })).json()) as { status: string }).status;
    await vi.waitFor(async () => expect(await statusNow()).toBe("delivered"), PATIENCE);
  });

  it("keeps what it made for its owner alone", () => {
    for (const file of ["demo.json", "master.key", "postgres.json"]) {
      expect([file, statSync(join(product.dataDir, file)).mode & 0o077]).toEqual([file, 0]);
    }
    expect(product.demo.api_url).toBe(product.apiUrl);
  });
});

describe("a stop", () => {
  it("ends every process, and the next start finds everything as it was", async () => {
    const { uri } = await sendText(product);
    await vi.waitFor(async () => expect(await statusOf(product, uri)).toBe("delivered"), PATIENCE);
    const demo = readFileSync(join(product.dataDir, "demo.json"), "utf8");
    expect([...product.pids().keys()].sort()).toEqual(["postmaster", "sandbox", "start", "web", "worker"]);
    const said = product.output().length;
    expect(await product.stop()).toBe(0);
    expect([...product.pids()]).toEqual([]);

    await product.restart();
    expect(product.startedInMs).toBeLessThan(START_MAX_MS);
    console.log(`second start: ready ${(product.startedInMs / 1_000).toFixed(1)} s after the command`);
    expect(readFileSync(join(product.dataDir, "demo.json"), "utf8")).toBe(demo);
    expect(product.output().slice(said)).not.toContain("password");
    expect(await statusOf(product, uri)).toBe("delivered");
    expect((await sendText(product)).status).toBe(201);
  });
});

describe("what cannot start", () => {
  let folder: string;
  let busy: Server;
  let busyPort: number;
  beforeAll(async () => {
    folder = makeClusterFolder("pennypost-product-");
    mkdirSync(join(folder, "data"), { mode: 0o711 });
    busy = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => busy.listen(0, "127.0.0.1", resolve));
    busyPort = (busy.address() as AddressInfo).port;
  });
  afterAll(async () => {
    await new Promise((resolve) => busy.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(changed: Record<string, string>) {
    const environment = {
      ...(await productEnvironment(join(folder, "data"))),
      PENNYPOST_LOG_LEVEL: "silent",
      ...changed,
    };
    const { status, stdout, stderr } = await pennypost(environment, ["start"]);
    return { status, lines: `${stdout}${stderr}`.split("\n").filter(Boolean) };
  }

  it.each([
    "PENNYPOST_PORT",
    "PENNYPOST_SANDBOX_CARRIER_PORT",
    "PENNYPOST_SANDBOX_MAILBOX_PORT",
    "PENNYPOST_BOUNCE_PORT",
  ])("says in one line that the port of %s is in use, and leaves nothing running", async (setting) => {
    const said = `Port ${busyPort} is in use; stop what uses it, or set ${setting} to another`;
    expect(await start({ [setting]: String(busyPort) })).toEqual({ status: 1, lines: [said] });
    expect(findPostmaster(join(folder, "data/postgres-18"))).toBeUndefined();
  });

  it.each([
    ["PENNYPOST_PORT", "many", 'PENNYPOST_PORT must be a port number from 0 to 65535, not "many"'],
    ["PENNYPOST_LOG_LEVEL", "loud", 'PENNYPOST_LOG_LEVEL must be one of debug, info, warn, error, silent, not "loud"'],
    ["PENNYPOST_API_ORIGIN", "example.org", /^PENNYPOST_API_ORIGIN must be an origin such as/],
    ["PENNYPOST_CALLBACK_NETWORKS", "everywhere", /^PENNYPOST_CALLBACK_NETWORKS must list networks such as/],
    ["DATABASE_URL", "mysql://root:hidden@db/x", /^DATABASE_URL must begin with postgres:\/\/ (?!.*hidden)/],
  ])("says in one line that %s cannot be %s", async (setting, value, said) => {
    const { status, lines } = await start({ [setting]: value });
    expect(status).toBe(1);
    expect(lines).toEqual([typeof said === "string" ? said : expect.stringMatching(said)]);
  });
});

describe("two installations on one machine", () => {
  let other: Product;
  beforeAll(async () => {
    other = await startProduct();
  });
  afterAll(async () => {
    await other?.close();
  });

  it("have nothing to do with each other", async () => {
    const { uri } = await sendText(other);
    await vi.waitFor(async () => expect(await statusOf(other, uri)).toBe("delivered"), PATIENCE);
    expect((await sendText(other, product.demo.keys.live)).status).toBe(403);
    expect((await sendText(product)).status).toBe(201);
    const before = product.pids();
    expect(await other.stop()).toBe(0);
    expect(product.pids()).toEqual(before);
    expect((await sendText(product)).status).toBe(201);
  });
});
