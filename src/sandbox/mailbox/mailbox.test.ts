import nodemailer from "nodemailer";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { PATIENCE } from "../../../test/support/patience.ts";
import { silentLog } from "../../platform/log.ts";
import { type MailboxMail, type MailboxOptions, startMailbox } from "./mailbox.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function mailbox(options: Partial<MailboxOptions> = {}) {
  const mails: MailboxMail[] = [];
  const outbox = vi.fn(async (batch: MailboxMail[]) => void mails.push(...batch));
  const box = await startMailbox({ host: "127.0.0.1", port: 0, outbox, log: silentLog, ...options });
  const sender = nodemailer.createTransport({ host: "127.0.0.1", port: box.port, ignoreTLS: true, pool: true });
  closing.push(
    () => box.stop(),
    async () => sender.close(),
  );
  return { box, mails, outbox, sender };
}

/** Somebody else's mail server, for what the mailbox sends back. */
async function bouncePort(reject?: () => Error | null) {
  const reports: { from: string; to: string; raw: Buffer }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    closeTimeout: 50,
    onMailFrom: (_address, _session, done) => done(reject?.()),
    onData: (stream, { envelope }, done) => {
      void stream.toArray().then((chunks) => {
        const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
        reports.push({ from, to: envelope.rcptTo[0]?.address ?? "", raw: Buffer.concat(chunks) });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => new Promise<void>((resolve) => server.close(resolve)));
  return { reports, address: { host: "127.0.0.1", port: (server.server.address() as { port: number }).port } };
}

const MAIL = {
  from: '"Town" <town@example.org>',
  to: "a@b.example",
  subject: "Grüße",
  text: "Hello",
  html: "<p>Hello</p>",
};

describe("the mailbox", () => {
  it("shows a mail to each of its recipients", async () => {
    const { mails, sender } = await mailbox();
    await sender.sendMail({
      ...MAIL,
      to: ["a@b.example", "c@d.example"],
      replyTo: "desk@example.org",
      headers: { "X-Other": "1" },
    });
    expect(mails.map(({ to }) => to)).toEqual(["a@b.example", "c@d.example"]);
    expect(mails[0]).toMatchObject({
      from: "Town <town@example.org>",
      subject: "Grüße",
      headers: { "reply-to": "desk@example.org" },
    });
    expect(mails[0]?.text.trim()).toBe("Hello");
    expect(mails[0]?.html.trim()).toBe("<p>Hello</p>");
    expect(Object.keys(mails[0]?.headers ?? {})).not.toContain("x-other");
  });

  it("shows the pictures that a mail brings along", async () => {
    const { mails, sender } = await mailbox();
    const picture = Buffer.from("a picture");
    const html = '<img src="cid:a@town"><img src="cid:b@town">';
    const attachments = [{ cid: "a@town", filename: "a.png", content: picture, contentType: "image/png" }];
    await sender.sendMail({ ...MAIL, html, attachments });
    const shown = `data:image/png;base64,${picture.toString("base64")}`;
    expect(mails[0]?.html.trim()).toBe(`<img src="${shown}"><img src="cid:b@town">`);
  });

  it("does not acknowledge a mail that could not be kept", async () => {
    const { mails, outbox, sender } = await mailbox();
    outbox.mockRejectedValueOnce(new Error("no database"));
    await expect(sender.sendMail(MAIL)).rejects.toMatchObject({ responseCode: 451 });
    await sender.sendMail(MAIL);
    expect(mails).toHaveLength(1);
  });

  it("refuses a mail of ten megabytes and one that cannot be parsed, and goes on", async () => {
    const { mails, sender } = await mailbox();
    const envelope = { from: "a@b.example", to: "c@d.example" };
    const long = `Subject: a\r\n\r\n${`${"x".repeat(76)}\r\n`.repeat(140_000)}`;
    await expect(sender.sendMail({ envelope, raw: long })).rejects.toMatchObject({ responseCode: 552 });
    const depths = Array.from({ length: 1_000 }, (_, depth) => depth);
    const nested = depths.map((d) => `Content-Type: multipart/mixed; boundary=b${d}\r\n\r\n--b${d}\r\n`).join("");
    await expect(sender.sendMail({ envelope, raw: nested })).rejects.toMatchObject({ responseCode: 554 });
    await sender.sendMail(MAIL);
    expect(mails).toHaveLength(1);
  });
});

describe("faults", () => {
  it.each([
    ["temporaryRefusalEvery", { responseCode: 451 }],
    ["permanentRefusalEvery", { responseCode: 550 }],
    ["hangUpEvery", { code: "ECONNECTION" }],
  ])("%s: 3 befalls every third mail, until it is taken back", async (fault, failure) => {
    const { box, mails, sender } = await mailbox({ faults: { [fault]: 3 } });
    await sender.sendMail(MAIL);
    await sender.sendMail(MAIL);
    await expect(sender.sendMail(MAIL)).rejects.toMatchObject(failure);
    box.setFaults({});
    await sender.sendMail(MAIL);
    expect(mails).toHaveLength(3);
  });

  it("a delay holds each mail back", async () => {
    const { sender } = await mailbox({ faults: { delayMs: 150 } });
    const startedAt = performance.now();
    await sender.sendMail(MAIL);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(145);
  });
});

describe("what comes back", () => {
  const RETURN_PATH = "bounce+1@example.org";

  async function sendTo(to: string, notify?: ("SUCCESS" | "FAILURE" | "NEVER")[], reject?: () => Error | null) {
    const { reports, address } = await bouncePort(reject);
    const { sender } = await mailbox({ bounceTo: address });
    const dsn = notify === undefined ? {} : { dsn: { id: "e1", return: "HDRS" as const, notify } };
    await sender.sendMail({ ...MAIL, to, envelope: { from: RETURN_PATH, to }, ...dsn });
    return {
      first: async () => {
        await vi.waitFor(() => expect(reports.length).toBeGreaterThan(0), PATIENCE);
        const [report] = reports;
        const email = await PostalMime.parse(report?.raw ?? "", { attachmentEncoding: "utf8" });
        const parts = Object.fromEntries(email.attachments.map(({ mimeType, content }) => [mimeType, String(content)]));
        return { from: report?.from, to: report?.to, email, parts };
      },
      reports,
    };
  }

  it.each([
    ["perm-fail@simulator.notify", undefined, "failed", "5.1.1"],
    ["temp-fail@simulator.notify", undefined, "failed", "4.2.2"],
    ["Perm-Fail@Simulator.Notify", ["SUCCESS", "FAILURE"] as const, "failed", "5.1.1"],
    ["someone@town.example", ["SUCCESS", "FAILURE"] as const, "delivered", "2.0.0"],
  ])("from %s asked for %j is a report: %s, %s", async (to, notify, action, status) => {
    const { first } = await sendTo(to, notify === undefined ? undefined : [...notify]);
    const report = await first();
    expect(report).toMatchObject({ from: "", to: RETURN_PATH });
    const fields = report.parts["message/delivery-status"] ?? "";
    expect(fields).toMatch(new RegExp(`^Action: ${action}\\r?$`, "m"));
    expect(fields).toMatch(new RegExp(`^Status: ${status.replaceAll(".", "\\.")}\\r?$`, "m"));
    expect(fields).toMatch(new RegExp(`^Final-Recipient: rfc822; ${to}\\r?$`, "im"));
    expect(report.parts["text/rfc822-headers"]).toMatch(/^Message-ID: /m);
    expect(report.parts["text/rfc822-headers"]).not.toContain("Hello");
  });

  it("from complaint@simulator.notify is a complaint", async () => {
    const { first } = await sendTo("complaint@simulator.notify");
    const { parts } = await first();
    expect(parts["message/feedback-report"]).toMatch(/^Feedback-Type: abuse\r?$/m);
    expect(parts["message/feedback-report"]).toContain(`Original-Mail-From: <${RETURN_PATH}>`);
  });

  it.each([
    ["someone@town.example", undefined],
    ["someone@town.example", ["FAILURE"] as const],
    ["perm-fail@simulator.notify", ["NEVER"] as const],
  ])("from %s asked for %j is nothing", async (to, notify) => {
    const { address, reports } = await bouncePort();
    const { sender } = await mailbox({ bounceTo: address });
    const dsn = notify === undefined ? {} : { dsn: { id: "e1", return: "HDRS" as const, notify: [...notify] } };
    await sender.sendMail({ ...MAIL, to, envelope: { from: RETURN_PATH, to }, ...dsn });
    await sender.sendMail({
      ...MAIL,
      to: "perm-fail@simulator.notify",
      envelope: { from: "last@example.org", to: "perm-fail@simulator.notify" },
    });
    await vi.waitFor(() => expect(reports.length).toBeGreaterThan(0), PATIENCE);
    expect(reports.map((report) => report.to)).toEqual(["last@example.org"]);
  });

  it("is offered again while the port says later", async () => {
    let refusals = 2;
    const later = () => (refusals-- > 0 ? Object.assign(new Error("later"), { responseCode: 451 }) : null);
    const { first } = await sendTo("perm-fail@simulator.notify", undefined, later);
    expect((await first()).to).toBe(RETURN_PATH);
  });

  it("is nothing where nobody listens, and no reports are promised", async () => {
    const { sender, mails } = await mailbox();
    const sent = (await sender.sendMail({ ...MAIL, to: "perm-fail@simulator.notify" })) as { ehlo?: string[] };
    expect(sent.ehlo).not.toContain("DSN");
    expect(mails).toHaveLength(1);
  });
});
