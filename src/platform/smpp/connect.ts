/** The client's way in: a connection, plain or TLS, and a bind on it (SMPP 3.4 §2.2). */
import { connect as connectPlain, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { STATUS, statusName } from "./command-statuses.ts";
import { NO_ADDRESS, SMPP_3_4 } from "./pdu.ts";
import type { Session } from "./session.ts";

export interface Peer {
  host: string;
  port: number;
  /** Present (even empty) for TLS. */
  tls?: ConnectionOptions | undefined;
  connectTimeoutMs: number;
}

export interface BindDetails {
  role: "transmitter" | "receiver" | "transceiver";
  systemId: string;
  password: string;
  systemType: string;
}

export type BindResult = { kind: "bound" } | { kind: "refused"; code: string } | { kind: "lost"; reason: string };

/** Connects; rejects with the network's or TLS's error, or when `connectTimeoutMs` have passed. */
export function connect(peer: Peer): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const address = { host: peer.host, port: peer.port };
    const socket = peer.tls ? connectTls({ ...address, ...peer.tls }) : connectPlain(address);
    const timer = setTimeout(() => socket.destroy(new Error("The connection took too long")), peer.connectTimeoutMs);
    socket.once("error", reject);
    socket.once("close", () => clearTimeout(timer));
    socket.once(peer.tls ? "secureConnect" : "connect", () => {
      clearTimeout(timer);
      socket.off("error", reject);
      resolve(socket);
    });
  });
}

/** Logs in. A refusal carries the name of the carrier's command status. */
export async function bind(session: Session, details: BindDetails): Promise<BindResult> {
  const answer = await session.request({
    command: `bind_${details.role}`,
    systemId: details.systemId,
    password: details.password,
    systemType: details.systemType,
    interfaceVersion: SMPP_3_4,
    addressRange: NO_ADDRESS,
  });
  if (answer.kind === "unsayable") return { kind: "refused", code: answer.reason };
  if (answer.kind !== "answered") return { kind: "lost", reason: `no answer to the bind (${answer.kind})` };
  const { response } = answer;
  if (response.status === STATUS.ESME_ROK && response.command === `bind_${details.role}_resp`) return { kind: "bound" };
  return { kind: "refused", code: statusName(response.status) };
}
