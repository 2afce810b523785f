/** The door for customers' systems as an operator runs it, over TLS: what it has taken is sent and reported, though it is killed. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { freePorts } from "../../bench/measure/free-ports.ts";
import { silentLog } from "../../src/platform/log.ts";
import { type Carrier, startCarrier } from "../../src/sandbox/carrier/carrier.ts";
import { selfSigned } from "../peers/smpp-carrier.ts";
import { bindCustomer, receiptFields, type SmppCustomer } from "../peers/smpp-customer.ts";
import { type Product, startProduct } from "../support/product.ts";
import { declare } from "../support/product-doors.ts";

/** Processes start anew, on a machine that does much else. */
const PATIENCE = { timeout: 90_000, interval: 250 };
const TEST_TIMEOUT_MS = 240_000;
const CARRIER = { systemId: "witness", password: "secret" };
/** Of a customer's system. */
const SYSTEM = { systemId: "desk", password: "opensesa" };
const BOUND = 0;
const TAKEN = 0;

let product: Product;
let carrier: Carrier;
let folder: string;
let smppPort: number;
const texts: string[] = [];

beforeAll(async () => {
  carrier = await startCarrier({
    ...{ host: "127.0.0.1", port: 0, log: silentLog, ...CARRIER },
    outbox: (batch) => void texts.push(...batch.map(({ text }) => text)),
  });
  product = await startProduct({ environment: { PENNYPOST_LOG_LEVEL: "warn", ...(await smppDoor()) } });
  await declare(product, world());
});
afterAll(async () => {
  await product?.close();
  await carrier?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function smppDoor(): Promise<Record<string, string>> {
  folder = mkdtempSync(join(tmpdir(), "pennypost-smpp-door-"));
  const [certificate, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const { cert, key } = selfSigned();
  writeFileSync(certificate, cert);
  writeFileSync(keyFile, key);
  [smppPort = 0] = await freePorts(1);
  return {
    PENNYPOST_SMPP_PORT: String(smppPort),
    PENNYPOST_SMPP_TLS_CERTIFICATE: certificate,
    PENNYPOST_SMPP_TLS_KEY: keyFile,
  };
}

/** The carrier that these texts go to is in this process: it sees everything, and lives on. */
function world(): Record<string, unknown> {
  const settings = { host: "127.0.0.1", port: carrier.port, systemId: CARRIER.systemId };
  const smpp_accounts = [{ system_id: SYSTEM.systemId, kind: "live", password: SYSTEM.password }];
  const service = { id: randomUUID(), name: "Desk", live: true, permissions: ["sms"], prefix_texts: false };
  return {
    providers: [{ name: "witness", channel: "sms", kind: "smpp", settings, secrets: { password: CARRIER.password } }],
    routes: [
      { provider: "witness", key_kinds: ["live"], position: 1 },
      { provider: "sandbox-carrier", key_kinds: ["test"] },
    ],
    services: [{ ...service, smpp_accounts }],
  };
}

/** Binds as soon as the door is open. */
function bindOnceOpen(): Promise<SmppCustomer> {
  return vi.waitFor(async () => {
    const customer = await bindCustomer({ ...SYSTEM, port: smppPort, tls: true });
    if (customer.bindStatus !== BOUND) customer.drop();
    expect(customer.bindStatus).toBe(BOUND);
    return customer;
  }, PATIENCE);
}

it("what a bound system was told is taken is sent, and reported once it binds again, though the door was killed", {
  timeout: TEST_TIMEOUT_MS,
}, async () => {
  const first = await bindOnceOpen();
  const to = { destination_addr: "447700900123", dest_addr_ton: 1, dest_addr_npi: 1 };
  // Workers notice new routes within seconds.
  await vi.waitFor(async () => {
    await first.submit({ ...to, short_message: "Probe" });
    expect(texts).toContain("Probe");
  }, PATIENCE);
  carrier.setFaults({ receiptDelayMs: 3_000 });
  const taken = new Map<string, string>();
  const submit = async (words: string) => {
    const answer = await first.submit({ ...to, registered_delivery: 1, short_message: words });
    if (answer.command_status === TAKEN) taken.set(String(answer["message_id"]), words);
  };
  await Promise.all(Array.from({ length: 20 }, (_, number) => submit(`By SMPP ${number}`)));
  expect(taken.size).toBe(20);
  // Of those under way when it is killed, some are answered, and some are not.
  for (let number = 20; number < 40; number += 1) void submit(`By SMPP ${number}`);
  const before = product.pids().get("smpp");
  await product.kill("smpp");
  await vi.waitFor(() => expect([undefined, before]).not.toContain(product.pids().get("smpp")), PATIENCE);
  const second = await bindOnceOpen();
  for (const [id, words] of taken) {
    const receipt = [...first.deliveries, ...second.deliveries].find((pdu) => receiptFields(pdu)["id"] === id);
    const fields = receiptFields(receipt ?? (await second.delivery((pdu) => receiptFields(pdu)["id"] === id)));
    expect(fields["stat"]).toBe("DELIVRD");
    await vi.waitFor(() => expect(texts).toContain(words), PATIENCE);
  }
  second.drop();
});
