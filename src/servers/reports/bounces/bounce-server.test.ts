import { readFileSync } from "node:fs";
import { connect } from "node:net";
import nodemailer from "nodemailer";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { PATIENCE } from "../../../../test/support/patience.ts";
import { silentLog } from "../../../platform/log.ts";
import type { MailPort } from "../../../platform/smtp/receive-mail.ts";
import { signReference, verpAddress } from "../../../platform/smtp/verp.ts";
import type { Complaint, Receipt } from "../../../providers/provider.ts";
import { type BounceReport, startBounceServer } from "./bounce-server.ts";

const SECRET = "a secret of the deployment";
const REFERENCE = "0190f2b0-6a7c-7e3a-9d53-0f5f6d0a1b2c";
const RETURN_PATH = verpAddress({ reference: REFERENCE, domain: "bounces.example.org", secret: SECRET });
const COMPLAINTS = "complaints@example.org";
const AT = new Date("2026-11-16T10:15:31Z");

const onReport = vi.fn<(report: BounceReport) => Promise<void>>();
let server: MailPort;

beforeAll(async () => {
  server = await startBounceServer({
    host: "127.0.0.1",
    port: 0,
    name: "bounces.example.org",
    verpSecret: SECRET,
    complaintAddress: COMPLAINTS,
    onReport,
    log: silentLog,
  });
});
afterAll(() => server.stop());

/** A mail of a real system's shape, with our marks in the places where it repeats them. */
function sample(name: string): string {
  const text = readFileSync(new URL(`../../../platform/smtp/samples/${name}.eml`, import.meta.url), "utf8");
  return text
    .replaceAll("bounce+token@bounces.example.org", RETURN_PATH)
    .replaceAll("the-message-id", signReference(REFERENCE, SECRET))
    .replaceAll("\r\n", "\n")
    .replaceAll("\n", "\r\n");
}

/** Sends as a mail system does, and gives back the reply code. */
async function deliver(raw: string | Buffer, to: string[] = [RETURN_PATH]): Promise<number> {
  const transport = nodemailer.createTransport({ host: "127.0.0.1", port: server.port, ignoreTLS: true });
  try {
    const { response } = await transport.sendMail({ raw, envelope: { from: false as never, to } });
    return Number.parseInt(response, 10);
  } catch (error) {
    return (error as { responseCode?: number }).responseCode ?? 0;
  } finally {
    transport.close();
  }
}

async function reportsOf(raw: string | Buffer, to?: string[]) {
  onReport.mockReset().mockResolvedValue();
  const code = await deliver(raw, to);
  return { code, reports: onReport.mock.calls.map(([report]) => report) };
}

describe("a bounce", () => {
  it.each([
    ["postfix-unknown-user", "permanent-failure", "5.1.1"],
    ["postfix-delayed", "pending", "4.4.1"],
    ["postfix-delivered", "delivered", "2.0.0"],
    ["exim-refused", "permanent-failure", "5.7.26"],
    ["exim-plain-text", "permanent-failure", "5.1.1"],
    ["exchange-online-not-found", "permanent-failure", "5.1.10"],
    ["gmail-mailbox-full", "temporary-failure", "4.2.2"],
    ["ses-bounce", "permanent-failure", "5.4.1"],
    ["qmail-plain-text", "permanent-failure", "5.0.0"],
  ])("of %s is a receipt: %s, %s", async (name, status, code) => {
    const receipt = { reference: REFERENCE, status, code, at: AT };
    expect(await reportsOf(sample(name))).toEqual({ code: 250, reports: [{ kind: "receipt", receipt }] });
  });

  it("without any code is a temporary failure", async () => {
    const { reports } = await reportsOf(sample("wordless-plain-text"));
    expect(reports).toEqual([
      { kind: "receipt", receipt: { reference: REFERENCE, status: "temporary-failure", at: AT } },
    ]);
  });

  it("of a full mailbox is temporary, though the code says for good", async () => {
    const { reports } = await reportsOf(sample("postfix-unknown-user").replaceAll("5.1.1", "5.2.2"));
    expect(reports).toMatchObject([{ receipt: { status: "temporary-failure", code: "5.2.2" } }]);
  });

  it("is told in the words of a provider's news", async () => {
    const { reports } = await reportsOf(sample("postfix-unknown-user"));
    const news: Receipt[] | Complaint[] = reports.flatMap((r) => (r.kind === "receipt" ? [r.receipt] : []));
    expect(news).toHaveLength(1);
  });

  it("is not acknowledged until it is kept, and can be sent again", async () => {
    onReport.mockReset().mockRejectedValueOnce(new Error("no database")).mockResolvedValue();
    expect(await deliver(sample("postfix-unknown-user"))).toBe(451);
    expect(await deliver(sample("postfix-unknown-user"))).toBe(250);
    expect(onReport).toHaveBeenCalledTimes(2);
  });

  it("keeps its sender waiting for exactly as long as keeping it takes", async () => {
    let keep = () => {};
    onReport.mockReset().mockReturnValue(new Promise((resolve) => (keep = resolve)));
    const answered = vi.fn();
    const delivery = deliver(sample("postfix-unknown-user")).then(answered);
    await vi.waitFor(() => expect(onReport).toHaveBeenCalled(), PATIENCE);
    expect(answered).not.toHaveBeenCalled();
    keep();
    await delivery;
    expect(answered).toHaveBeenCalledWith(250);
  });
});

describe("a complaint", () => {
  const complaint = { reference: REFERENCE, at: new Date("2026-11-17T08:00:00Z") };

  it.each(["complaint-yahoo", "complaint-redacted"])(
    "%s at the address for them names its mail by our marks",
    async (name) => {
      expect(await reportsOf(sample(name), [COMPLAINTS])).toEqual({
        code: 250,
        reports: [{ kind: "complaint", complaint }],
      });
    },
  );

  it("at a return path is about that mail", async () => {
    const { reports } = await reportsOf(sample("complaint-redacted").replace(/Message-ID: .*/, ""), [RETURN_PATH]);
    expect(reports).toEqual([{ kind: "complaint", complaint }]);
  });

  it.each([
    ["without our marks", "complaint-redacted", /Message-ID: .*/, ""],
    ["with marks that we did not sign", "complaint-redacted", /Message-ID: <./, "Message-ID: <f"],
    ["taken back", "not-spam", "", ""],
  ])("%s is taken and means nothing", async (_what, name, pattern, replacement) => {
    expect(await reportsOf(sample(name).replace(pattern, replacement), [COMPLAINTS])).toEqual({
      code: 250,
      reports: [],
    });
  });
});

describe("other mail", () => {
  it.each(["out-of-office", "vacation", "postmaster-newsletter"])("%s is taken and means nothing", async (name) => {
    expect(await reportsOf(sample(name))).toEqual({ code: 250, reports: [] });
  });

  it.each([
    ["somebody", "info@example.org"],
    ["a return path of another's making", RETURN_PATH.replace("0190", "0191")],
    [
      "a return path with another signature",
      verpAddress({ reference: REFERENCE, domain: "b.example", secret: "another" }),
    ],
  ])("to %s is refused: there is no such address", async (_whom, to) => {
    expect(await reportsOf(sample("postfix-unknown-user"), [to])).toEqual({ code: 550, reports: [] });
  });

  it("of ten megabytes is refused", async () => {
    const line = `${"x".repeat(76)}\r\n`;
    const raw = `Subject: long\r\n\r\n${line.repeat((10 * 1024 * 1024) / line.length)}`;
    expect(await reportsOf(raw)).toEqual({ code: 552, reports: [] });
  });

  it("of a thousand parts inside one another is refused", async () => {
    const depths = Array.from({ length: 1_000 }, (_, depth) => depth);
    const raw = depths.map((d) => `Content-Type: multipart/mixed; boundary=b${d}\r\n\r\n--b${d}\r\n`).join("");
    expect(await reportsOf(raw)).toEqual({ code: 554, reports: [] });
  });

  it("with broken parts is survived", async () => {
    const raw =
      'Content-Type: multipart/report; boundary="\r\nContent-Transfer-Encoding: ?\r\n\r\n--\xff\0\r\n=?x?q?\r\n';
    expect(await reportsOf(Buffer.from(raw, "latin1"))).toEqual({ code: 250, reports: [] });
    expect((await reportsOf(sample("postfix-unknown-user"))).reports).toHaveLength(1);
  });
});

describe("a client", () => {
  it("that hangs up in the middle of a mail reports nothing, and the next is served", async () => {
    onReport.mockReset().mockResolvedValue();
    const socket = connect(server.port, "127.0.0.1");
    const commands = ["EHLO x", "MAIL FROM:<>", `RCPT TO:<${RETURN_PATH}>`, "DATA"].map((line) => `${line}\r\n`);
    let heard = "";
    socket.on("data", (data) => {
      heard += data;
      const lines = heard.split("\r\n").filter((line) => /^\d{3} /.test(line)).length;
      const next = commands[lines - 1];
      if (next !== undefined && commands.splice(lines - 1, 1, "").length > 0 && next !== "") socket.write(next);
    });
    await vi.waitFor(() => expect(heard).toMatch(/^354 /m), PATIENCE);
    socket.write(sample("postfix-unknown-user").slice(0, 900));
    socket.destroy();
    expect((await reportsOf(sample("postfix-unknown-user"))).reports).toHaveLength(1);
  });

  it("is told neither of passwords nor of encryption we do not have", async () => {
    const socket = connect(server.port, "127.0.0.1");
    let heard = "";
    socket.on("data", (data) => {
      heard += data;
    });
    await vi.waitFor(() => expect(heard).toMatch(/^220 /m), PATIENCE);
    socket.write("EHLO x\r\nAUTH PLAIN AAA=\r\nVRFY someone\r\nQUIT\r\n");
    await vi.waitFor(() => expect(heard).toMatch(/^221 /m), PATIENCE);
    expect(heard).toContain("SIZE 1048576");
    expect(heard).not.toMatch(/AUTH |STARTTLS/);
  });
});
