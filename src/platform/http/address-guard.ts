/**
 * Which network addresses we may call. A URL somebody else typed must not reach our own machines: only globally reachable
 * unicast addresses pass (the IANA special-purpose registries, RFC 6890), and networks the operator has listed.
 *
 *     const guard = addressGuard(["127.0.0.0/8"]);
 *     judgeAddress(guard, "169.254.169.254")  → { kind: "refused", reason: "a link-local address" }
 */
import ipaddr from "ipaddr.js";

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = [Address, number];

export interface AddressGuard {
  readonly allowedNetworks: readonly Network[];
}

export type Judgement =
  | { kind: "public" }
  | { kind: "allowed" } // in a network the operator listed
  | { kind: "refused"; reason: string };

/** What ipaddr.js calls a range, in plain words. A range that is not here is named as it is. */
const RANGE_NAMES: Record<string, string> = {
  unspecified: "an unspecified address",
  broadcast: "a broadcast address",
  multicast: "a multicast address",
  linkLocal: "a link-local address",
  loopback: "a loopback address",
  carrierGradeNat: "a carrier-grade NAT address",
  private: "a private address",
  uniqueLocal: "a private address",
};

/** The only block from which global IPv6 unicast addresses are given out (RFC 4291 §2.4, IANA). */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR("2000::/3");
/** IPv4 through a NAT64 translator: what matters is the IPv4 address inside (RFC 6052 §2.1). */
const NAT64 = ipaddr.IPv6.parseCIDR("64:ff9b::/96");
const NAT64_IPV4_OFFSET_BYTES = 12;

/** Throws an error that names the entry when one of the networks is not written as a CIDR, such as 10.0.0.0/8. */
export function addressGuard(allowedNetworks: readonly string[]): AddressGuard {
  return { allowedNetworks: allowedNetworks.map(parseNetwork) };
}

/** Judges an address as a socket or a resolver writes it; anything that is not an address is refused. */
export function judgeAddress(guard: AddressGuard, text: string): Judgement {
  const address = parseAddress(text);
  if (address === undefined) return { kind: "refused", reason: "not an address" };
  if (guard.allowedNetworks.some((network) => contains(network, address))) return { kind: "allowed" };
  return judgeRange(address);
}

/** The address a URL's host spells out, if it is one: `127.0.0.1`, `[::1]`; undefined for a name. */
export function literalAddress(hostname: string): string | undefined {
  const bare = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
  return ipaddr.isValid(bare) ? bare : undefined;
}

function parseNetwork(text: string): Network {
  if (!ipaddr.isValidCIDR(text))
    throw new Error(`"${text}" is not a network: write it as an address and a prefix, such as 10.0.0.0/8`);
  const [address, prefixBits] = ipaddr.parseCIDR(text);
  return [address, prefixBits];
}

/** An IPv4 address inside IPv6 (::ffff:a.b.c.d, 64:ff9b::a.b.c.d) is judged as the IPv4 address it leads to. */
function parseAddress(text: string): Address | undefined {
  const withoutZone = text.split("%", 1)[0] ?? "";
  if (!ipaddr.isValid(withoutZone)) return undefined;
  const address = ipaddr.process(withoutZone);
  return isIpv6(address) && address.match(NAT64) ? embeddedIpv4(address) : address;
}

function embeddedIpv4(address: ipaddr.IPv6): ipaddr.IPv4 {
  return new ipaddr.IPv4(address.toByteArray().slice(NAT64_IPV4_OFFSET_BYTES));
}

function contains([network, prefixBits]: Network, address: Address): boolean {
  return network.kind() === address.kind() && address.match(network, prefixBits);
}

function judgeRange(address: Address): Judgement {
  const range = address.range();
  if (range !== "unicast") return { kind: "refused", reason: RANGE_NAMES[range] ?? `a ${range} address` };
  if (isIpv6(address) && !address.match(GLOBAL_IPV6)) return { kind: "refused", reason: "not a global address" };
  return { kind: "public" };
}

function isIpv6(address: Address): address is ipaddr.IPv6 {
  return address.kind() === "ipv6";
}
