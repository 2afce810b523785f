import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { checkCallbackUrl, createOutbound, type Outbound } from "./http.ts";

const LOOPBACK = ["127.0.0.0/8", "::1/128"];
const HOW = { headers: { "content-type": "application/json" }, timeoutMs: 5_000, maxBytes: 1_024 };

/** A certificate for localhost that no authority signed; made for these tests and used nowhere else. */
const SELF_SIGNED_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg/ShwYF0A6OdovN8P
mooq/NOg9jSnEwYQLB5cgSJCPmOhRANCAASkpSayXammPb1E8wGXchCktCbyEziF
u/N29Rqy/G+Eo0ZF/7SORsFwCdM8TBT6CqG1atfvutHQLDY9qRD0SW8w
-----END PRIVATE KEY-----
`;
const SELF_SIGNED_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUZKIFBIjpEApvis7HBwhw6F6aFW0wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjE2NDAyNFoYDzIxMjYxMDI5
MTY0MDI0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASkpSayXammPb1E8wGXchCktCbyEziFu/N29Rqy/G+Eo0ZF/7SORsFw
CdM8TBT6CqG1atfvutHQLDY9qRD0SW8wo28wbTAdBgNVHQ4EFgQU8cLrnwavaYbT
xQffEVjpJfVjvSowHwYDVR0jBBgwFoAU8cLrnwavaYbTxQffEVjpJfVjvSowDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgZzBALiSAOpE9g2tKSwxAJRbsSHf5YmklNnUAe9T8qw0CIDfr
wxe7BF/iLEJ/12iKPedCKtWIc20LVTCzDs25NIwV
-----END CERTIFICATE-----
`;

const closers: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe("post", () => {
  it("sends the body and headers, and gives back status, headers and body", async () => {
    const seen: { method?: string; url?: string; type?: string; body?: string } = {};
    const url = await serve(async (request, response) => {
      Object.assign(seen, { method: request.method, url: request.url, type: request.headers["content-type"] });
      seen.body = await text(request);
      response.writeHead(202, { "retry-after": "7" }).end("taken");
    });
    const answer = await outbound().post(`${url}/path?a=1&b=2`, '{"text":"£"}', HOW);
    expect(answer).toMatchObject({ kind: "answered", status: 202, headers: { "retry-after": "7" } });
    expect(answer.kind === "answered" && answer.body.toString()).toBe("taken");
    expect(seen).toEqual({ method: "POST", url: "/path?a=1&b=2", type: "application/json", body: '{"text":"£"}' });
  });

  it("keeps connections for the requests that follow", async () => {
    const ports = new Set<number | undefined>();
    const url = await serve(async (request, response) => {
      ports.add(request.socket.remotePort);
      await text(request);
      response.end();
    });
    const out = outbound();
    for (let n = 0; n < 20; n++) await out.post(url, "{}", HOW);
    expect(ports.size).toBeLessThanOrEqual(2); // the pool may open a second before the first is free again
  });

  it("opens no more connections to a destination than it may", async () => {
    const sockets = new Set<IncomingMessage["socket"]>();
    const url = await serve(async (request, response) => {
      sockets.add(request.socket);
      await text(request);
      response.end();
    });
    const out = outbound({ connectionsPerDestination: 3 });
    const answers = await Promise.all(Array.from({ length: 30 }, () => out.post(url, "{}", HOW)));
    expect(answers.every(({ kind }) => kind === "answered")).toBe(true);
    expect(sockets.size).toBe(3);
  });

  it("does not follow a redirect", async () => {
    let calls = 0;
    const url = await serve((_request, response) => {
      calls += 1;
      response.writeHead(302, { location: "/elsewhere" }).end();
    });
    expect(await outbound().post(url, "{}", HOW)).toMatchObject({ kind: "answered", status: 302 });
    expect(calls).toBe(1);
  });

  it("reads no more of an answer than it may, and the next request is well", async () => {
    const url = await serve((_request, response) => response.end("x".repeat(5_000_000)));
    const out = outbound();
    for (let n = 0; n < 2; n++) {
      const answer = await out.post(url, "{}", HOW);
      expect(answer.kind === "answered" && answer.body.length).toBe(1_024);
    }
  });

  it("times out when no answer comes", async () => {
    const url = await serve(() => {});
    expect(await outbound().post(url, "{}", { ...HOW, timeoutMs: 50 })).toEqual({ kind: "timeout" });
  });

  it("times out when the answer never ends", async () => {
    const url = await serve((_request, response) => void response.writeHead(200).write("begun"));
    expect(await outbound().post(url, "{}", { ...HOW, timeoutMs: 50 })).toEqual({ kind: "timeout" });
  });

  it("never sends a request whose deadline passed while it waited for a connection", async () => {
    const bodies: string[] = [];
    let release = () => {};
    const url = await serve(async (request, response) => {
      bodies.push(await text(request));
      if (bodies.length > 1) response.end();
      else release = () => response.end();
    });
    const out = outbound({ connectionsPerDestination: 1 });
    const first = out.post(url, "first", HOW);
    const second = await out.post(url, "second", { ...HOW, timeoutMs: 100 });
    release();
    await first;
    expect(await out.post(url, "third", HOW)).toMatchObject({ kind: "answered" });
    expect(second).toEqual({ kind: "timeout" });
    expect(bodies).toEqual(["first", "third"]);
  });

  it("says when nobody listens", async () => {
    const { url, close } = await listen(createTcpServer());
    await close();
    expect(await outbound().post(url, "{}", HOW)).toEqual({
      kind: "unreachable",
      reason: "the connection was refused",
    });
  });

  it("says when the other side hangs up", async () => {
    const { url } = await listen(createTcpServer((socket) => socket.once("data", () => socket.destroy())));
    expect(await outbound().post(url, "{}", HOW)).toMatchObject({ kind: "unreachable" });
  });

  it("says when the other side does not speak HTTP", async () => {
    const { url } = await listen(
      createTcpServer((socket) => socket.once("data", () => socket.end("SSH-2.0-x\r\n\r\n"))),
    );
    expect(await outbound().post(url, "{}", HOW)).toMatchObject({ kind: "unreachable" });
  });

  it("says when a header cannot be sent", async () => {
    const url = await serve((_request, response) => response.end());
    expect(await outbound().post(url, "{}", { ...HOW, headers: { "x-a": "1\r\nx-b: 2" } })).toMatchObject({
      kind: "unreachable",
    });
  });
});

describe("post over TLS", () => {
  const serveTls = async () => {
    const tls = createTlsServer({ key: SELF_SIGNED_KEY, cert: SELF_SIGNED_CERTIFICATE }, (_request, response) => {
      response.end("safe");
    });
    return (await listen(tls)).url.replace("http://127.0.0.1", "https://localhost");
  };

  it("refuses a certificate that no authority signed, also in a listed network", async () => {
    const answer = await outbound().post(await serveTls(), "{}", HOW);
    expect(answer).toMatchObject({ kind: "unreachable", reason: expect.stringContaining("SELF_SIGNED") });
  });

  it("accepts a certificate of an authority it was told to trust", async () => {
    const out = outbound({ certificateAuthorities: SELF_SIGNED_CERTIFICATE });
    expect(await out.post(await serveTls(), "{}", HOW)).toMatchObject({ kind: "answered", status: 200 });
  });
});

describe("the address guard", () => {
  const LOOPBACK_SPELLINGS = [
    (port: string) => `http://127.0.0.1:${port}`,
    (port: string) => `https://127.0.0.1:${port}`,
    (port: string) => `https://localhost:${port}`,
    (port: string) => `https://[::ffff:127.0.0.1]:${port}`,
    (port: string) => `https://2130706433:${port}`,
    (port: string) => `https://0x7f000001:${port}`,
    (port: string) => `https://0177.0.0.1:${port}`,
    (port: string) => `https://127.1:${port}`,
    (port: string) => `https://0.0.0.0:${port}`,
    (port: string) => `https://[::]:${port}`,
    (port: string) => `https://[64:ff9b::7f00:1]:${port}`,
  ];

  it.each(LOOPBACK_SPELLINGS.map((spell) => [spell("PORT"), spell] as const))(
    "keeps our own machine out of reach of %s",
    async (_name, spell) => {
      let connections = 0;
      const { url } = await listen(createTcpServer(() => (connections += 1)));
      const answer = await outbound({ allowedNetworks: [] }).post(spell(new URL(url).port), "{}", HOW);
      expect(answer.kind).toBe("refused-address");
      expect(connections).toBe(0);
    },
  );

  it.each([
    ["http://169.254.169.254/latest/meta-data", "a link-local address"],
    ["https://10.0.0.1/", "a private address"],
    ["https://100.64.0.1/", "a carrier-grade NAT address"],
    ["https://[fd00::1]/", "a private address"],
    ["http://8.8.8.8/", "a public address over HTTP without TLS"],
    ["https://user:secret@example.com/", "it must not hold a user name or password"],
    ["ftp://example.com/", "it must start with https://"],
    ["not a url", "it is not a complete address"],
  ])("refuses %s: %s", async (url, reason) => {
    expect(await outbound({ allowedNetworks: [] }).post(url, "{}", HOW)).toEqual({ kind: "refused-address", reason });
  });

  it("reaches a name in a listed network over HTTP", async () => {
    const url = await serve((_request, response) => response.end());
    expect(await outbound().post(url.replace("127.0.0.1", "localhost"), "{}", HOW)).toMatchObject({ kind: "answered" });
  });

  it("refuses a network that is not one when it is made", () => {
    expect(() => createOutbound({ allowedNetworks: ["lan"] })).toThrow('"lan" is not a network');
  });
});

describe("checkCallbackUrl", () => {
  it.each([
    ["https://example.com/callback?x=1", []],
    ["https://8.8.8.8/", []],
    ["http://127.0.0.1:9000/", LOOPBACK],
    ["http://localhost:9000/", LOOPBACK],
  ])("accepts %s with %j listed", (url, networks) => {
    expect(checkCallbackUrl(url, networks)).toBeUndefined();
  });

  it.each([
    ["example.com", [], "The URL cannot be used: it is not a complete address"],
    ["http://example.com/", [], "The URL must start with https://"],
    ["https://a:b@example.com/", [], "The URL cannot be used: it must not hold a user name or password"],
    ["https://127.0.0.1/", [], "The URL cannot be used: it leads to a loopback address"],
    ["https://0x7f.1/", [], "The URL cannot be used: it leads to a loopback address"],
    ["http://8.8.8.8/", LOOPBACK, "The URL cannot be used: it leads to a public address over HTTP without TLS"],
    ["javascript:alert(1)", [], "The URL cannot be used: it must start with https://"],
    [`https://example.com/${"a".repeat(2_048)}`, [], "The URL must be 2048 characters or fewer"],
  ])("says what is wrong with %s", (url, networks, problem) => {
    expect(checkCallbackUrl(url, networks)).toBe(problem);
  });
});

function outbound(options: Partial<Parameters<typeof createOutbound>[0]> = {}): Outbound {
  const made = createOutbound({ allowedNetworks: LOOPBACK, ...options });
  closers.push(() => made.close());
  return made;
}

async function serve(listener: RequestListener): Promise<string> {
  return (await listen(createServer(listener))).url;
}

async function listen(server: Server): Promise<{ url: string; close: () => Promise<void> }> {
  const sockets = new Set<{ destroy(): void }>();
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  closers.push(close);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
