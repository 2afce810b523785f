/** A provider made from its record: the only place that knows the particular ones. */

import type { AnyProvider } from "../flow/dispatch/fleet.ts";
import { letterStatusUrl } from "../flow/letters/status-link.ts";
import { CannotStart } from "../platform/cannot-start.ts";
import type { Credentials } from "../platform/http/basic-auth.ts";
import { httpProvider } from "../providers/http/http-provider.ts";
import { HTTP_PRESETS } from "../providers/http/presets.ts";
import type { PrintHttpOptions } from "../providers/print-http/options.ts";
import { printHttpProvider } from "../providers/print-http/print-http-provider.ts";
import type { PrintSftpOptions } from "../providers/print-sftp/options.ts";
import { printSftpProvider } from "../providers/print-sftp/print-sftp-provider.ts";
import type { HttpReports, LetterProvider, SmsProvider } from "../providers/provider.ts";
import type { SmppOptions } from "../providers/smpp/options.ts";
import { smppProvider } from "../providers/smpp/smpp-provider.ts";
import type { SmtpProviderOptions } from "../providers/smtp/options.ts";
import { smtpProvider } from "../providers/smtp/smtp-provider.ts";
import type { ProviderRecord } from "../records/providers/provider-store.ts";
import { makeChat } from "./make-chat.ts";
import type { Workshop } from "./workshop.ts";

/** Throws one clear line when the record's settings cannot be used. */
export async function makeProvider(workshop: Workshop, record: ProviderRecord): Promise<AnyProvider> {
  switch (record.kind) {
    case "smpp":
      return { channel: "sms", provider: makeSmpp(workshop, record) };
    case "smtp":
      return { channel: "email", provider: smtpProvider(await smtpOptions(workshop, record)) };
    case "http":
      return { channel: "sms", provider: makeHttp(workshop, record) };
    case "print-sftp":
      return { channel: "letter", provider: makePrintSftp(workshop, record) };
    case "print-http":
      return { channel: "letter", provider: makePrintHttp(workshop, record) };
    case "whatsapp":
    case "telegram":
    case "viber":
    case "web-push":
    case "chat-gateway":
      return { channel: "chat", provider: makeChat(workshop, record) };
  }
}

function makePrintSftp({ app }: Workshop, record: ProviderRecord): LetterProvider {
  const settings = record.settings as unknown as Omit<PrintSftpOptions, "name" | "log">;
  return printSftpProvider({ ...settings, ...record.secrets, name: record.name, log: app.log });
}

/** A printer elsewhere can report only where this installation is reached; the sandbox's is on this machine. */
function makePrintHttp({ app, outbound, ownOrigin }: Workshop, record: ProviderRecord): LetterProvider {
  const settings = record.settings as unknown as Omit<PrintHttpOptions, "name" | "statusUrl">;
  const origin = record.isSandbox ? ownOrigin : app.origins.api;
  return printHttpProvider(outbound, {
    ...settings,
    ...record.secrets,
    name: record.name,
    statusUrl: (id) => (origin === undefined ? undefined : letterStatusUrl(app, id, origin)),
  });
}

/** The provider as a reader of a supplier's HTTP requests to us. */
function makeHttp({ app, outbound }: Workshop, record: ProviderRecord): SmsProvider & HttpReports {
  const { preset, supplier, windowSize, timeoutMs, inboundUser, receiptUser, health, canary, ...settings } =
    record.settings as HttpSettings;
  const { inboundPassword, receiptPassword, canaryNumbers, ...secrets } = record.secrets;
  const described = supplier ?? (preset === undefined ? undefined : HTTP_PRESETS[preset]);
  if (!described)
    throw new CannotStart(
      `Provider "${record.name}": settings.preset "${preset}" is not one of ${Object.keys(HTTP_PRESETS).join(", ")}`,
    );
  return httpProvider(
    { outbound, clock: app.clock },
    {
      name: record.name,
      supplier: described,
      settings: { ...(settings as Record<string, string>), ...secrets },
      ...(windowSize === undefined ? {} : { windowSize }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    },
  );
}

interface HttpSettings {
  preset?: keyof typeof HTTP_PRESETS;
  supplier?: unknown;
  windowSize?: number;
  timeoutMs?: number;
  /** With whose user name, and the secrets `inboundPassword` and `receiptPassword`, the supplier logs in to report to us. */
  inboundUser?: string;
  receiptUser?: string;
  [setting: string]: unknown;
}

/** A supplier that reports to us over HTTP, and how it proves who it is. */
export function makeReports(workshop: Workshop, record: ProviderRecord) {
  const reports = makeHttp(workshop, record);
  const receiptLogins = loginsOf(record, "receipt");
  return {
    parseReceipts: reports.parseReceipts,
    parseInbound: reports.parseInbound,
    inboundLogins: reports.inboundIsSigned ? ("signed" as const) : loginsOf(record, "inbound"),
    ...(receiptLogins.length > 0 ? { receiptLogins } : {}),
  };
}

function loginsOf({ settings, secrets }: ProviderRecord, what: "inbound" | "receipt"): Credentials[] {
  const username = settings[`${what}User`];
  const password = secrets[`${what}Password`];
  return typeof username === "string" && password ? [{ username, password }] : [];
}

function makeSmpp({ app }: Workshop, record: ProviderRecord): SmsProvider {
  const settings = record.settings as unknown as Omit<SmppOptions, "name" | "log" | "password">;
  return smppProvider({ ...settings, name: record.name, password: record.secrets["password"] ?? "", log: app.log });
}

/** Bounces return to the domain the mails come from, unless a sending domain names another. */
async function smtpOptions(workshop: Workshop, record: ProviderRecord): Promise<SmtpProviderOptions> {
  const { app, bounceSecret } = workshop;
  const { user, takesBounces = false, ...settings } = record.settings as unknown as SmtpSettings;
  const domains = await workshop.sendingDomains();
  const password = record.secrets["password"];
  const bounceDomain = domains.find((domain) => domain.isDefault)?.bounceDomain ?? app.emailDomain;
  return {
    ...settings,
    name: record.name,
    log: app.log,
    ...(user && password ? { auth: { user, password } } : {}),
    ...(takesBounces ? { bounces: { domain: bounceDomain, secret: bounceSecret } } : {}),
    dkim: domains.map(({ domain, dkimSelector, dkimPrivateKey }) => ({
      domain,
      selector: dkimSelector,
      privateKeyPem: dkimPrivateKey,
    })),
  };
}

type SmtpSettings = Omit<SmtpProviderOptions, "name" | "log" | "auth" | "bounces" | "dkim"> & {
  user?: string;
  /** Bounces of what goes out here come back to our receiving port. */
  takesBounces?: boolean;
};
