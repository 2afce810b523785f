/** The working parts of the product in one process, for journeys: real carrier and provider over a real socket, real database. */
import { vi } from "vitest";
import type { Keeping } from "../../src/core/content/keeping.ts";
import { parsePhoneNumber } from "../../src/core/phone/parse-phone-number.ts";
import type { HealthRules } from "../../src/core/routing/health-rules.ts";
import type { App } from "../../src/flow/app.ts";
import { type Dispatcher, startDispatch } from "../../src/flow/dispatch/dispatcher.ts";
import { type Fleet, startFleet } from "../../src/flow/dispatch/fleet.ts";
import { createRecorder } from "../../src/flow/dispatch/recorder.ts";
import { type Canaries, startCanaries } from "../../src/flow/health/canaries.ts";
import { watchHealth } from "../../src/flow/health/health-watch.ts";
import { receiveText } from "../../src/flow/inbound/receive-text.ts";
import { accept, type Intake } from "../../src/flow/intake/accept.ts";
import { createDailyLimits } from "../../src/flow/intake/daily-limit.ts";
import { createFlights } from "../../src/flow/intake/flights.ts";
import { createRateLimit } from "../../src/flow/intake/rate-limit.ts";
import type { Accepted } from "../../src/flow/intake/send-request.ts";
import { DISPATCH_QUEUES } from "../../src/flow/jobs.ts";
import { startEarlyReceipts } from "../../src/flow/receipt/early-receipts.ts";
import { createReceipts } from "../../src/flow/receipt/receipts.ts";
import { startReplies } from "../../src/flow/replies/reply-worker.ts";
import { createSuppressedLookup } from "../../src/flow/suppressions/suppressed-lookup.ts";
import { newRandomId } from "../../src/platform/ids.ts";
import { createSignal } from "../../src/platform/queue.ts";
import { seal } from "../../src/platform/sealing.ts";
import { smppProvider } from "../../src/providers/smpp/smpp-provider.ts";
import { platformKey, sealedProviderSecrets } from "../../src/records/providers/provider-store.ts";
import type { KeyKind, Service } from "../../src/records/services/service.ts";
import type { TemplateVersion } from "../../src/records/templates/template.ts";
import { type Carrier, startCarrier } from "../../src/sandbox/carrier/carrier.ts";
import type { CarrierFaults } from "../../src/sandbox/carrier/faults.ts";
import { PATIENCE } from "./patience.ts";

const PASSWORD = "secret";

export interface CarrierWish {
  name?: string;
  faults?: Partial<CarrierFaults>;
  weight?: number;
  windowSize?: number;
  /** When it counts as being in trouble. */
  health?: Partial<HealthRules>;
  /** With commas between them. */
  canaryNumbers?: string;
  /** Takes no others' messages. */
  serviceId?: string;
}

/** A carrier on a free port, and the provider and route that lead to it. */
export async function makeCarrier(
  app: App,
  wish: CarrierWish = {},
): Promise<Carrier & { name: string; texts: string[] }> {
  const name = wish.name ?? "acme";
  const texts: string[] = [];
  const carrier = await startCarrier({
    host: "127.0.0.1",
    port: 0,
    systemId: name,
    password: PASSWORD,
    log: app.log,
    outbox: (batch) => void texts.push(...batch.map(({ text }) => text)),
    ...(wish.faults ? { faults: wish.faults } : {}),
  });
  const id = newRandomId();
  const settings = {
    host: "127.0.0.1",
    port: carrier.port,
    systemId: name,
    windowSize: wish.windowSize ?? 50,
    health: wish.health,
  };
  const secrets = seal(
    { key: platformKey(app.keys.master), belongsTo: sealedProviderSecrets(id) },
    JSON.stringify({ password: PASSWORD, ...(wish.canaryNumbers ? { canaryNumbers: wish.canaryNumbers } : {}) }),
  );
  const weight = wish.weight ?? 50;
  await app.db.query`
    insert into providers (id, name, channel, kind, settings, sealed_secrets)
    values (${id}, ${name}, 'sms', 'smpp', ${JSON.stringify(settings)}, ${secrets})`;
  await app.db.query`
    insert into routes (id, name, channel, provider_id, key_kinds, weight, service_ids)
    values (${newRandomId()}, ${name}, 'sms', ${id}, '{live,team,test}', ${weight}, ${wish.serviceId ? [wish.serviceId] : []}::uuid[])`;
  return Object.assign(carrier, { name, texts });
}

/** Waits for the carrier's list of texts, which is written in batches: a receipt may be here before its text is there. */
export async function untilWritten(carrier: { texts: readonly string[] }, count: number): Promise<void> {
  await vi.waitUntil(() => carrier.texts.length >= count, PATIENCE);
}

export interface Workings {
  canaries: Canaries;
  send(wish: SendWish): Promise<Accepted>;
  stop(): Promise<void>;
}

export interface SendWish {
  service: Service;
  template: TemplateVersion;
  to: string;
  keyKind?: KeyKind;
  personalisation?: Record<string, string | string[]>;
  validForSeconds?: number;
  scheduledFor?: Date;
  keeps?: Keeping;
}

/** Dispatch and receipts, as the worker role has them; `makeProvider` for other suppliers than carriers. */
export async function startWorkings(
  app: App,
  { makeProvider = makeSmpp(app) }: { makeProvider?: MakeProvider } = {},
): Promise<Workings> {
  const dispatchers: Dispatcher[] = [];
  const recorder = createRecorder(app);
  const receipts = createReceipts(app, { recorder });
  const routeAgain = () => {
    for (const dispatcher of dispatchers) dispatcher.routeAgain();
  };
  const health = watchHealth({ app, onChange: routeAgain });
  const ships: { fleet?: Fleet } = {};
  const canaries = startCanaries({ app, health, fleet: () => ships.fleet });
  const fleet = await startFleet({
    app,
    onConfigured: (records) => {
      health.follow(records);
      canaries.follow(records);
    },
    makeProvider,
    eventsFor: (provider) => ({
      receipt: (receipt) => {
        health.receipt(provider, receipt);
        return receipts.take({ provider, receipt });
      },
      inbound: (text) => receiveText(app, provider, text),
      complaint: async () => {},
      letterReports: async () => {},
    }),
    onAvailability: routeAgain,
  });
  ships.fleet = fleet;
  const early = await startEarlyReceipts(app, receipts);
  const dispatcher = await startDispatch({ app, fleet, health, recorder, channel: "sms" });
  dispatchers.push(dispatcher);
  const intake = makeIntake(app);
  const replies = await startReplies(intake);
  return {
    canaries,
    send: (wish) => accept(intake, sendRequest(wish)),
    stop: async () => {
      await Promise.all([dispatcher.stop(), canaries.stop()]);
      await Promise.all([fleet.stop(), health.stop()]);
      await Promise.all([early.stop(), replies.stop()]);
      await receipts.idle();
    },
  };
}

type MakeProvider = Parameters<typeof startFleet>[0]["makeProvider"];

function makeSmpp(app: App): MakeProvider {
  return async (record) => ({
    channel: "sms",
    provider: smppProvider({
      ...(record.settings as { host: string; port: number; systemId: string; windowSize: number }),
      name: record.name,
      password: record.secrets["password"] ?? "",
      reconnectMinMs: 50,
      log: app.log,
    }),
  });
}

function makeIntake(app: App): Intake {
  const signal = createSignal(app.db, DISPATCH_QUEUES.sms);
  return {
    ...app,
    flights: createFlights(app.db, signal),
    rateLimit: createRateLimit(app.db, app.clock),
    dailyLimits: createDailyLimits(app.db, app.clock),
    suppressed: createSuppressedLookup(app.db),
  };
}

function sendRequest(wish: SendWish): Parameters<typeof accept>[1] {
  const number = parsePhoneNumber(wish.to);
  if (typeof number === "string") throw new Error(`${wish.to}: ${number}`);
  const key = wish.service.keys.find(({ kind }) => kind === (wish.keyKind ?? "live"));
  if (!key) throw new Error("the service has no such key");
  return {
    service: wish.service,
    key,
    recipient: { channel: "sms", number },
    templateId: wish.template.templateId,
    personalisation: wish.personalisation ?? {},
    files: undefined,
    sanitiseContentFor: [],
    reference: undefined,
    senderId: undefined,
    oneClickUnsubscribeUrl: undefined,
    priority: undefined,
    scheduledFor: wish.scheduledFor,
    validForSeconds: wish.validForSeconds,
    callbackUrl: undefined,
    isFlash: false,
    ...(wish.keeps === undefined ? {} : { keeps: wish.keeps }),
    idempotency: undefined,
  };
}
