import { createPrivateKey, createPublicKey } from "node:crypto";
import { createServer } from "node:net";
import PostalMime from "postal-mime";
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from "smtp-server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { pngOf } from "../../../test/support/pictures.ts";
import { silentLog } from "../../platform/log.ts";
import { createDkimKey } from "../../platform/smtp/dkim-keys.ts";
import { isSigned } from "../../platform/smtp/samples/check-dkim.ts";
import { parseVerpAddress, readSignedReference } from "../../platform/smtp/verp.ts";
import type { EmailMessage, EmailProvider, Receipt } from "../provider.ts";
import type { SmtpProviderOptions } from "./options.ts";
import { selfSignedCertificate } from "./self-signed-certificate.ts";
import { smtpProvider } from "./smtp-provider.ts";

const SECRET = "a secret of the deployment";
const BOUNCES = { domain: "bounces.example.org", secret: SECRET };
const MESSAGE: EmailMessage = {
  notificationId: "0190f2b0-6a7c-7e3a-9d53-0f5f6d0a1b2c",
  to: "someone@town.example",
  from: { name: "Town, “Café”", address: "town.cafe@news.example.org" },
  replyTo: "desk@example.org",
  subject: "Your appointment – Müller",
  plainText: "Hello\n.\n..dots\nGrüße",
  html: "<p>Hello</p>",
  oneClickUnsubscribeUrl: `https://example.org/unsubscribe/${"a".repeat(200)}?b=c&d=%20e`,
};

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Mail {
  raw: string;
  session: SMTPServerSession;
}

/** A relay that is not ours: takes everything, unless told otherwise. */
async function relay(options: SMTPServerOptions = {}) {
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

async function provider(options: Partial<SmtpProviderOptions> & { port: number }) {
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

const available = (made: EmailProvider) =>
  vi.waitFor(() => expect(made.capacity()).toBeGreaterThan(0), { timeout: 5_000 });

describe("the mail", () => {
  async function sent(message: Partial<EmailMessage>, options: Partial<SmtpProviderOptions> = {}) {
    const peer = await relay();
    const { provider: made } = await provider({ port: peer.port, bounces: BOUNCES, ...options });
    const outcome = await made.send({ ...MESSAGE, ...message });
    const mail = peer.mails[0];
    if (mail === undefined) throw new Error(`No mail arrived: ${JSON.stringify(outcome)}`);
    const email = await PostalMime.parse(Buffer.from(mail.raw, "latin1"));
    return {
      ...mail,
      commands: peer.commands,
      email,
      header: (name: string) => email.headers.find(({ key }) => key === name)?.value,
    };
  }

  it("says who it is from, to whom, where to answer and what about", async () => {
    const { email, header } = await sent({});
    expect(email.from).toEqual({ name: "Town, “Café”", address: "town.cafe@news.example.org" });
    expect(email.to).toEqual([{ name: "", address: "someone@town.example" }]);
    expect(email.replyTo).toEqual([{ name: "", address: "desk@example.org" }]);
    expect(email.subject).toBe("Your appointment – Müller");
    expect(header("auto-submitted")).toBe("auto-generated");
    expect(header("x-mailer")).toBeUndefined();
    expect(Math.abs(Date.parse(header("date") ?? "") - Date.now())).toBeLessThan(60_000);
  });

  it("offers text and HTML as alternatives, as they were written", async () => {
    const { email, header } = await sent({});
    expect(header("content-type")).toMatch(/^multipart\/alternative/);
    expect(email.text?.trimEnd()).toBe("Hello\n.\n..dots\nGrüße");
    expect(email.html?.trimEnd()).toBe("<p>Hello</p>");
  });

  it("takes its logo along, beside the HTML that shows it", async () => {
    const bytes = pngOf(200, 108);
    const html = '<p><img src="cid:logo@town" alt="Town"></p>';
    const { email, header, raw } = await sent({ html, logo: { contentId: "logo@town", filename: "logo.png", bytes } });
    expect(header("content-type")).toMatch(/^multipart\/alternative/);
    expect(raw.match(/^Content-Type: multipart\/related/gm)).toHaveLength(1);
    expect(email.html?.trimEnd()).toBe(html);
    expect(email.attachments).toMatchObject([
      { contentId: "<logo@town>", mimeType: "image/png", disposition: "inline" },
    ]);
    expect(Buffer.from(email.attachments[0]?.content as ArrayBuffer).equals(bytes)).toBe(true);
  });

  it("can be unsubscribed from with one click, at an address that arrives whole", async () => {
    const { header } = await sent({});
    expect(header("list-unsubscribe")).toBe(`<${MESSAGE.oneClickUnsubscribeUrl}>`);
    expect(header("list-unsubscribe-post")).toBe("List-Unsubscribe=One-Click");
  });

  it("says nothing of unsubscribing or answering where there is nothing to say", async () => {
    const { oneClickUnsubscribeUrl: _url, replyTo: _replyTo, ...plain } = MESSAGE;
    const peer = await relay();
    const { provider: made } = await provider({ port: peer.port });
    await made.send(plain);
    expect(peer.mails[0]?.raw).not.toMatch(/^(list-unsubscribe|reply-to)/im);
  });

  it("comes back to a return path of its own, and carries its reference in the Message-ID", async () => {
    const { session, header } = await sent({});
    const returnPath = session.envelope.mailFrom === false ? "" : session.envelope.mailFrom.address;
    expect(parseVerpAddress(returnPath, SECRET)).toBe(MESSAGE.notificationId);
    expect(returnPath).toMatch(/@bounces\.example\.org$/);
    const [, token = "", domain] = /^<(.*)@(.*)>$/.exec(header("message-id") ?? "") ?? [];
    expect(readSignedReference(token, SECRET)).toBe(MESSAGE.notificationId);
    expect(domain).toBe("news.example.org");
  });

  it("is written in ASCII where domains are not", async () => {
    const from = { name: "B", address: "info@bücher.example" };
    const { commands, raw } = await sent(
      { to: "a@köln.example", from },
      { bounces: { ...BOUNCES, domain: "b.bücher.example" } },
    );
    expect(commands).toContainEqual(expect.stringMatching(/^RCPT TO:<a@xn--kln-sna\.example>$/));
    expect(commands).toContainEqual(expect.stringMatching(/^MAIL FROM:<.*@b\.xn--bcher-kva\.example>$/));
    expect(raw).toMatch(/^From: B <info@xn--bcher-kva\.example>$/m);
    expect(raw).toMatch(/^Message-ID:\s+<.*@xn--bcher-kva\.example>$/m);
  });

  it("lets no field begin another", async () => {
    const { raw } = await sent({
      subject: "a\r\nBcc: evil@example.net\r\n\r\nbody",
      from: { name: 'a"\r\nBcc: evil@example.net', address: "a@example.org" },
      oneClickUnsubscribeUrl: "https://example.org/>\r\nBcc: evil@example.net",
    });
    expect(raw).not.toMatch(/^Bcc:/im);
  });

  it("is signed so that its signature survives the wire", async () => {
    const privateKeyPem = await createDkimKey("rsa");
    const { raw } = await sent({}, { dkim: [{ domain: "example.org", selector: "s1", privateKeyPem }] });
    expect(raw).toContain("d=example.org; s=s1");
    expect(isSigned(raw, createPublicKey(createPrivateKey(privateKeyPem)))).toBe(true);
  });
});

describe("what becomes of a mail", () => {
  it("accepted by a relay without reports it is delivered, under the reference of its bounces", async () => {
    const peer = await relay();
    const { provider: made } = await provider({ port: peer.port, bounces: BOUNCES });
    const accepted = { kind: "accepted", references: [MESSAGE.notificationId], isDelivered: true };
    expect(await made.send(MESSAGE)).toEqual(accepted);
    expect(peer.mails[0]?.session.envelope.mailFrom).toMatchObject({ args: false });
  });

  it("accepted by a relay with reports it waits for one, which it asked for", async () => {
    const peer = await relay({ hideDSN: false });
    const { provider: made, receipts, events } = await provider({ port: peer.port, bounces: BOUNCES });
    expect(await made.send(MESSAGE)).toMatchObject({ kind: "accepted", isDelivered: false });
    const { envelope } = peer.mails[0]?.session ?? {};
    expect(envelope?.rcptTo[0]?.dsn?.notify).toEqual(["SUCCESS", "FAILURE", "DELAY"]);
    expect(envelope?.dsn?.ret).toBe("HDRS");
    expect(readSignedReference(envelope?.dsn?.envid ?? "", SECRET)).toBe(MESSAGE.notificationId);
    await made.stop();
    expect(events.receipt).not.toHaveBeenCalled();
    expect(receipts).toEqual([]);
  });

  it("without a domain for bounces it asks for no reports, returns to its sender and is delivered", async () => {
    const peer = await relay({ hideDSN: false });
    const { provider: made } = await provider({ port: peer.port });
    expect(await made.send(MESSAGE)).toMatchObject({ isDelivered: true });
    const { envelope } = peer.mails[0]?.session ?? {};
    expect(envelope?.mailFrom).toMatchObject({ address: MESSAGE.from.address });
    expect(envelope?.rcptTo[0]?.dsn).toBeUndefined();
  });
});

/** A handler's error with the reply it makes. */
function reply(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}

describe("a mail that is not accepted", () => {
  const at = {
    mail: (error: Error): SMTPServerOptions => ({ onMailFrom: (_address, _session, done) => done(error) }),
    rcpt: (error: Error): SMTPServerOptions => ({ onRcptTo: (_address, _session, done) => done(error) }),
    data: (error: Error): SMTPServerOptions => ({
      onData: (stream, _session, done) => void stream.resume().on("end", () => done(error)),
    }),
  };

  it.each([
    ["an unknown recipient", at.rcpt(reply(550, "5.1.1 <someone@town.example>: unknown")), "refused", "5.1.1"],
    ["a refused sender", at.mail(reply(553, "5.7.1 not yours, someone@town.example")), "refused", "5.7.1"],
    ["a refused content", at.data(reply(554, "spam from someone@town.example")), "refused", "5.0.0"],
    ["a full mailbox", at.rcpt(reply(452, "4.2.2 someone@town.example is full")), "unavailable", "4.2.2"],
    ["greylisting", at.data(reply(451, "4.7.1 someone@town.example: later")), "unavailable", "4.7.1"],
    ["a relay that is closing", at.rcpt(reply(421, "4.3.2 bye someone@town.example")), "unavailable", "4.3.2"],
    ["a relay that wants us to sign in", at.mail(reply(530, "5.7.0 sign in")), "unavailable", "5.7.0"],
  ] as const)("because of %s is not, and the recipient is not named", async (_why, options, kind, code) => {
    const peer = await relay(options);
    const { provider: made, receipts } = await provider({ port: peer.port, bounces: BOUNCES });
    const outcome = await made.send(MESSAGE);
    expect(outcome).toMatchObject({ kind, code });
    expect(JSON.stringify(outcome)).not.toContain("someone");
    expect(receipts).toEqual([]);
  });

  it.each(["", "a\r\nb@c.example", "<>", "a@b.example, c@d.example", "a b@c.example"])(
    "because %j is no address is refused, and does not disturb the next",
    async (to) => {
      const peer = await relay();
      const { provider: made } = await provider({ port: peer.port });
      expect(await made.send({ ...MESSAGE, to })).toMatchObject({ kind: "refused" });
      expect(await made.send(MESSAGE)).toMatchObject({ kind: "accepted" });
      expect(peer.mails).toHaveLength(1);
    },
  );

  it("because its id cannot stand in a return path is refused", async () => {
    const peer = await relay();
    const { provider: made } = await provider({ port: peer.port, bounces: BOUNCES });
    expect(await made.send({ ...MESSAGE, notificationId: "NOT AN ID" })).toMatchObject({
      kind: "refused",
      code: "5.6.0",
    });
  });

  it("because it is longer than the relay takes is refused before it is sent", async () => {
    const peer = await relay({ size: 2_000 });
    const { provider: made } = await provider({ port: peer.port });
    const outcome = await made.send({ ...MESSAGE, plainText: "long ".repeat(2_000) });
    expect(outcome.kind).toBe("refused");
    expect(peer.mails).toEqual([]);
  });
});

describe("the relay", () => {
  it("can be away at the start, and is found when it comes", async () => {
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, "127.0.0.1", resolve));
    const { port } = free.address() as { port: number };
    await new Promise((resolve) => free.close(resolve));
    const { provider: made, availability } = await provider({ port });
    await vi.waitFor(() => expect(availability).toEqual([[false, "The mail relay cannot be reached"]]));
    expect(made.capacity()).toBe(0);
    expect(await made.send(MESSAGE)).toMatchObject({ kind: "unavailable" });
    const late = new SMTPServer({ disabledCommands: ["STARTTLS"], authOptional: true, closeTimeout: 50 });
    late.listen(port, "127.0.0.1");
    closing.push(() => new Promise<void>((resolve) => late.close(resolve)));
    await available(made);
    expect(availability.at(-1)).toEqual([true, "The mail relay answers"]);
  });

  it("that hangs up in the middle costs that mail alone", async () => {
    let mails = 0;
    const peer = await relay({
      onMailFrom: (_address, _session, done) => {
        mails += 1;
        if (mails === 1) peer.hangUp();
        else done();
      },
    });
    const { provider: made, availability } = await provider({ port: peer.port });
    await available(made);
    expect(await made.send(MESSAGE)).toMatchObject({
      kind: "unavailable",
      reason: "The mail relay closed the connection",
    });
    expect(await made.send(MESSAGE)).toMatchObject({ kind: "accepted" });
    expect(availability).toEqual([[true, "The mail relay answers"]]);
  });

  it("that closed its connections meanwhile costs no mail", async () => {
    const peer = await relay();
    const { provider: made, availability } = await provider({ port: peer.port });
    for (let sent = 1; sent <= 3; sent += 1) {
      expect(await made.send(MESSAGE)).toMatchObject({ kind: "accepted" });
      peer.hangUp();
    }
    expect(peer.mails).toHaveLength(3);
    expect(availability).toEqual([[true, "The mail relay answers"]]);
  });

  it("takes as many mails at once as it has connections", async () => {
    const held: (() => void)[] = [];
    const peer = await relay({ onRcptTo: (_address, _session, done) => void held.push(() => done()) });
    const { provider: made } = await provider({ port: peer.port, maxConnections: 3 });
    await available(made);
    expect(made.capacity()).toBe(3);
    const sending = [made.send(MESSAGE), made.send(MESSAGE)];
    await vi.waitFor(() => expect(held).toHaveLength(2));
    expect(made.capacity()).toBe(1);
    const stopping = made.stop();
    expect(made.capacity()).toBe(0);
    for (const release of held) release();
    expect((await Promise.all(sending)).map(({ kind }) => kind)).toEqual(["accepted", "accepted"]);
    await stopping;
  });
});

describe("a relay behind a password", () => {
  const certificate = selfSignedCertificate("relay.example", "127.0.0.1");
  const behindPassword: SMTPServerOptions = {
    ...certificate,
    disabledCommands: [],
    authOptional: false,
    onAuth: ({ username, password }, _session, done) =>
      username === "us" && password === "right" ? done(null, { user: "us" }) : done(new Error("no")),
  };
  const auth = { user: "us", password: "right" };

  it("gets the mail over STARTTLS", async () => {
    const peer = await relay(behindPassword);
    const { provider: made } = await provider({ port: peer.port, security: "starttls", caPem: certificate.cert, auth });
    expect(await made.send(MESSAGE)).toMatchObject({ kind: "accepted" });
    expect(peer.mails).toHaveLength(1);
  });

  it("gets the mail over TLS from the first byte", async () => {
    const peer = await relay({ ...behindPassword, secure: true });
    const { provider: made } = await provider({ port: peer.port, security: "tls", caPem: certificate.cert, auth });
    expect(await made.send(MESSAGE)).toMatchObject({ kind: "accepted" });
  });

  it("that does not know us is unavailable", async () => {
    const peer = await relay(behindPassword);
    const wrong = { user: "us", password: "wrong" };
    const { provider: made, availability } = await provider({
      port: peer.port,
      security: "starttls",
      caPem: certificate.cert,
      auth: wrong,
    });
    const reason = "The mail relay did not accept our user name and password";
    expect(await made.send(MESSAGE)).toMatchObject({ kind: "unavailable", reason });
    await vi.waitFor(() => expect(availability).toEqual([[false, reason]]));
    expect(made.capacity()).toBe(0);
  });

  it("with a certificate nobody vouches for never hears the password", async () => {
    const onAuth = vi.fn();
    const peer = await relay({ ...behindPassword, onAuth });
    const { provider: made } = await provider({ port: peer.port, security: "starttls", auth });
    expect(await made.send(MESSAGE)).toMatchObject({ kind: "unavailable" });
    expect(onAuth).not.toHaveBeenCalled();
  });

  it("that offers no encryption never hears the password", async () => {
    const onAuth = vi.fn();
    const peer = await relay({ disabledCommands: ["STARTTLS"], allowInsecureAuth: true, onAuth });
    const { provider: made } = await provider({ port: peer.port, security: "starttls", auth });
    expect(await made.send(MESSAGE)).toMatchObject({ kind: "unavailable" });
    expect(onAuth).not.toHaveBeenCalled();
  });
});
