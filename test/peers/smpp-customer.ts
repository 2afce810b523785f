/** A customer's system made of npm smpp, a client we did not write: binds, submits, and acknowledges what it is brought. */
import smpp, { type PeerPdu, type PeerSession } from "smpp";
import { vi } from "vitest";

const UNTIL = { timeout: 30_000, interval: 10 };
/** The library would choose another alphabet than most systems begin with. */
const GSM7 = 0;

export interface CustomerWish {
  port: number;
  systemId: string;
  password: string;
  role?: "transceiver" | "transmitter" | "receiver";
  tls?: boolean;
  /** What it answers a deliver_sm with, or not at all. */
  answer?: (delivery: PeerPdu) => Record<string, unknown> | undefined;
}

export interface SmppCustomer {
  /** The command status of the answer to its bind. */
  bindStatus: number;
  session: PeerSession;
  deliveries: PeerPdu[];
  submit(fields: Record<string, unknown>): Promise<PeerPdu>;
  ask(command: "query_sm" | "data_sm" | "enquire_link" | "unbind", fields?: Record<string, unknown>): Promise<PeerPdu>;
  /** One of the library's commands that has no method in its types. */
  send(command: string, fields: Record<string, unknown>): Promise<PeerPdu>;
  /** The delivery that fits, once it has come. */
  delivery(fits: (delivery: PeerPdu) => boolean): Promise<PeerPdu>;
  isClosed(): boolean;
  /** Cuts the connection. */
  drop(): void;
}

/** Connects and binds; resolves with the answer to the bind, whatever it is. */
export async function bindCustomer(wish: CustomerWish): Promise<SmppCustomer> {
  const {
    port,
    systemId,
    password,
    role = "transceiver",
    tls = false,
    answer = (): Record<string, unknown> => ({}),
  } = wish;
  const deliveries: PeerPdu[] = [];
  const state = { isClosed: false };
  const session = await connect(port, tls);
  session.on("error", () => {});
  session.on("close", () => {
    state.isClosed = true;
  });
  session.on("unbind", (pdu: PeerPdu) => session.send(pdu.response()));
  session.on("enquire_link", (pdu: PeerPdu) => session.send(pdu.response()));
  session.on("deliver_sm", (pdu: PeerPdu) => {
    const fields = answer(pdu);
    if (fields && (fields["command_status"] ?? 0) === 0) deliveries.push(pdu);
    if (fields) session.send(pdu.response(fields));
  });
  const ask = (command: string, fields: Record<string, unknown> = {}) =>
    new Promise<PeerPdu>((resolve) => session.send(new smpp.PDU(command, fields), resolve));
  const bound = await ask(`bind_${role}`, { system_id: systemId, password, interface_version: 0x34 });
  return {
    ...{ bindStatus: bound.command_status, session, deliveries, ask, send: ask },
    submit: (fields) => ask("submit_sm", { data_coding: GSM7, ...fields }),
    delivery: (fits) => vi.waitUntil(() => deliveries.find(fits), UNTIL) as Promise<PeerPdu>,
    isClosed: () => state.isClosed,
    drop: () => session.destroy(),
  };
}

function connect(port: number, tls: boolean): Promise<PeerSession> {
  return new Promise((resolve, reject) => {
    const session = smpp.connect({ host: "127.0.0.1", port, tls, rejectUnauthorized: false }, () => {
      session.socket.setNoDelay(true);
      resolve(session);
    });
    session.on("error", reject);
  });
}

/** The words of a delivery, as the library read them. */
export function wordsOf(pdu: PeerPdu): string {
  const content = (pdu["message_payload"] ?? pdu["short_message"]) as { message?: string | Buffer };
  return String(content.message ?? "");
}

/** A receipt's fields by their names: `id`, `stat`, `err` … */
export function receiptFields(pdu: PeerPdu): Record<string, string> {
  const fields = /^id:(\S+) sub:(\S+) dlvrd:(\S+) submit date:(\d+) done date:(\d+) stat:(\S+) err:(\S+) text:(.*)$/s;
  const [, id = "", sub = "", dlvrd = "", submitDate = "", doneDate = "", stat = "", err = "", text = ""] =
    fields.exec(wordsOf(pdu)) ?? [];
  return { id, sub, dlvrd, submitDate, doneDate, stat, err, text };
}
