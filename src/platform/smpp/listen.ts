/**
 * The server's end: takes connections, insists on a bind first (SMPP 3.4 §2.2), and hands on only what a session of its role may
 * ask (§2.3). Who may bind, and what becomes of their messages, is its owner's affair.
 */
import { createServer as createPlainServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions, Server as TlsServer } from "node:tls";
import { STATUS } from "./command-statuses.ts";
import {
  type BindRequest,
  type BindResponse,
  type CancelRequest,
  type DataRequest,
  NO_TLVS,
  type QueryRequest,
  type ReplaceRequest,
  type RequestPdu,
  responseTo,
  type ShortMessageRequest,
  SMPP_3_4,
} from "./pdu.ts";
import { Session, type SessionLimits } from "./session.ts";
import { numberTlv, TAG } from "./tlvs.ts";

export type Role = "transmitter" | "receiver" | "transceiver";

/** A session whose peer has logged in. */
export interface Bound {
  readonly session: Session;
  readonly systemId: string;
  readonly role: Role;
  readonly remoteAddress: string;
}

/** What a bound transmitter or transceiver may ask. */
export type MessageRequest =
  | (ShortMessageRequest & { command: "submit_sm" })
  | DataRequest
  | QueryRequest
  | CancelRequest
  | ReplaceRequest;

export interface ListenOptions {
  host: string;
  /** 0 for any free port. */
  port: number;
  tls?: TlsOptions | undefined;
  /** Our name in the answer to a bind. */
  systemId: string;
  limits: SessionLimits;
  connectionsMax: number;
  /** A connection that has not bound after so long is closed; one that is still shaking hands over TLS as well. */
  bindTimeoutMs: number;
}

export interface ListenHandlers {
  /** The command status of the answer to a bind: ESME_ROK lets them in. */
  authenticate(request: BindRequest, remoteAddress: string): number | Promise<number>;
  /** Asked again, without a pause before the bind is answered, once it is known who it is: whether there is room for one more. */
  admit?(request: BindRequest): number;
  /** Called after the answer to the bind is on its way. */
  onBound(bound: Bound): void;
  onRequest(bound: Bound, sequence: number, pdu: MessageRequest): void;
  onClosed(bound: Bound, reason: string): void;
  onFault?(remoteAddress: string, status: number): void;
}

export interface Listening {
  readonly port: number;
  /** Another certificate for the connections that come after; over TLS alone. */
  renew(pem: { cert: string; key: string }): void;
  /** Unbinds every session (bounded by their response timeout) and stops listening. */
  stop(): Promise<void>;
}

/** Begins to listen; rejects when the port is taken. */
export async function listen(options: ListenOptions, handlers: ListenHandlers): Promise<Listening> {
  const sessions = new Set<Session>();
  const onSocket = (socket: Socket) => serve(socket, { options, handlers, sessions });
  const tls = options.tls && { ...options.tls, handshakeTimeout: options.bindTimeoutMs };
  const server = tls ? createTlsServer(tls, onSocket) : createPlainServer(onSocket);
  server.maxConnections = options.connectionsMax;
  server.on("tlsClientError", () => handlers.onFault?.("", STATUS.ESME_RBINDFAIL));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : options.port;
  return {
    port,
    renew: (pem) => {
      if (server instanceof TlsServer) server.setSecureContext({ ...tls, ...pem });
    },
    stop: () => stop(server, sessions),
  };
}

async function stop(server: Server, sessions: Set<Session>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await Promise.all([...sessions].map((session) => session.unbind()));
  for (const session of sessions) session.close("the server stopped");
  await closed;
}

interface Context {
  options: ListenOptions;
  handlers: ListenHandlers;
  sessions: Set<Session>;
}

function serve(socket: Socket, { options, handlers, sessions }: Context): void {
  const remoteAddress = socket.remoteAddress ?? "";
  let bound: Bound | undefined;
  let isBinding = false;
  const session = new Session(socket, options.limits, {
    onRequest(sequence, pdu) {
      if (isBind(pdu)) void logIn(sequence, pdu);
      else if (!bound) session.respond(sequence, responseTo(pdu, STATUS.ESME_RINVBNDSTS));
      else pass(bound, { sequence, pdu, handlers });
    },
    onFault: (status) => handlers.onFault?.(remoteAddress, status),
    onClosed(reason) {
      clearTimeout(bindTimer);
      sessions.delete(session);
      if (bound) handlers.onClosed(bound, reason);
    },
  });
  const bindTimer = setTimeout(() => session.close("no bind in time"), options.bindTimeoutMs);
  sessions.add(session);

  async function logIn(sequence: number, pdu: BindRequest): Promise<void> {
    if (bound || isBinding) return session.respond(sequence, responseTo(pdu, STATUS.ESME_RALYBND));
    isBinding = true;
    const known = await authenticate(handlers, pdu, remoteAddress);
    isBinding = false;
    if (session.isClosed) return;
    const status = known === STATUS.ESME_ROK ? (handlers.admit?.(pdu) ?? known) : known;
    if (status !== STATUS.ESME_ROK) return session.respond(sequence, responseTo(pdu, status));
    clearTimeout(bindTimer);
    session.respond(sequence, welcome(pdu, options.systemId));
    bound = { session, systemId: pdu.systemId, role: roleOf(pdu), remoteAddress };
    handlers.onBound(bound);
  }
}

async function authenticate(handlers: ListenHandlers, pdu: BindRequest, remoteAddress: string): Promise<number> {
  try {
    return await handlers.authenticate(pdu, remoteAddress);
  } catch {
    return STATUS.ESME_RSYSERR;
  }
}

function welcome(pdu: BindRequest, systemId: string): BindResponse {
  const tlvs = pdu.interfaceVersion >= SMPP_3_4 ? [numberTlv(TAG.sc_interface_version, SMPP_3_4, 1)] : NO_TLVS;
  return { command: `${pdu.command}_resp`, status: STATUS.ESME_ROK, systemId, tlvs };
}

interface Asked {
  sequence: number;
  pdu: RequestPdu;
  handlers: ListenHandlers;
}

function pass(bound: Bound, { sequence, pdu, handlers }: Asked): void {
  if (!isMessageRequest(pdu)) bound.session.nack(sequence, STATUS.ESME_RINVCMDID);
  else if (bound.role === "receiver") bound.session.respond(sequence, responseTo(pdu, STATUS.ESME_RINVBNDSTS));
  else handlers.onRequest(bound, sequence, pdu);
}

function isMessageRequest(pdu: RequestPdu): pdu is MessageRequest {
  const { command } = pdu;
  return (
    command === "submit_sm" ||
    command === "data_sm" ||
    command === "query_sm" ||
    command === "cancel_sm" ||
    command === "replace_sm"
  );
}

function isBind(pdu: RequestPdu): pdu is BindRequest {
  return pdu.command === "bind_transceiver" || pdu.command === "bind_transmitter" || pdu.command === "bind_receiver";
}

function roleOf(pdu: BindRequest): Role {
  switch (pdu.command) {
    case "bind_transmitter":
      return "transmitter";
    case "bind_receiver":
      return "receiver";
    case "bind_transceiver":
      return "transceiver";
  }
}
