/**
 * A listening SMTP port that hands over whole mails (RFC 5321), bounded in size, recipients, clients and time. It replies 250 only after
 * `onMail` resolved, so whoever sends keeps the mail until we have it.
 */
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import { errorFields, type Log } from "../log.ts";

const CLIENTS_MAX = 100;
const RECIPIENTS_MAX = 100;
const IDLE_TIMEOUT_MS = 60_000;
const CLOSE_TIMEOUT_MS = 2_000;

export interface MailRecipient {
  address: string;
  /** Which reports the sender asks for (RFC 3461 §4.1); undefined: it did not say. */
  notify: string[] | undefined;
}

export interface ReceivedMail {
  /** Who signed in, where that is asked for; empty elsewhere. */
  user: string;
  /** Where the client is. */
  clientAddress: string;
  /** The envelope sender; empty for a bounce. */
  from: string;
  recipients: MailRecipient[];
  raw: Buffer;
  /** Closes the connection without a reply, as a crash would. */
  hangUp(): void;
}

/** Thrown by `onRecipient` or `onMail`: the reply the client gets. Anything else they throw is answered 451, "try again later". */
export class SmtpReply extends Error {
  readonly responseCode: number;

  constructor(responseCode: number, text: string) {
    super(text);
    this.name = "SmtpReply";
    this.responseCode = responseCode;
  }
}

export interface MailPortOptions {
  host: string;
  port: number;
  /** The name it greets with. */
  name: string;
  mailMaxBytes: number;
  /** Certificate and key in PEM; without them STARTTLS is not offered. */
  tls?: { cert: string; key: string } | undefined;
  /** Asks for a name and a password first, and is told who it is; undefined: nobody whom we let in. */
  signIn?: (who: { username: string; password: string; address: string }) => Promise<string | undefined>;
  /** Announces that it reports on delivery when asked (DSN, RFC 3461). */
  announcesDsn?: boolean;
  /** Refuses a recipient by throwing; all are taken without it. */
  onRecipient?: (address: string) => void;
  onMail: (mail: ReceivedMail) => Promise<void>;
  log: Log;
}

export interface MailPort {
  /** The port it listens on: the one asked for, or the one found free for 0. */
  port: number;
  /** Another certificate for the connections that come after. */
  renew(pem: { cert: string; key: string }): void;
  stop(): Promise<void>;
}

/** Listens, and resolves once it does. Rejects when the port cannot be had. */
export async function receiveMail(options: MailPortOptions): Promise<MailPort> {
  const server = makeServer(options);
  await listen(server, options);
  // Errors of single connections (a client that resets) surface here too; none of them may end the process.
  server.on("error", (error) => options.log.debug("smtp.connection-error", { code: errorFields(error)["code"] }));
  return {
    port: (server.server.address() as AddressInfo).port,
    renew: (pem) => server.updateSecureContext(pem),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function makeServer(options: MailPortOptions): SMTPServer {
  const server: SMTPServer = new SMTPServer({
    name: options.name,
    banner: "",
    size: options.mailMaxBytes,
    rejectOversized: true,
    hideDSN: options.announcesDsn !== true,
    disabledCommands: disabledCommands(options),
    authOptional: options.signIn === undefined,
    authMethods: ["PLAIN", "LOGIN"],
    allowInsecureAuth: options.tls === undefined, // with a certificate nobody says a password before it is hidden
    onAuth: (auth, session, done) => {
      const who = { username: auth.username ?? "", password: auth.password ?? "", address: session.remoteAddress };
      signIn(options, who).then(
        (user) => done(null, { user }),
        (error: unknown) => done(asReply(error, options.log)),
      );
    },
    ...options.tls,
    disableReverseLookup: true,
    logger: false,
    maxClients: CLIENTS_MAX,
    maxRecipients: RECIPIENTS_MAX,
    socketTimeout: IDLE_TIMEOUT_MS,
    closeTimeout: CLOSE_TIMEOUT_MS,
    maxAllowedUnauthenticatedCommands: false,
    onRcptTo: (address, _session, done) => done(replyOf(() => options.onRecipient?.(address.address), options.log)),
    onData: (stream, session, done) => {
      takeMail(stream, { session, server, options }).then(
        () => done(),
        (error: unknown) => done(asReply(error, options.log)),
      );
    },
  });
  return server;
}

function disabledCommands({ tls, signIn: asks }: MailPortOptions): string[] {
  return [...(tls === undefined ? ["STARTTLS"] : []), ...(asks === undefined ? ["AUTH"] : [])];
}

/** RFC 4954 §6: 535 whatever was wrong. */
async function signIn(
  options: MailPortOptions,
  who: Parameters<NonNullable<MailPortOptions["signIn"]>>[0],
): Promise<string> {
  const user = await options.signIn?.(who);
  if (user === undefined) throw new SmtpReply(535, "5.7.8 The name or the password is wrong");
  return user;
}

function listen(server: SMTPServer, options: MailPortOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

interface Arrival {
  session: SMTPServerSession;
  server: SMTPServer;
  options: MailPortOptions;
}

async function takeMail(stream: SMTPServerDataStream, { session, server, options }: Arrival): Promise<void> {
  const raw = await readBounded(stream, options.mailMaxBytes);
  // The server itself answers 552 to a mail beyond the limit.
  if (raw === undefined) return;
  const { envelope } = session;
  await options.onMail({
    user: session.user ?? "",
    clientAddress: session.remoteAddress,
    from: envelope.mailFrom === false ? "" : envelope.mailFrom.address,
    recipients: envelope.rcptTo.map(({ address, dsn }) => ({ address, notify: dsn?.notify })),
    raw,
    hangUp: () => hangUp(server, session),
  });
}

function hangUp(server: SMTPServer, session: SMTPServerSession): void {
  for (const connection of server.connections) if (connection.session === session) connection.close();
}

/** The whole mail, or undefined when it is longer than allowed; what is too much is read and thrown away. */
async function readBounded(stream: SMTPServerDataStream, maxBytes: number): Promise<Buffer | undefined> {
  let chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
    else chunks = [];
  }
  return bytes > maxBytes ? undefined : Buffer.concat(chunks, bytes);
}

function replyOf(check: () => void, log: Log): SmtpReply | null {
  try {
    check();
    return null;
  } catch (error) {
    return asReply(error, log);
  }
}

function asReply(error: unknown, log: Log): SmtpReply {
  if (error instanceof SmtpReply) return error;
  log.warn("smtp.mail-not-taken", errorFields(error));
  return new SmtpReply(451, "4.3.0 Not now, please try again later");
}
