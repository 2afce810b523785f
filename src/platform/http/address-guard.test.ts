import { describe, expect, it } from "vitest";
import { addressGuard, judgeAddress, literalAddress } from "./address-guard.ts";

const REFUSED: [address: string, reason: string][] = [
  ["0.0.0.0", "an unspecified address"],
  ["0.1.2.3", "an unspecified address"],
  ["127.0.0.1", "a loopback address"],
  ["127.255.255.254", "a loopback address"],
  ["10.0.0.1", "a private address"],
  ["172.16.0.1", "a private address"],
  ["172.31.255.255", "a private address"],
  ["192.168.1.1", "a private address"],
  ["169.254.169.254", "a link-local address"],
  ["100.64.0.1", "a carrier-grade NAT address"],
  ["100.127.255.255", "a carrier-grade NAT address"],
  ["192.0.0.1", "a reserved address"],
  ["192.0.2.1", "a reserved address"],
  ["198.18.0.1", "a reserved address"],
  ["198.51.100.1", "a reserved address"],
  ["203.0.113.1", "a reserved address"],
  ["224.0.0.1", "a multicast address"],
  ["240.0.0.1", "a reserved address"],
  ["255.255.255.255", "a broadcast address"],
  ["::", "an unspecified address"],
  ["::1", "a loopback address"],
  ["::ffff:127.0.0.1", "a loopback address"],
  ["::ffff:7f00:1", "a loopback address"],
  ["::ffff:169.254.169.254", "a link-local address"],
  ["::127.0.0.1", "a loopback address"],
  ["::7f00:1", "not a global address"],
  ["::ffff:0:127.0.0.1", "a rfc6145 address"],
  ["64:ff9b::7f00:1", "a loopback address"],
  ["64:ff9b::10.0.0.1", "a private address"],
  ["64:ff9b:1::1", "a rfc6052 address"],
  ["fc00::1", "a private address"],
  ["fd12:3456::1", "a private address"],
  ["fe80::1", "a link-local address"],
  ["fe80::1%eth0", "a link-local address"],
  ["fec0::1", "a deprecatedSiteLocal address"],
  ["ff02::1", "a multicast address"],
  ["2001:db8::1", "a reserved address"],
  ["2002:7f00:1::", "a 6to4 address"],
  ["2001::1", "a teredo address"],
  ["4000::1", "not a global address"],
  ["localhost", "not an address"],
  ["", "not an address"],
];

describe("judgeAddress", () => {
  it.each(REFUSED)("refuses %s as %s", (address, reason) => {
    expect(judgeAddress(addressGuard([]), address)).toEqual({ kind: "refused", reason });
  });

  it.each([
    "8.8.8.8",
    "1.1.1.1",
    "172.15.0.1",
    "172.32.0.1",
    "100.63.255.255",
    "2606:4700:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
  ])("lets the public address %s through", (address) => {
    expect(judgeAddress(addressGuard([]), address)).toEqual({ kind: "public" });
  });

  it.each([
    ["127.0.0.1", ["127.0.0.0/8"]],
    ["::ffff:127.0.0.1", ["127.0.0.0/8"]],
    ["10.1.2.3", ["192.168.0.0/16", "10.1.0.0/16"]],
    ["fd00::5", ["fd00::/8"]],
  ])("lets %s through when %j is listed", (address, networks) => {
    expect(judgeAddress(addressGuard(networks), address)).toEqual({ kind: "allowed" });
  });

  it("keeps an address outside the listed networks refused", () => {
    expect(judgeAddress(addressGuard(["10.1.0.0/16"]), "10.2.0.1").kind).toBe("refused");
  });
});

describe("addressGuard", () => {
  it.each(["10.0.0.0", "10.0.0.0/33", "localhost", ""])("names the wrong entry %j", (network) => {
    expect(() => addressGuard([network])).toThrow(`"${network}" is not a network`);
  });
});

describe("literalAddress", () => {
  it.each([
    ["http://2130706433/", "127.0.0.1"],
    ["http://0x7f.1/", "127.0.0.1"],
    ["http://0177.0.0.1/", "127.0.0.1"],
    ["http://[::1]/", "::1"],
    ["http://example.com/", undefined],
  ])("%s spells %s", (url, address) => {
    expect(literalAddress(new URL(url).hostname)).toBe(address);
  });
});
