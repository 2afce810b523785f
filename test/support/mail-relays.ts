/**
 * Relays that are not ours, and our provider of emails at them.
 *
 *     const { relay, provider, close } = openRelays();
 *     afterEach(close);
 *     const peer = await relay();
 *     const { provider: made } = await provider({ port: peer.port });
 */
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from "smtp-server";
import { vi } from "vitest";
import { silentLog } from "../../src/platform/log.ts";
import type { EmailMessage, Receipt } from "../../src/providers/provider.ts";
import type { SmtpProviderOptions } from "../../src/providers/smtp/options.ts";
import { smtpProvider } from "../../src/providers/smtp/smtp-provider.ts";

export const SECRET = "a secret of the deployment";
export const BOUNCES = { domain: "bounces.example.org", secret: SECRET };
export const MESSAGE: EmailMessage = {
  notificationId: "0190f2b0-6a7c-7e3a-9d53-0f5f6d0a1b2c",
  to: "someone@town.example",
  from: { name: "Town, “Café”", address: "town.cafe@news.example.org" },
  replyTo: "desk@example.org",
  subject: "Your appointment – Müller",
  plainText: "Hello\n.\n..dots\nGrüße",
  html: "<p>Hello</p>",
  oneClickUnsubscribeUrl: `https://example.org/unsubscribe/${"a".repeat(200)}?b=c&d=%20e`,
};

type Closing = (() => Promise<unknown>)[];
type ProviderWish = Partial<SmtpProviderOptions> & { port: number };

export function openRelays() {
  const closing: Closing = [];
  return {
    /** Takes everything, unless told otherwise. */
    relay: (options: SMTPServerOptions = {}) => startRelay(closing, options),
    provider: (options: ProviderWish) => startProvider(closing, options),
    /** Has something else closed with the rest. */
    closeLater: (close: () => Promise<unknown>) => void closing.push(close),
    close: async () => {
      for (const close of closing.splice(0).reverse()) await close();
    },
  };
}

interface Mail {
  raw: string;
  session: SMTPServerSession;
}

async function startRelay(closing: Closing, options: SMTPServerOptions) {
  const mails: Mail[] = [];
  const commands: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    closeTimeout: 50,
    logger: commandLog(commands),
    onData: (stream, session, done) => {
      void stream.toArray().then((chunks) => {
        mails.push({
          raw: Buffer.concat(chunks).toString("latin1"),
          session: structuredClone({ envelope: session.envelope }) as SMTPServerSession,
        });
        done();
      });
    },
    ...options,
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => new Promise<void>((resolve) => server.close(resolve)));
  const hangUp = () => server.connections.forEach((connection) => void connection.close());
  return { port: (server.server.address() as { port: number }).port, mails, commands, hangUp };
}

/** What the client wrote, as it wrote it; the server's own fields decode domains. */
function commandLog(commands: string[]): SMTPServerOptions["logger"] {
  const nothing = () => {};
  const debug = (fields: unknown, _format?: unknown, command?: unknown) => {
    if ((fields as { tnx?: string }).tnx === "command") commands.push(String(command));
  };
  return { level: nothing, trace: nothing, debug, info: nothing, warn: nothing, error: nothing, fatal: nothing };
}

async function startProvider(closing: Closing, options: ProviderWish) {
  const receipts: Receipt[] = [];
  const availability: [boolean, string][] = [];
  const events = {
    receipt: vi.fn(async (receipt: Receipt) => void receipts.push(receipt)),
    inbound: async () => {},
    complaint: async () => {},
    availability: (...change: [boolean, string]) => void availability.push(change),
  };
  const made = smtpProvider({ name: "smtp", host: "127.0.0.1", security: "none", log: silentLog, ...options });
  await made.start(events);
  closing.push(() => made.stop());
  return { provider: made, receipts, availability, events };
}
