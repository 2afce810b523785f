/** The sandbox role: a carrier, a mailbox, a print shop, chat apps and networks to play with, spoken to over real sockets. What they receive is shown for a short time. */
import { ensureSandboxProviders, LOOK_UPS } from "../cli/demo/sandbox-providers.ts";
import type { Config } from "../config.ts";
import type { App } from "../flow/app.ts";
import { CannotStart } from "../platform/cannot-start.ts";
import { errorFields } from "../platform/log.ts";
import { listLookupSuppliers } from "../records/number-lookups/lookup-supplier-store.ts";
import { findSandboxCredentials } from "../records/providers/provider-write-store.ts";
import { SANDBOX_CHANNEL, type SandboxOrder } from "../records/sandbox-outbox/sandbox-order.ts";
import { deleteOldSandboxLetters } from "../records/sandbox-outbox/sandbox-outbox-retention-store.ts";
import {
  findSandboxMessage,
  insertSandboxMessages,
  type SandboxMessage,
  sandboxKeys,
} from "../records/sandbox-outbox/sandbox-outbox-store.ts";
import { type Carrier, startCarrier } from "../sandbox/carrier/carrier.ts";
import type { PhoneText } from "../sandbox/carrier/compose-deliveries.ts";
import { NO_FAULTS } from "../sandbox/carrier/faults.ts";
import { createLookUps, type LookUps } from "../sandbox/look-ups/look-ups.ts";
import { type Mailbox, startMailbox } from "../sandbox/mailbox/mailbox.ts";
import type { Messenger } from "../sandbox/messenger/messenger.ts";
import { NO_PRINT_SHOP_FAULTS, type PrintShop, startPrintShop } from "../sandbox/print-shop/print-shop.ts";
import type { PrintJob } from "../sandbox/print-shop/read-print-job.ts";
import { type Receiver, startReceiver } from "../sandbox/receiver/receiver.ts";
import { portProblem } from "./port-problem.ts";
import { createSandboxMessenger, writeInChat } from "./sandbox-messenger.ts";
import type { Role } from "./web.ts";

/** Its own providers alone speak to it. */
const SANDBOX_HOST = "127.0.0.1";
/** A phone takes a moment; long enough to see "sending", short enough not to wait. */
const RECEIPT_DELAY_MS = 300;
/** Some ten megabytes of PDFs. */
const LETTERS_KEPT_MAX = 200;

export async function startSandbox(app: App, config: Config): Promise<Role> {
  await ensureSandboxProviders(app.db, app.keys, { ports: config.ports });
  const carrier = await startSandboxCarrier(app, config);
  const mailbox = await startSandboxMailbox(app, config);
  const messenger = await createSandboxMessenger(app);
  const lookUps = createLookUps({ token: await lookUpsToken(app), log: app.log });
  const receiver = await startSandboxReceiver(app, config, { messenger, lookUps });
  const printShop = await startSandboxPrintShop(app, config);
  const world = { carrier, mailbox, printShop, messenger };
  const orders = await app.db.listen(SANDBOX_CHANNEL, (order) => obey(app, world, order));
  return {
    stop: async () => {
      await orders.close();
      await Promise.all([carrier.stop(), mailbox.stop(), receiver.stop(), printShop.stop()]);
      await messenger.stop();
    },
  };
}

async function startSandboxCarrier(app: App, config: Config): Promise<Carrier> {
  const keys = sandboxKeys(app.keys.master);
  const credentials = await findSandboxCredentials(app.db, app.keys.master);
  if (!credentials) throw new CannotStart("The sandbox's provider is missing: pennypost start makes it");
  try {
    return await startCarrier({
      host: SANDBOX_HOST,
      port: config.ports.carrier,
      ...credentials,
      log: app.log,
      faults: { receiptDelayMs: RECEIPT_DELAY_MS },
      outbox: (texts) =>
        insertSandboxMessages(
          app.db,
          keys,
          texts.map(({ to, from, text, parts }) => ({ channel: "sms", to, from, text, parts })),
        ),
    });
  } catch (error) {
    throw portProblem(error, { port: config.ports.carrier, setting: "PENNYPOST_SANDBOX_CARRIER_PORT" });
  }
}

async function startSandboxMailbox(app: App, config: Config): Promise<Mailbox> {
  const keys = sandboxKeys(app.keys.master);
  try {
    return await startMailbox({
      host: SANDBOX_HOST,
      port: config.ports.mailbox,
      bounceTo: { host: config.host, port: config.ports.bounces },
      log: app.log,
      outbox: (mails) =>
        insertSandboxMessages(
          app.db,
          keys,
          mails.map(({ to, from, subject, text, html, headers }) => ({
            channel: "email",
            to,
            from,
            subject,
            text,
            html,
            headers,
          })),
        ),
    });
  } catch (error) {
    throw portProblem(error, { port: config.ports.mailbox, setting: "PENNYPOST_SANDBOX_MAILBOX_PORT" });
  }
}

async function lookUpsToken({ db, keys }: App): Promise<string> {
  const made = (await listLookupSuppliers(db, keys.master)).find(({ name }) => name === LOOK_UPS);
  const token = made?.secrets["token"];
  if (token === undefined) throw new CannotStart("The sandbox's look-up supplier is missing: pennypost start makes it");
  return token;
}

interface Desks {
  messenger: Messenger;
  lookUps: LookUps;
}

async function startSandboxReceiver(app: App, config: Config, { messenger, lookUps }: Desks): Promise<Receiver> {
  const keys = sandboxKeys(app.keys.master);
  try {
    return await startReceiver({
      host: SANDBOX_HOST,
      port: config.ports.receiver,
      log: app.log,
      takenElsewhere: (request, response) => messenger.take(request, response) || lookUps.take(request, response),
      outbox: (calls) =>
        insertSandboxMessages(
          app.db,
          keys,
          calls.map(({ path, body, headers }) => ({
            channel: "callback",
            to: path,
            from: "Pennypost",
            text: body,
            headers,
          })),
        ),
    });
  } catch (error) {
    throw portProblem(error, { port: config.ports.receiver, setting: "PENNYPOST_SANDBOX_RECEIVER_PORT" });
  }
}

async function startSandboxPrintShop(app: App, config: Config): Promise<PrintShop> {
  try {
    return await startPrintShop({
      host: SANDBOX_HOST,
      port: config.ports.printShop,
      log: app.log,
      outbox: async (letters) => {
        await insertSandboxMessages(app.db, sandboxKeys(app.keys.master), letters.map(letterMessage));
        await deleteOldSandboxLetters(app.db, LETTERS_KEPT_MAX);
      },
    });
  } catch (error) {
    throw portProblem(error, { port: config.ports.printShop, setting: "PENNYPOST_SANDBOX_PRINT_SHOP_PORT" });
  }
}

function letterMessage({ id, recipient, lines, pages, pdf, statusUrl, despatchMethod }: PrintJob): SandboxMessage {
  return {
    channel: "letter",
    to: recipient,
    from: "",
    subject: despatchMethod ?? "SECOND",
    text: [recipient, ...lines].join("\n"),
    pages,
    pdf: pdf.toString("base64"),
    status: { url: statusUrl, reference: id },
  };
}

interface World {
  carrier: Carrier;
  mailbox: Mailbox;
  printShop: PrintShop;
  messenger: Messenger;
}

/** What the sandbox is told to do, through the database: by the admin, the command line, a test. */
function obey(app: App, world: World, payload: string | undefined): void {
  if (payload === undefined) return;
  try {
    const order = JSON.parse(payload) as SandboxOrder;
    if (order.kind === "reply") void writeFromPhone(app, world.carrier, order);
    else if (order.kind === "chat-reply") void writeInChat(app, world.messenger, order);
    else if (order.kind === "carrier-faults") world.carrier.setFaults(known(order.faults, NO_FAULTS));
    else if (order.kind === "print-shop-faults") world.printShop.setFaults(known(order.faults, NO_PRINT_SHOP_FAULTS));
    else if (order.kind === "letter-return") void returnLetter(app, world.printShop, order.messageId);
    else world.mailbox.setFaults(order.faults);
  } catch (error) {
    app.log.warn("sandbox.order-not-understood", errorFields(error));
  }
}

/** The phone shows what was written on it, whether or not anybody takes it. */
async function writeFromPhone(app: App, carrier: Carrier, { from, to, text }: PhoneText): Promise<void> {
  try {
    const written = { channel: "sms", from, to, text, isFromPhone: true } as const;
    await insertSandboxMessages(app.db, sandboxKeys(app.keys.master), [written]);
    await carrier.deliver({ from, to, text });
  } catch (error) {
    app.log.warn("sandbox.phone-failed", errorFields(error));
  }
}

async function returnLetter(app: App, printShop: PrintShop, messageId: string): Promise<void> {
  try {
    const letter = await findSandboxMessage(app.db, sandboxKeys(app.keys.master), messageId);
    if (letter?.status) await printShop.tell({ id: letter.status.reference, statusUrl: letter.status.url }, "RETURNED");
  } catch (error) {
    app.log.warn("sandbox.letter-not-returned", errorFields(error));
  }
}

/** Only faults that a part has, of the type they have: anything else it is told is not for it. */
function known<Faults extends object>(faults: Record<string, unknown>, possible: Faults): Partial<Faults> {
  const named = Object.entries(possible).filter(([name, value]) => typeof faults[name] === typeof value);
  return Object.fromEntries(named.map(([name]) => [name, faults[name]])) as Partial<Faults>;
}
