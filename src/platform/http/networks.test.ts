import { describe, expect, it } from "vitest";
import { isInNetworks, networkOfHost, parseNetwork } from "./networks.ts";

describe("a network", () => {
  it.each([
    ["10.1.2.3/8", "10.0.0.0/8"],
    [" 192.0.2.1 ", "192.0.2.1/32"],
    ["2001:db8::1", "2001:db8::1/128"],
    ["2001:db8::1/32", "2001:db8::/32"],
    ["10", undefined],
    ["10.0.0.0/33", undefined],
    ["example.org", undefined],
    ["", undefined],
  ])("written %j is %j", (text, network) => {
    expect(parseNetwork(text)).toBe(network);
  });

  it.each([
    ["10.9.9.9", ["10.0.0.0/8"], true],
    ["11.0.0.1", ["10.0.0.0/8", "11.0.0.1/32"], true],
    ["11.0.0.2", ["10.0.0.0/8", "11.0.0.1/32"], false],
    ["::ffff:10.1.1.1", ["10.0.0.0/8"], true],
    ["2001:db8::9", ["2001:db8::/32"], true],
    ["2001:db8::9", ["10.0.0.0/8"], false],
    ["nonsense", ["0.0.0.0/0"], false],
  ])("with %s in %j: %s", (address, networks, isIn) => {
    expect(isInNetworks(address, networks)).toBe(isIn);
  });

  it.each([
    ["192.0.2.7", "192.0.2.7/32"],
    ["::ffff:192.0.2.7", "192.0.2.7/32"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["", ""],
  ])("of the host %j is %j", (address, network) => {
    expect(networkOfHost(address)).toBe(network);
  });
});
