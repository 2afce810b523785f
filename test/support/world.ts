/**
 * A small world for tests, built in words, on a database of its own and with a clock that can be moved.
 *
 *     const world = await createWorld();
 *     const service = await world.service({ callbacks: { "delivery-receipt": `${receiver.url}/receipts` } });
 *     const template = await world.template(service, { body: "Hello ((name))" });
 *     const notification = await world.notification(service, { template, personalisation: { name: "Ada" }, status: "sending" });
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEmailAddress } from "../../src/core/email/parse-email-address.ts";
import { parsePhoneNumber } from "../../src/core/phone/parse-phone-number.ts";
import type { App } from "../../src/flow/app.ts";
import { createFloodBook } from "../../src/flow/floods/flood-book.ts";
import { NO_FILES } from "../../src/flow/intake/attach-files.ts";
import { newNotification } from "../../src/flow/intake/new-notification.ts";
import type { Recipient, SendRequest } from "../../src/flow/intake/send-request.ts";
import { chooseSender } from "../../src/flow/intake/sender.ts";
import { createPrices } from "../../src/flow/money/prices.ts";
import { createNetworkFinder } from "../../src/flow/number-lookups/network-finder.ts";
import { createQualityBook } from "../../src/flow/quality/quality-book.ts";
import { houseStyleOf, renderTemplate } from "../../src/flow/rendering.ts";
import { lookupKinds } from "../../src/main/make-network-lookup.ts";
import { openBlobs } from "../../src/platform/blobs.ts";
import type { Clock } from "../../src/platform/clock.ts";
import { openDatabase } from "../../src/platform/db.ts";
import { newId, newRandomId } from "../../src/platform/ids.ts";
import { silentLog } from "../../src/platform/log.ts";
import {
  deriveKey,
  newMasterKeyText,
  newWrappedKey,
  parseMasterKey,
  seal,
  unwrapKey,
} from "../../src/platform/sealing.ts";
import { newWebhookSecret } from "../../src/platform/webhook-signature.ts";
import type { Notification } from "../../src/records/notifications/notification.ts";
import { getNotifications, insertNotifications } from "../../src/records/notifications/notification-store.ts";
import { makePartitionsAround } from "../../src/records/partitions/partition-store.ts";
import type { CallbackKind, KeyKind, Permission, Service, TextMode } from "../../src/records/services/service.ts";
import { createServices } from "../../src/records/services/service-cache.ts";
import { sealedAt } from "../../src/records/services/service-store.ts";
import type { TemplateVersion } from "../../src/records/templates/template.ts";
import { createTemplates } from "../../src/records/templates/template-cache.ts";
import { sandboxScanner } from "../../src/sandbox/scanner/sandbox-scanner.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";

const CONNECTIONS_MAX = 8;
const KEY_KINDS: readonly KeyKind[] = ["live", "team", "test"];
const ALL_PERMISSIONS: readonly Permission[] = ["sms", "email", "letter"];

export interface World {
  app: App;
  /** Where its files are kept. */
  filesFolder: string;
  clock: WorldClock;
  service(wish?: ServiceWish): Promise<WorldService>;
  template(service: Service, wish?: TemplateWish): Promise<TemplateVersion>;
  notification(service: Service, wish?: NotificationWish): Promise<Notification>;
  inboundNumber(service: Service, number: string): Promise<void>;
  /** The service anew from the database. */
  reload(service: Service): Promise<Service>;
  /** How the notification is now. */
  latest(notification: Pick<Notification, "id">): Promise<Notification>;
  /** Makes every sleeping or leased job of a queue ready, as if the time for it had come. */
  wakeJobs(queue: string): Promise<void>;
  close(): Promise<void>;
}

interface WorldClock {
  now(): Date;
  /** Moves the clock; it goes on from there. */
  advance(ms: number): void;
}

/** A service, and the secrets of its keys, with which a client signs its tokens. */
export type WorldService = Service & { secrets: Record<KeyKind, string> };

export interface ServiceWish {
  name?: string;
  permissions?: readonly Permission[];
  isTrial?: boolean;
  textMode?: TextMode;
  prefixesTexts?: boolean;
  rateLimitPerMinute?: number;
  dailyLimitSms?: number;
  dailyLimitEmail?: number;
  dailyLimitInternationalSms?: number;
  retentionDays?: { sms?: number; email?: number; letter?: number };
  textSender?: string;
  replyTo?: string;
  /** Whom recipients of its files may ask. */
  filesContact?: string;
  callbacks?: Partial<Record<CallbackKind, string>>;
}

export interface TemplateWish {
  channel?: "sms" | "email" | "letter" | "chat";
  name?: string;
  subject?: string;
  body?: string;
  /** Of letters. */
  postage?: "first" | "second" | "economy";
  contactBlock?: string;
  welsh?: { subject: string; body: string };
  hasUnsubscribeLink?: boolean;
}

export interface NotificationWish {
  template?: TemplateVersion;
  channel?: "sms" | "email";
  to?: string;
  keyKind?: KeyKind;
  personalisation?: Record<string, string | string[]>;
  reference?: string;
  callbackUrl?: string;
  oneClickUnsubscribeUrl?: string;
  createdAt?: Date;
  scheduledFor?: Date;
  status?: string;
  sentAt?: Date;
  updatedAt?: Date;
  provider?: string;
  /** Where its recipient was when it was accepted. */
  network?: string;
}

export async function createWorld(options: Partial<App> = {}): Promise<World> {
  return createWorldIn(await createTestDatabase(), options);
}

/** A world in a database that has the schema. */
export async function createWorldIn(database: TestDatabase, options: Partial<App> = {}): Promise<World> {
  const filesFolder = mkdtempSync(join(tmpdir(), "pennypost-files-"));
  const offset = { ms: 0 };
  const clock: WorldClock = {
    now: () => new Date(Date.now() + offset.ms),
    advance: (ms) => {
      offset.ms += ms;
    },
  };
  const app = { ...(await makeApp(database.url, filesFolder, options.clock ?? clock)), ...options };
  await makePartitionsAround(app.db, app.clock.now());
  return {
    app,
    filesFolder,
    clock,
    service: (wish = {}) => makeService(app, wish),
    template: (service, wish = {}) => makeTemplate(app, service, wish),
    notification: (service, wish = {}) => makeNotification(app, service, wish),
    inboundNumber: async (service, number) => {
      await app.db.query`insert into inbound_numbers (number, service_id) values (${number}, ${service.id})`;
    },
    reload: (service) => reload(app, service.id),
    latest: (notification) => latest(app, notification.id),
    wakeJobs: async (queue) => {
      await app.db.query`update jobs set wake_at = null, lease_ends_at = null where queue = ${queue}`;
    },
    close: async () => {
      await app.quality.flush();
      await app.floods.flush();
      await app.db.close();
      await database.drop();
      rmSync(filesFolder, { recursive: true });
    },
  };
}

async function makeApp(url: string, filesFolder: string, clock: Clock): Promise<App> {
  const master = parseMasterKey(newMasterKeyText());
  if (!master) throw new Error("a new master key cannot be read");
  const keys = { master, searchIndex: deriveKey(master, "search index"), links: deriveKey(master, "links") };
  const db = openDatabase({ url, maxConnections: CONNECTIONS_MAX, applicationName: "pennypost test" });
  return {
    db,
    clock,
    log: silentLog,
    keys,
    services: createServices(db, keys),
    templates: createTemplates(db),
    prices: createPrices(db, clock),
    lookupKinds,
    networks: createNetworkFinder({ db, keys, clock }),
    quality: createQualityBook({ db, log: silentLog }),
    floods: createFloodBook({ db, log: silentLog }),
    origins: { api: "https://api.example.org", admin: undefined, documents: undefined },
    emailDomain: "notifications.example.org",
    wakeCallbacks: () => {},
    callbackNetworks: ["127.0.0.0/8"],
    blobs: await openBlobs({ kind: "folder", path: filesFolder }),
    scanning: { scanner: undefined, acceptsUnscanned: false, sandboxScanner },
  };
}

async function makeService(app: App, wish: ServiceWish): Promise<WorldService> {
  const id = newRandomId();
  const wrappedKey = newWrappedKey(app.keys.master, id);
  const dataKey = unwrapKey(app.keys.master, id, wrappedKey);
  const { sms = 7, email = 7, letter = 7 } = wish.retentionDays ?? {};
  await app.db.query`
    insert into services (id, name, permissions, is_trial, text_mode, prefixes_texts, rate_limit_per_minute,
      daily_limit_sms, daily_limit_email, daily_limit_international_sms, retention_days_sms, retention_days_email, retention_days_letter, wrapped_key,
      files_contact)
    values (${id}, ${wish.name ?? "Example Council"}, ${wish.permissions ?? ALL_PERMISSIONS}, ${wish.isTrial ?? false},
      ${wish.textMode ?? "unicode"}, ${wish.prefixesTexts ?? true}, ${wish.rateLimitPerMinute ?? 3_000},
      ${wish.dailyLimitSms ?? 250_000}, ${wish.dailyLimitEmail ?? 250_000},
      ${wish.dailyLimitInternationalSms ?? 100}, ${sms}, ${email}, ${letter}, ${wrappedKey},
      ${wish.filesContact ?? null})`;
  const secrets = await makeKeys(app, id, dataKey);
  await makeSenders(app, id, wish);
  for (const [kind, url] of Object.entries(wish.callbacks ?? {}))
    await makeCallback(app, { id, dataKey }, { kind, url });
  return { ...(await reload(app, id)), secrets };
}

async function makeKeys(app: App, serviceId: string, dataKey: Buffer): Promise<Record<KeyKind, string>> {
  const secrets = { live: newRandomId(), team: newRandomId(), test: newRandomId() };
  for (const kind of KEY_KINDS) {
    const id = newRandomId();
    const sealed = seal({ key: dataKey, belongsTo: sealedAt.apiKey(id) }, secrets[kind]);
    await app.db.query`
      insert into api_keys (id, service_id, name, kind, sealed_secret) values (${id}, ${serviceId}, ${kind}, ${kind}, ${sealed})`;
  }
  return secrets;
}

async function makeSenders(app: App, serviceId: string, { textSender, replyTo }: ServiceWish): Promise<void> {
  if (textSender !== undefined) {
    await app.db.query`
      insert into text_senders (id, service_id, sender, is_default) values (${newRandomId()}, ${serviceId}, ${textSender}, true)`;
  }
  if (replyTo !== undefined) {
    await app.db.query`
      insert into reply_to_addresses (id, service_id, address, is_default) values (${newRandomId()}, ${serviceId}, ${replyTo}, true)`;
  }
}

async function makeCallback(
  app: App,
  service: Pick<Service, "id" | "dataKey">,
  { kind, url }: { kind: string; url: string },
): Promise<void> {
  const id = newRandomId();
  const sealed = (belongsTo: string, text: string) => seal({ key: service.dataKey, belongsTo }, text);
  await app.db.query`
    insert into callbacks (id, endpoint_id, service_id, kinds, url, sealed_bearer_token, sealed_signing_secret)
    values (${id}, ${newRandomId()}, ${service.id}, ${[kind]}, ${url}, ${sealed(sealedAt.callbackToken(id), "a-token-of-some-length")},
      ${sealed(sealedAt.callbackSecret(id), newWebhookSecret())})`;
}

async function reload(app: App, serviceId: string): Promise<Service> {
  app.services.forget(serviceId);
  const service = await app.services.find(serviceId);
  if (!service) throw new Error("the service is not in the database");
  return service;
}

async function makeTemplate(app: App, service: Service, wish: TemplateWish): Promise<TemplateVersion> {
  const id = newRandomId();
  const channel = wish.channel ?? "sms";
  const subject = channel === "sms" || channel === "chat" ? null : (wish.subject ?? "A subject");
  await app.db.query`insert into templates (id, service_id, channel) values (${id}, ${service.id}, ${channel})`;
  await app.db.query`
    insert into template_versions (template_id, version, name, subject, body, postage, contact_block, welsh_subject, welsh_body,
      has_unsubscribe_link, created_by)
    values (${id}, 1, ${wish.name ?? "A template"}, ${subject}, ${wish.body ?? "Hello"}, ${wish.postage ?? null},
      ${wish.contactBlock ?? null}, ${wish.welsh?.subject ?? null}, ${wish.welsh?.body ?? null},
      ${wish.hasUnsubscribeLink ?? false}, 'editor@example.org')`;
  const template = await app.templates.find(id);
  if (!template) throw new Error("the template is not in the database");
  return template;
}

async function makeNotification(app: App, service: Service, wish: NotificationWish): Promise<Notification> {
  const template = wish.template ?? (await makeTemplate(app, service, wish.channel ? { channel: wish.channel } : {}));
  const request = sendRequest(service, template, wish);
  const id = newId(wish.createdAt ?? app.clock.now());
  const personalisation = request.personalisation;
  const rendered = renderTemplate(template, personalisation, houseStyleOf(service));
  const sender = chooseSender(app, request);
  const row = newNotification(app, {
    id,
    request,
    rendered,
    style: houseStyleOf(service),
    sender,
    personalisation,
    sanitisedContent: {},
    files: NO_FILES,
    keeps: "everything",
    contentHash: undefined,
    network: wish.network,
    unitPrice: undefined,
  });
  if (wish.createdAt) await makePartitionsAround(app.db, wish.createdAt);
  // Together, so that nobody sees it as it never was.
  await app.db.transaction(async (tx) => {
    await insertNotifications(tx, [row]);
    await tx.query`
      update notifications n set status = ${wish.status ?? "created"}, sent_at = ${wish.sentAt ?? null},
        updated_at = ${wish.updatedAt ?? null}, provider = ${wish.provider ?? null}
      where n.id = ${id}`;
  });
  return await latest(app, id);
}

async function latest(app: App, id: string): Promise<Notification> {
  const [notification] = await getNotifications(app.db, [id]);
  if (!notification) throw new Error("the notification is not in the database");
  return notification;
}

function sendRequest(service: Service, template: TemplateVersion, wish: NotificationWish): SendRequest {
  const key = service.keys.find(({ kind }) => kind === (wish.keyKind ?? "live"));
  if (!key) throw new Error("the service has no such key");
  return {
    service,
    key,
    recipient: recipientOf(template, wish.to),
    templateId: template.templateId,
    personalisation: wish.personalisation ?? {},
    files: undefined,
    sanitiseContentFor: [],
    reference: wish.reference,
    senderId: undefined,
    oneClickUnsubscribeUrl: wish.oneClickUnsubscribeUrl,
    priority: undefined,
    scheduledFor: wish.scheduledFor,
    validForSeconds: undefined,
    callbackUrl: wish.callbackUrl,
    isFlash: false,
    idempotency: undefined,
  };
}

function recipientOf(template: TemplateVersion, to: string | undefined): Recipient {
  if (template.channel === "sms") {
    const number = parsePhoneNumber(to ?? "07700 900123");
    if (typeof number === "string") throw new Error(`not a phone number: ${number}`);
    return { channel: "sms", number };
  }
  const address = parseEmailAddress(to ?? "ada@example.org");
  if (typeof address === "string") throw new Error(`not an email address: ${address}`);
  return { channel: "email", address };
}
