/** API and admin web by HTTPS without a proxy, and certificates that are renewed while they and the other doors run. */
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { connect as connectPlain, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { connect, type PeerCertificate } from "node:tls";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { freePorts } from "../../bench/measure/free-ports.ts";
import { readConfig } from "../../src/config.ts";
import { readTls, watchTls } from "../../src/main/read-tls.ts";
import { type Role, startWeb } from "../../src/main/web.ts";
import { silentLog } from "../../src/platform/log.ts";
import { selfSignedCertificate } from "../../src/providers/smtp/self-signed-certificate.ts";
import { startSmppDoor } from "../../src/servers/smpp/smpp-door.ts";
import { startSmtpDoor } from "../../src/servers/smtp/smtp-door.ts";
import { intakeOf } from "../support/api.ts";
import { createWorld, type World } from "../support/world.ts";

const WAIT = { timeout: 30_000, interval: 50 };

const folder = mkdtempSync(join(tmpdir(), "pennypost-https-"));
const files = { certificateFile: join(folder, "web.crt"), keyFile: join(folder, "web.key") };
let world: World;
let web: Role;
let port: number;
let certificate: { cert: string; key: string };

function write(pem: { cert?: string; key?: string }): void {
  if (pem.cert !== undefined) writeFileSync(files.certificateFile, pem.cert);
  if (pem.key !== undefined) writeFileSync(files.keyFile, pem.key);
}

beforeAll(async () => {
  world = await createWorld();
  certificate = selfSignedCertificate("localhost", "127.0.0.1");
  write(certificate);
  port = (await freePorts(1))[0] ?? 0;
  const config = readConfig({
    ...{ PENNYPOST_PORT: String(port), PENNYPOST_DATA_DIR: folder },
    ...{ PENNYPOST_TLS_CERTIFICATE: files.certificateFile, PENNYPOST_TLS_KEY: files.keyFile },
  });
  web = await startWeb(world.app, config);
});
afterAll(async () => {
  await web?.stop();
  await world?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function get(path: string, headers: Record<string, string> = {}) {
  const asked = request({ host: "127.0.0.1", port, path, headers, ca: certificate.cert, agent: false }).end();
  const [answer] = await once(asked, "response");
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

/** What a server shows at this moment. */
async function shown(at: { port: number } | { socket: Socket } = { port }): Promise<PeerCertificate> {
  const socket = connect({ host: "127.0.0.1", ...at, rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const peer = socket.getPeerCertificate();
  socket.destroy();
  return peer;
}

describe("the web role with a certificate", () => {
  it("answers the API by HTTPS, and names itself so", async () => {
    const service = await world.service();
    await world.template(service);
    const { status, body } = await get("/v2/templates", {
      authorization: `Bearer live-${service.id}-${service.secrets.live}`,
    });
    expect([status, JSON.parse(body).templates.length]).toEqual([200, 1]);
  });

  it("keeps its cookies to HTTPS, and tells browsers to stay with it", async () => {
    const { status, headers } = await get("/sign-in");
    expect([status, headers["strict-transport-security"]]).toEqual([200, expect.stringContaining("max-age=")]);
    expect(headers["set-cookie"]?.join()).toMatch(/__Host-pennypost-[^;]+;.*Secure/);
  });

  it("does not speak TLS 1.1, nor plain HTTP", async () => {
    const old = connect({
      host: "127.0.0.1",
      port,
      rejectUnauthorized: false,
      maxVersion: "TLSv1.1",
      minVersion: "TLSv1",
    });
    await expect(once(old, "secureConnect")).rejects.toThrow();
    await expect(fetch(`http://127.0.0.1:${port}/_status`)).rejects.toThrow();
  });
});

describe("a certificate that is renewed", () => {
  it("is taken without a restart, and a key that does not fit it changes nothing", async () => {
    const next = selfSignedCertificate("renewed.example", "127.0.0.1");
    const taken: string[] = [];
    const end = watchTls({ prefix: "PENNYPOST", tls: files, log: silentLog, everyMs: 50 }, ({ cert }) =>
      taken.push(cert),
    );
    const before = (await shown()).fingerprint256;
    write({ cert: next.cert });
    await expect(readTls("PENNYPOST", files)).rejects.toThrow("are no certificate and its key");
    expect([(await shown()).fingerprint256, taken]).toEqual([before, []]);
    write({ key: next.key });
    await vi.waitUntil(() => taken.includes(next.cert), WAIT);
    await vi.waitFor(async () => expect((await shown()).subject.CN).toBe("renewed.example"), WAIT);
    end();
  });

  it("is taken by the door for SMPP", async () => {
    const next = selfSignedCertificate("renewed.example", "127.0.0.1");
    const here = { intake: intakeOf(world.app), host: "127.0.0.1", port: 0 };
    const door = await startSmppDoor({ ...here, tls: selfSignedCertificate("localhost", "127.0.0.1") });
    expect((await shown(door)).subject.CN).toBe("localhost");
    door.renew(next);
    expect((await shown(door)).subject.CN).toBe("renewed.example");
    await door.stop();
  });

  it("is taken by the door for mail", async () => {
    const next = selfSignedCertificate("renewed.example", "127.0.0.1");
    const here = { intake: intakeOf(world.app), host: "127.0.0.1", port: 0 };
    const door = await startSmtpDoor({ ...here, tls: selfSignedCertificate("localhost", "127.0.0.1") });
    expect((await shown({ socket: await startTls(door.port) })).subject.CN).toBe("localhost");
    door.renew(next);
    expect((await shown({ socket: await startTls(door.port) })).subject.CN).toBe("renewed.example");
    await door.stop();
  });
});

/** RFC 3207 §4, up to where TLS begins. */
async function startTls(at: number): Promise<Socket> {
  const socket = connectPlain(at, "127.0.0.1");
  for (const command of ["EHLO client.example\r\n", "STARTTLS\r\n"]) {
    await once(socket, "data");
    socket.write(command);
  }
  await once(socket, "data");
  return socket;
}
