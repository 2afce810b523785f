import { createServer } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { MESSAGE, openRelays } from "../../../test/support/mail-relays.ts";
import { PATIENCE } from "../../../test/support/patience.ts";
import type { EmailProvider } from "../provider.ts";
import { selfSignedCertificate } from "./self-signed-certificate.ts";

const { relay, provider, closeLater, close } = openRelays();
afterEach(close);

const available = (made: EmailProvider) => vi.waitFor(() => expect(made.capacity()).toBeGreaterThan(0), PATIENCE);

describe("the relay", () => {
  it("can be away at the start, and is found when it comes", async () => {
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, "127.0.0.1", resolve));
    const { port } = free.address() as { port: number };
    await new Promise((resolve) => free.close(resolve));
    const { provider: made, availability } = await provider({ port });
    await vi.waitFor(() => expect(availability).toEqual([[false, "The mail relay cannot be reached"]]), PATIENCE);
    expect(made.capacity()).toBe(0);
    expect(await made.send(MESSAGE)).toMatchObject({ kind: "unavailable" });
    const late = new SMTPServer({ disabledCommands: ["STARTTLS"], authOptional: true, closeTimeout: 50 });
    late.listen(port, "127.0.0.1");
    closeLater(() => new Promise<void>((resolve) => late.close(resolve)));
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
    await vi.waitFor(() => expect(held).toHaveLength(2), PATIENCE);
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
    await vi.waitFor(() => expect(availability).toEqual([[false, reason]]), PATIENCE);
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
