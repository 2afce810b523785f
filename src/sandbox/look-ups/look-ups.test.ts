import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createOutbound, type Outbound } from "../../platform/http.ts";
import { silentLog } from "../../platform/log.ts";
import { httpLookup } from "../../providers/http/lookups/http-lookup.ts";
import { LOOKUP_PRESETS } from "../../providers/http/lookups/lookup-supplier.ts";
import { createLookUps } from "./look-ups.ts";

let server: Server;
let url: string;
let outbound: Outbound;
beforeAll(async () => {
  const lookUps = createLookUps({ token: "a token", log: silentLog });
  server = createServer((request, response) => {
    if (!lookUps.take(request, response)) response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/look-ups`;
  outbound = createOutbound({ allowedNetworks: ["127.0.0.0/8"] });
});
afterAll(async () => {
  await outbound.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const lookUp = (digits: string, token = "a token") =>
  httpLookup(outbound, { name: "sandbox", supplier: LOOKUP_PRESETS.sandbox, settings: { url, token } }).lookUp(digits);

describe("a number in the sandbox", () => {
  it.each([
    ["447700900123", { status: "ON", isRoaming: false, isPorted: false, currentNetwork: "00101" }],
    ["447700900002", { status: "INVALID", isRoaming: undefined }],
    ["447700900003", { status: "OFF", isRoaming: false }],
    ["447700900004", { status: "ON", isRoaming: true, roamingNetwork: "99901", currentNetwork: "00101" }],
    ["447700900005", { status: "ON", isPorted: true, portedNetwork: "00102", currentNetwork: "00102" }],
    ["447700900006", { status: "UNKNOWN", currentNetwork: undefined }],
  ])("%s is %j", async (digits, facts) => {
    expect(await lookUp(digits)).toMatchObject({ kind: "answered", facts });
  });

  it("may have no answer", async () => {
    expect(await lookUp("447700900007")).toEqual({ kind: "unavailable", reason: "HTTP status 503" });
  });

  it("is not looked up for others", async () => {
    expect(await lookUp("447700900123", "another")).toEqual({ kind: "unavailable", reason: "HTTP status 401" });
    const status = async (init: RequestInit) => (await fetch(url, init)).status;
    const authorization = "Bearer a token";
    expect(await status({ headers: { authorization } })).toBe(405);
    expect(await status({ method: "POST", headers: { authorization }, body: '{"number":"me"}' })).toBe(400);
  });
});
