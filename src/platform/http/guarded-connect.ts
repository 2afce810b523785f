/**
 * Opens sockets only to addresses the guard lets through. An address is judged three times, because each check alone leaks:
 * a literal in the URL never reaches the resolver, a name may resolve to anything, and the socket says where it really went.
 */
import { type LookupAddress, lookup } from "node:dns";
import type { LookupFunction, Socket } from "node:net";
import { buildConnector } from "undici";
import { type AddressGuard, judgeAddress, literalAddress } from "./address-guard.ts";

/** Longer than a slow TLS handshake over a bad line, shorter than any deadline of ours would help. */
const CONNECT_TIMEOUT_MS = 10_000;

export interface ConnectOptions {
  /** Certificates (PEM) to trust instead of the public authorities, for a supplier with its own. */
  certificateAuthorities?: string;
}

/** The address may not be called; the reason names no host. */
export class RefusedAddress extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "RefusedAddress";
  }
}

/** A `connect` for undici that keeps to the guard. HTTP without TLS is only for networks the operator listed. */
export function guardedConnect(guard: AddressGuard, options: ConnectOptions = {}): buildConnector.connector {
  const connectorFor = (protocol: string) =>
    buildConnector({
      timeout: CONNECT_TIMEOUT_MS,
      lookup: guardedLookup(guard, protocol),
      ...(options.certificateAuthorities === undefined ? {} : { ca: options.certificateAuthorities }),
    } as buildConnector.BuildOptions);
  const connectors = { plain: connectorFor("http:"), tls: connectorFor("https:") };
  return (target, callback) => {
    const literal = literalAddress(target.hostname);
    const refusal = literal === undefined ? undefined : refusalOf(guard, literal, target.protocol);
    if (refusal !== undefined) return callback(new RefusedAddress(refusal), null);
    const connect = target.protocol === "https:" ? connectors.tls : connectors.plain;
    connect(target, (error, socket) => {
      if (error !== null) return callback(error, null);
      handOver(guard, { socket, protocol: target.protocol }, callback);
    });
  };
}

/** Why this address may not be called over this protocol; undefined when it may. */
export function refusalOf(guard: AddressGuard, address: string, protocol: string): string | undefined {
  const judgement = judgeAddress(guard, address);
  if (judgement.kind === "refused") return judgement.reason;
  if (judgement.kind === "public" && protocol !== "https:") return "a public address over HTTP without TLS";
  return undefined;
}

function guardedLookup(guard: AddressGuard, protocol: string): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      const permitted = addresses.filter(({ address }) => refusalOf(guard, address, protocol) === undefined);
      const [first] = permitted;
      if (first === undefined) return callback(new RefusedAddress(reasonFor(guard, addresses, protocol)), []);
      if (options.all) return callback(null, permitted);
      callback(null, first.address, first.family);
    });
  };
}

function reasonFor(guard: AddressGuard, addresses: LookupAddress[], protocol: string): string {
  const reasons = addresses.map(({ address }) => refusalOf(guard, address, protocol));
  return `the name leads to ${reasons[0] ?? "no address"}`;
}

/** The last check: a name that resolves differently the second time (DNS rebinding) ends here. */
function handOver(
  guard: AddressGuard,
  connected: { socket: Socket; protocol: string },
  callback: buildConnector.Callback,
): void {
  const refusal = refusalOf(guard, connected.socket.remoteAddress ?? "", connected.protocol);
  if (refusal !== undefined) {
    connected.socket.destroy();
    callback(new RefusedAddress(refusal), null);
    return;
  }
  callback(null, connected.socket);
}
