/**
 * What the environment says, read once, checked and given units. A wrong value stops the start with one line that names it.
 * Imported by main and the command line alone; everything else is passed what it needs.
 */
import { isIP } from "node:net";
import path from "node:path";
import { type BlobsAddress, parseBlobsAddress } from "./platform/blobs.ts";
import { CannotStart } from "./platform/cannot-start.ts";
import { type ClamdAddress, parseClamdAddress } from "./platform/clamd/conversation.ts";
import type { LogLevel } from "./platform/log.ts";

const LOG_LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error", "silent"];
const PORT_MAX = 65_535;

export interface Config {
  dataDir: string;
  host: string;
  ports: { web: number; carrier: number; mailbox: number; receiver: number; printShop: number; bounces: number };
  /** With it API and admin web are spoken to by HTTPS; undefined: a proxy in front does that. */
  tls: TlsFiles | undefined;
  /** The door for customers' systems; undefined: it stays shut. */
  smpp: DoorConfig | undefined;
  smtp: DoorConfig | undefined;
  /** Undefined: the embedded database. */
  databaseUrl: string | undefined;
  /** As text; undefined: the file in the data folder. */
  masterKey: string | undefined;
  origins: { api: string | undefined; admin: string | undefined; documents: string | undefined };
  /** Domain that emails come from and bounces return to, until sending domains are set up. */
  emailDomain: string;
  logLevel: LogLevel;
  trustedProxies: readonly string[];
  callbackNetworks: readonly string[];
  /** Where files that recipients download are kept. */
  fileStore: BlobsAddress;
  /** Where clamd answers; undefined: nobody scans for viruses, but the sandbox. */
  clamdAddress: ClamdAddress | undefined;
  /** Files from outside are taken though nobody scans them. */
  acceptsUnscannedFiles: boolean;
}

/** A door for customers' systems, which is shut until it is given a port. */
export interface DoorConfig {
  host: string;
  port: number;
  /** With them it speaks TLS. */
  tls: TlsFiles | undefined;
}

/** In PEM form; the certificate's chain is in its file. */
export interface TlsFiles {
  certificateFile: string;
  keyFile: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the configuration. Throws `CannotStart` with one line that names the wrong value. */
export function readConfig(environment: Environment): Config {
  const text = (name: string, fallback: string): string => environment[name]?.trim() || fallback;
  const optional = (name: string): string | undefined => environment[name]?.trim() || undefined;
  return {
    dataDir: path.resolve(text("PENNYPOST_DATA_DIR", "data")),
    host: text("PENNYPOST_HOST", "127.0.0.1"),
    ports: {
      web: port("PENNYPOST_PORT", text("PENNYPOST_PORT", "6080")),
      carrier: port("PENNYPOST_SANDBOX_CARRIER_PORT", text("PENNYPOST_SANDBOX_CARRIER_PORT", "6081")),
      mailbox: port("PENNYPOST_SANDBOX_MAILBOX_PORT", text("PENNYPOST_SANDBOX_MAILBOX_PORT", "6082")),
      receiver: port("PENNYPOST_SANDBOX_RECEIVER_PORT", text("PENNYPOST_SANDBOX_RECEIVER_PORT", "6083")),
      printShop: port("PENNYPOST_SANDBOX_PRINT_SHOP_PORT", text("PENNYPOST_SANDBOX_PRINT_SHOP_PORT", "6084")),
      bounces: port("PENNYPOST_BOUNCE_PORT", text("PENNYPOST_BOUNCE_PORT", "6025")),
    },
    tls: tlsFiles("PENNYPOST", optional),
    smpp: door("PENNYPOST_SMPP", optional, text("PENNYPOST_HOST", "127.0.0.1")),
    smtp: door("PENNYPOST_SMTP", optional, text("PENNYPOST_HOST", "127.0.0.1")),
    databaseUrl: databaseUrl(optional("DATABASE_URL")),
    masterKey: optional("PENNYPOST_MASTER_KEY"),
    origins: {
      api: origin("PENNYPOST_API_ORIGIN", optional("PENNYPOST_API_ORIGIN")),
      admin: origin("PENNYPOST_ADMIN_ORIGIN", optional("PENNYPOST_ADMIN_ORIGIN")),
      documents: origin("PENNYPOST_DOCUMENTS_ORIGIN", optional("PENNYPOST_DOCUMENTS_ORIGIN")),
    },
    emailDomain: text("PENNYPOST_EMAIL_DOMAIN", "pennypost.localhost"),
    logLevel: logLevel(text("PENNYPOST_LOG_LEVEL", "info")),
    trustedProxies: networks("PENNYPOST_TRUSTED_PROXIES", optional("PENNYPOST_TRUSTED_PROXIES")),
    callbackNetworks: networks("PENNYPOST_CALLBACK_NETWORKS", optional("PENNYPOST_CALLBACK_NETWORKS")),
    fileStore: fileStore(
      text("PENNYPOST_FILE_STORE", path.join(path.resolve(text("PENNYPOST_DATA_DIR", "data")), "files")),
    ),
    clamdAddress: clamdAddress(optional("PENNYPOST_CLAMD_ADDRESS")),
    acceptsUnscannedFiles: acceptsUnscannedFiles(text("PENNYPOST_UNSCANNED_FILES", "refuse")),
  };
}

function door(prefix: string, optional: (name: string) => string | undefined, host: string): DoorConfig | undefined {
  const wanted = optional(`${prefix}_PORT`);
  const tls = tlsFiles(prefix, optional);
  if (wanted === undefined) return undefined;
  return {
    host: optional(`${prefix}_HOST`) ?? host,
    port: port(`${prefix}_PORT`, wanted),
    tls,
  };
}

function tlsFiles(prefix: string, optional: (name: string) => string | undefined): TlsFiles | undefined {
  const certificateFile = optional(`${prefix}_TLS_CERTIFICATE`);
  const keyFile = optional(`${prefix}_TLS_KEY`);
  if (certificateFile !== undefined && keyFile !== undefined) return { certificateFile, keyFile };
  if (certificateFile === undefined && keyFile === undefined) return undefined;
  throw new CannotStart(`${prefix}_TLS_CERTIFICATE and ${prefix}_TLS_KEY go together: set both or neither`);
}

function port(name: string, text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= PORT_MAX) return number;
  throw new CannotStart(`${name} must be a port number from 0 to ${PORT_MAX}, not "${text}"`);
}

function databaseUrl(text: string | undefined): string | undefined {
  if (text === undefined || /^postgres(ql)?:\/\/\S+$/.test(text)) return text;
  throw new CannotStart(
    "DATABASE_URL must begin with postgres:// (its value is not shown here: it may hold a password)",
  );
}

function origin(name: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.origin === text.replace(/\/$/, "")) return url.origin;
  throw new CannotStart(`${name} must be an origin such as https://api.example.org, not "${text}"`);
}

function logLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text);
  if (level) return level;
  throw new CannotStart(`PENNYPOST_LOG_LEVEL must be one of ${LOG_LEVELS.join(", ")}, not "${text}"`);
}

function fileStore(text: string): BlobsAddress {
  const address = parseBlobsAddress(text);
  if (address) return address;
  throw new CannotStart(
    `PENNYPOST_FILE_STORE must be the path of a folder, or a bucket such as s3://name/prefix?region=eu-west-2, not "${text}"`,
  );
}

function clamdAddress(text: string | undefined): ClamdAddress | undefined {
  const address = text === undefined ? undefined : parseClamdAddress(text);
  if (text === undefined || address) return address;
  throw new CannotStart(
    `PENNYPOST_CLAMD_ADDRESS must be a host and port such as 127.0.0.1:3310, or the path of a socket, not "${text}"`,
  );
}

function acceptsUnscannedFiles(text: string): boolean {
  if (text === "accept" || text === "refuse") return text === "accept";
  throw new CannotStart(`PENNYPOST_UNSCANNED_FILES must be accept or refuse, not "${text}"`);
}

/** A list of networks in CIDR notation (RFC 4632), separated by commas or spaces. */
function networks(name: string, text: string | undefined): string[] {
  const list = (text ?? "").split(/[\s,]+/).filter(Boolean);
  const wrong = list.find((network) => !isNetwork(network));
  if (wrong === undefined) return list;
  throw new CannotStart(`${name} must list networks such as 10.0.0.0/8, not "${wrong}"`);
}

function isNetwork(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  const version = isIP(address);
  const bitsMax = version === 6 ? 128 : 32;
  return version !== 0 && rest.length === 0 && (bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= bitsMax));
}
