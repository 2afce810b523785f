import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buildConnector } from "undici";
import { afterEach, describe, expect, it, vi } from "vitest";
import { PATIENCE } from "../../../test/support/patience.ts";
import { Destinations } from "./destinations.ts";

const server = createServer((_request, response) => response.end());
const made: Destinations[] = [];

afterEach(async () => {
  await Promise.all(made.splice(0).map((destinations) => destinations.close()));
  await new Promise((resolve) => server.close(resolve));
});

function newDestinations(limit: number): Destinations {
  const destinations = new Destinations(buildConnector({}), { destinations: limit, connectionsPerDestination: 2 });
  made.push(destinations);
  return destinations;
}

describe("Destinations", () => {
  it("gives the same pool for the same origin", () => {
    const destinations = newDestinations(3);
    expect(destinations.of("http://a.test")).toBe(destinations.of("http://a.test"));
    expect(destinations.size).toBe(1);
  });

  it("lets go of the least recently used when there are too many", () => {
    const destinations = newDestinations(2);
    const [a, b] = [destinations.of("http://a.test"), destinations.of("http://b.test")];
    destinations.of("http://a.test");
    destinations.of("http://c.test");
    expect(destinations.size).toBe(2);
    expect(destinations.of("http://a.test")).toBe(a);
    expect(destinations.of("http://b.test")).not.toBe(b);
  });

  it("closes a pool that was not used between two sweeps, and its connections", async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const destinations = newDestinations(3);
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const answer = await destinations.of(origin).request({ path: "/", method: "GET" });
    await answer.body.dump();
    destinations.sweep();
    expect(destinations.size).toBe(1);
    destinations.sweep();
    expect(destinations.size).toBe(0);
    await vi.waitFor(async () => expect(await connections()).toBe(0), PATIENCE);
  });
});

function connections(): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
  );
}
