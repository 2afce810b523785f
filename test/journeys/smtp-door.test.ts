/** Systems that only send mail, with nodemailer as one of them: what they submit goes out as a service's emails. */
import { createTransport, type SendMailOptions } from "nodemailer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readMessage } from "../../src/flow/messages/read-message.ts";
import type { MailPort } from "../../src/platform/smtp/receive-mail.ts";
import { selfSignedCertificate } from "../../src/providers/smtp/self-signed-certificate.ts";
import { startSmtpDoor } from "../../src/servers/smtp/smtp-door.ts";
import { intakeOf, startApi } from "../support/api.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

let world: World;
let service: WorldService;
let door: MailPort;
beforeAll(async () => {
  world = await createWorld();
  service = await world.service({ name: "Harbour", replyTo: "desk@harbour.example" });
  door = await startSmtpDoor({ intake: intakeOf(world.app), host: "127.0.0.1", port: 0, tls: undefined });
});
afterAll(async () => {
  await door.stop();
  await world.close();
});

interface SignIn {
  user?: string;
  pass?: string;
  port?: number;
  requireTLS?: boolean;
}

const MAIL = {
  from: "Backups <backups@harbour.example>",
  to: "ada@example.org",
  subject: "Backup of 30 November",
  text: "All 12 files were copied.\n\nThe next one runs tonight.",
};

async function submit(mail: SendMailOptions = {}, signIn: SignIn = {}) {
  const { user = service.id, pass = service.secrets.live, port = door.port, requireTLS = false } = signIn;
  const transport = createTransport({
    ...{ host: "127.0.0.1", port, requireTLS, ignoreTLS: !requireTLS, auth: { user, pass } },
    tls: { rejectUnauthorized: false },
  });
  try {
    return await transport.sendMail({ ...MAIL, ...mail });
  } finally {
    transport.close();
  }
}

/** The reply that it was refused with. */
const refusal = (mail?: SendMailOptions, signIn?: SignIn): Promise<string> =>
  submit(mail, signIn).then(
    () => expect.unreachable("it was taken"),
    (error: { response?: string }) => error.response ?? String(error),
  );

const allSent = () => world.app.db.query<{ id: string; keyKind: string }>`
  select n.id, n.key_kind from notifications n where n.channel = 'email' order by n.id`;

async function sentBy(act: () => Promise<unknown>) {
  const before = new Set((await allSent()).map(({ id }) => id));
  await act();
  return (await allSent()).filter(({ id }) => !before.has(id));
}

describe("mail that a system submits", () => {
  it("goes out as an email of the service, to each of its recipients by itself", async () => {
    const sent = await sentBy(() => submit({ to: ["ada@example.org", "grace@example.org"], bcc: "joan@example.org" }));
    const messages = await Promise.all(sent.map(({ id }) => readMessage(world.app, service, id)));
    expect(messages.map(({ recipient }) => recipient).toSorted()).toEqual([
      "ada@example.org",
      "grace@example.org",
      "joan@example.org",
    ]);
    expect(messages[0]).toMatchObject({ subject: "Backup of 30 November", body: MAIL.text, status: "created" });
  });

  it("is sent once, also where its system did not hear that it was taken", async () => {
    const twice = { messageId: "<1@harbour.example>" };
    expect(await sentBy(() => submit(twice).then(() => submit(twice)))).toHaveLength(1);
    expect(await refusal({ ...twice, text: "Other words" })).toMatch(/^451 4\.3\.0 /);
  });

  it("may be of an HTML page as well, whose words go out; a test key's goes to the sandbox", async () => {
    const test = { pass: `backups-${service.id}-${service.secrets.test}` };
    const sent = await sentBy(() => submit({ html: "<p>All <b>12</b> files</p>" }, test));
    expect(sent).toMatchObject([{ keyKind: "test" }]);
    expect((await readMessage(world.app, service, sent[0]?.id ?? "")).body).toBe(MAIL.text);
  });

  it.each<[string, SendMailOptions, RegExp]>([
    ["an HTML page alone", { text: "", html: "<p>Hello</p>" }, /^554 5\.6\.1 Only plain text/],
    ["a file", { attachments: [{ filename: "a.txt", content: "a" }] }, /^554 5\.6\.1 Mail with attachments/],
    ["no subject", { subject: "" }, /^554 5\.6\.0 A mail needs a subject/],
    ["more words than an email may have", { text: "a".repeat(3 * 1024 * 1024) }, /^552 /],
  ])("with %s is refused, and nothing is stored", async (_, mail, reply) => {
    expect(await sentBy(async () => expect(await refusal(mail)).toMatch(reply))).toEqual([]);
  });

  it("to somebody who may not be sent to is sent to none of its recipients", async () => {
    const api = await startApi(world.app);
    const careful = await world.service();
    await api.post("/v2/suppressions", { email_address: "grace@example.org" }, { as: careful });
    const trial = await world.service({ isTrial: true });
    const signIns = [careful, trial].map(({ id, secrets }) => ({ user: id, pass: secrets.live }));
    const to = ["ada@example.org", "grace@example.org"];
    const refused = async () => {
      expect(await refusal({ envelope: { from: "a@example.org", to: ["nobody@-"] } })).toMatch(/^553 5\.1\.3 /);
      expect(await refusal({ to }, signIns[0])).toMatch(/^550 5\.7\.1 /);
      expect(await refusal({ to }, signIns[1])).toMatch(
        /^554 5\.7\.1 Can.t send to this recipient when service is in trial/,
      );
    };
    expect(await sentBy(refused)).toEqual([]);
    await api.close();
  });

  it("beyond what the service may send today is to come again later", async () => {
    const small = await world.service();
    await world.app.db.query`update services set daily_limit_email = 1 where id = ${small.id}`;
    world.app.services.forget(small.id);
    const signIn = { user: small.id, pass: small.secrets.live };
    await submit({}, signIn);
    expect(await refusal({ to: "grace@example.org" }, signIn)).toMatch(/^452 4\.7\.0 Exceeded send limits/);
  });
});

describe("whoever signs in", () => {
  it("is told the same, whatever was wrong", async () => {
    const other = await world.service();
    const replies = [
      await refusal({}, { user: "backups" }),
      await refusal({}, { user: other.id }),
      await refusal({}, { pass: other.secrets.live }),
      await refusal({}, { pass: `backups-${other.id}-${other.secrets.live}` }),
    ];
    expect(new Set(replies)).toEqual(new Set(["535 5.7.8 The name or the password is wrong"]));
  });

  it("must, before anything is taken", async () => {
    const transport = createTransport({ host: "127.0.0.1", port: door.port, ignoreTLS: true });
    await expect(transport.sendMail(MAIL)).rejects.toMatchObject({ responseCode: 530 });
  });

  it("is no longer let in once the key is revoked", async () => {
    const [key] = service.keys.filter(({ kind }) => kind === "team");
    await world.app.db.query`update api_keys set revoked_at = now() where id = ${key?.id}`;
    world.app.services.forget(service.id);
    expect(await refusal({}, { pass: service.secrets.team })).toMatch(/^535 /);
  });

  it("says the password only after the line is encrypted, where there is a certificate", async () => {
    const tls = selfSignedCertificate("localhost", "127.0.0.1");
    const shut = await startSmtpDoor({ intake: intakeOf(world.app), host: "127.0.0.1", port: 0, tls });
    expect(await refusal({}, { port: shut.port })).toMatch(/^(538|530|454|500|502)|Missing credentials|AUTH/);
    expect(await sentBy(() => submit({}, { port: shut.port, requireTLS: true }))).toHaveLength(1);
    await shut.stop();
  });
});
