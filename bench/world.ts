/**
 * What is set up before measuring: one service without limits that count, its template, its callback and its carrier; and another that
 * sends much, without a callback.
 */
import { randomUUID } from "node:crypto";
import { applyDeclaration } from "../src/cli/apply/apply.ts";
import { readDeclaration } from "../src/cli/apply/declaration.ts";
import { parseFile } from "../src/cli/apply/parse-file.ts";
import type { Installation } from "../src/cli/connect.ts";
import type { NotifyTarget } from "./helpers/requests.ts";

/** Windows of this size are what both products get. */
export const WINDOW_SIZE = 100;
const REQUESTS_PER_MINUTE = 60_000_000;
const TEXTS_PER_DAY = 1_000_000_000;

export interface CarrierPlace {
  port: number;
  systemId: string;
  password: string;
}

export type Sender = Omit<NotifyTarget, "port">;

/** Declares the world as an operator would, with `pennypost apply`. */
export async function makeWorld(
  installation: Installation,
  { carrier, sinkPort }: { carrier: CarrierPlace; sinkPort: number },
): Promise<Record<"sender" | "bulkSender", Sender>> {
  const [sender, bulkSender] = [newSender(), newSender()];
  const file = { name: "bench.yaml", environment: {} };
  const declaration = readDeclaration(
    parseFile(declarationOf(sender, carrier, sinkPort) + bulkServiceOf(bulkSender), file),
  );
  const options = { declaration, actor: "bench", prunes: false, isDryRun: false };
  await applyDeclaration(installation.db, installation.keys, options);
  return { sender, bulkSender };
}

function newSender(): Sender {
  return { kind: "notify", serviceId: randomUUID(), secret: randomUUID(), templateId: randomUUID() };
}

function declarationOf({ serviceId, secret, templateId }: Sender, carrier: CarrierPlace, sinkPort: number): string {
  return `
providers:
  - name: bench-carrier
    channel: sms
    kind: smpp
    settings: { host: 127.0.0.1, port: ${carrier.port}, systemId: ${carrier.systemId}, windowSize: ${WINDOW_SIZE} }
    secrets: { password: ${carrier.password} }
routes:
  - { provider: bench-carrier, key_kinds: [live] }
services:
  - id: ${serviceId}
    name: Example Council
    live: true
    permissions: [sms]
    limits: { requests_per_minute: ${REQUESTS_PER_MINUTE}, sms_per_day: ${TEXTS_PER_DAY} }
    keys: [{ name: bench, kind: live, secret: ${secret} }]
    text_senders: [{ sender: Pennypost, default: true }]
    callbacks:
      - { kind: delivery-receipt, url: "http://127.0.0.1:${sinkPort}/receipts", bearer_token: a-token-for-the-bench }
    templates:
      - id: ${templateId}
        channel: sms
        name: Appointment
        body: Your appointment is on ((day)) at 10:30. Reference ((token))
`;
}

function bulkServiceOf({ serviceId, secret, templateId }: Sender): string {
  return `
  - id: ${serviceId}
    name: Northwold Council
    live: true
    permissions: [sms]
    limits: { requests_per_minute: ${REQUESTS_PER_MINUTE}, sms_per_day: ${TEXTS_PER_DAY} }
    keys: [{ name: bench, kind: live, secret: ${secret} }]
    text_senders: [{ sender: Northwold, default: true }]
    templates:
      - id: ${templateId}
        channel: sms
        name: Notice
        body: The library opens on ((day)) at 10:30. Reference ((token))
`;
}
