/** Addresses and networks (RFC 4632, RFC 4291) as people write them, and whether one lies in another. */
import ipaddr from "ipaddr.js";

/** A network in one spelling; a lone address is a network of one. Undefined for anything else.  parseNetwork("10.1.2.3/8") → "10.0.0.0/8" */
export function parseNetwork(text: string): string | undefined {
  const trimmed = text.trim();
  if (ipaddr.isValid(trimmed) && /[.:]/.test(trimmed)) {
    const address = ipaddr.process(trimmed);
    return `${address.toString()}/${address.kind() === "ipv4" ? 32 : 128}`;
  }
  if (!ipaddr.isValidCIDR(trimmed)) return undefined;
  const [address, bits] = ipaddr.parseCIDR(trimmed);
  const first =
    address.kind() === "ipv4"
      ? ipaddr.IPv4.networkAddressFromCIDR(trimmed)
      : ipaddr.IPv6.networkAddressFromCIDR(trimmed);
  return `${first.toString()}/${bits}`;
}

/** Whether an address lies in one of the networks. IPv4 inside IPv6 (::ffff:a.b.c.d) is the IPv4 address. */
export function isInNetworks(address: string, networks: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return networks.some((network) => {
    const [base, bits] = ipaddr.parseCIDR(network);
    return base.kind() === parsed.kind() && parsed.match(base, bits);
  });
}

const IPV6_HOST_BITS = 64;

/**
 * Whom to count tries against: the address of IPv4, the /64 of IPv6, since whoever has one address there has all of it (RFC 4291
 * §2.5.4).  networkOfHost("2001:db8::17") → "2001:db8::/64"
 */
export function networkOfHost(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return (
    parseNetwork(parsed.kind() === "ipv4" ? parsed.toString() : `${parsed.toString()}/${IPV6_HOST_BITS}`) ?? address
  );
}
