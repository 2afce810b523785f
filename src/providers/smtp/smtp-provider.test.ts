import { createPrivateKey, createPublicKey } from "node:crypto";
import PostalMime from "postal-mime";
import type { SMTPServerOptions } from "smtp-server";
import { afterEach, describe, expect, it } from "vitest";
import { BOUNCES, MESSAGE, openRelays, SECRET } from "../../../test/support/mail-relays.ts";
import { pngOf } from "../../../test/support/pictures.ts";
import { createDkimKey } from "../../platform/smtp/dkim-keys.ts";
import { isSigned } from "../../platform/smtp/samples/check-dkim.ts";
import { parseVerpAddress, readSignedReference } from "../../platform/smtp/verp.ts";
import type { EmailMessage } from "../provider.ts";
import type { SmtpProviderOptions } from "./options.ts";

const { relay, provider, close } = openRelays();
afterEach(close);

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
