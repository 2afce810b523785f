/** Our SMPP provider against a carrier made of npm smpp, a peer we did not write. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo, Server, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import smpp, { type PeerPdu, type PeerSession } from "smpp";
import { vi } from "vitest";
import { silentLog } from "../../src/platform/log.ts";
import type { InboundText, ProviderEvents, Receipt, SmsProvider, TextMessage } from "../../src/providers/provider.ts";
import type { SmppOptions } from "../../src/providers/smpp/options.ts";
import { smppProvider } from "../../src/providers/smpp/smpp-provider.ts";

export const TEXT: TextMessage = {
  notificationId: "n1",
  to: "447700900123",
  from: "Pennypost",
  text: "Hello",
  encoding: "gsm7",
};
export const UNTIL = { timeout: 30_000, interval: 5 };

const closers: (() => Promise<void> | void)[] = [];

/** For afterEach: stops what was started, the last first. */
export async function stopAll(): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}

export type Answer = (submit: PeerPdu, session: PeerSession, nth: number) => Record<string, unknown> | undefined;

export interface Peer {
  port: number;
  sessions: PeerSession[];
  binds: PeerPdu[];
  submits: PeerPdu[];
  enquiries: number;
  server: Server;
}

/** A carrier made of npm smpp, which answers each submit with what `answer` returns, or not at all. */
export async function startPeer(
  answer: Answer = (_submit, _session, nth) => ({ message_id: `id-${nth}` }),
  options = {},
): Promise<Peer> {
  const sockets = new Set<Socket>();
  const server = smpp.createServer(options, (session) => {
    session.socket.setNoDelay(true);
    session.on("error", () => {});
    session.on("bind_transceiver", (pdu: PeerPdu) => welcome(peer, session, pdu));
    session.on("bind_transmitter", (pdu: PeerPdu) => welcome(peer, session, pdu));
    session.on("bind_receiver", (pdu: PeerPdu) => welcome(peer, session, pdu));
    session.on("unbind", (pdu: PeerPdu) => session.send(pdu.response()));
    session.on("enquire_link", (pdu: PeerPdu) => {
      peer.enquiries++;
      session.send(pdu.response());
    });
    session.on("submit_sm", (pdu: PeerPdu) => {
      const nth = peer.submits.push(pdu);
      const fields = answer(pdu, session, nth);
      if (fields) session.send(pdu.response(fields));
    });
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const port = (server.address() as AddressInfo).port;
  const peer: Peer = { port, sessions: [], binds: [], submits: [], enquiries: 0, server };
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return peer;
}

function welcome(peer: Peer, session: PeerSession, pdu: PeerPdu): void {
  peer.binds.push(pdu);
  const isRight = pdu["system_id"] === "pennypost" && pdu["password"] === "secret";
  session.send(pdu.response(isRight ? { system_id: "peer" } : { command_status: smpp.errors["ESME_RINVPASWD"] }));
  if (isRight) peer.sessions.push(session);
}

export interface Heard {
  receipts: Receipt[];
  inbound: InboundText[];
  availability: { isAvailable: boolean; reason: string }[];
}

export async function startProvider(
  port: number,
  options: Partial<SmppOptions> = {},
  events: Partial<ProviderEvents> = {},
): Promise<{ provider: SmsProvider; heard: Heard }> {
  const heard: Heard = { receipts: [], inbound: [], availability: [] };
  const provider = smppProvider({
    name: "peer",
    host: "127.0.0.1",
    port,
    systemId: "pennypost",
    password: "secret",
    log: silentLog,
    reconnectMinMs: 20,
    ...options,
  });
  closers.push(() => provider.stop());
  await provider.start({
    receipt: async (receipt) => void heard.receipts.push(receipt),
    inbound: async (text) => void heard.inbound.push(text),
    complaint: async () => {},
    availability: (isAvailable, reason) => void heard.availability.push({ isAvailable, reason }),
    ...events,
  });
  return { provider, heard };
}

export async function startBoth(answer?: Answer, options?: Partial<SmppOptions>, events?: Partial<ProviderEvents>) {
  const peer = await startPeer(answer);
  const { provider, heard } = await startProvider(peer.port, options, events);
  await vi.waitUntil(() => provider.capacity() > 0, UNTIL);
  const [session] = peer.sessions;
  if (!session) throw new Error("no session");
  return { peer, provider, heard, session };
}

/** A message as npm smpp has decoded it. */
export function messageOf(pdu: PeerPdu | undefined): { message: string; udh?: Buffer[] } {
  return pdu?.["short_message"] as { message: string; udh?: Buffer[] };
}

export function receiptText(id: string, stat: string): string {
  return `id:${id} sub:001 dlvrd:001 submit date:2606011230 done date:2606011231 stat:${stat} err:000 text:Hello`;
}

/** Brings the provider a deliver_sm; resolves with its answer. */
export function bring(session: PeerSession, fields: Record<string, unknown>): Promise<PeerPdu> {
  return new Promise((resolve) => {
    session.deliver_sm(
      { source_addr: "447700900123", destination_addr: "Pennypost", data_coding: 0, ...fields },
      resolve,
    );
  });
}

/** A key and a certificate for localhost, made now. */
export function selfSigned(): { key: Buffer; cert: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), "smpp-tls-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  execFileSync(
    "openssl",
    ["req", "-x509", ...curve, "-nodes", "-days", "1", "-keyout", key, "-out", cert, ...subject],
    {
      stdio: "ignore",
    },
  );
  const pair = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(folder, { recursive: true });
  return pair;
}
