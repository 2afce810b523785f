import { createHmac, createSecretKey } from "node:crypto";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import vectors from "../../../../test/vectors/auth.json" with { type: "json" };
import { Refusal } from "../../../core/refusal.ts";
import { type AuthKey, type AuthService, tokenCheck } from "./check-token.ts";
import { SeenTokens } from "./seen-tokens.ts";

const now = new Date("2026-06-01T12:00:00.400Z");
const nowSeconds = Math.floor(now.getTime() / 1000);
const daysAgo = (days: number) => new Date(now.getTime() - days * 24 * 60 * 60 * 1000);

const serviceId = "7c6f5a4b-0d1e-4f2a-8b3c-9d0e1f2a3b4c";
const archivedId = "11111111-2222-4333-8444-555555555555";
const keylessId = "22222222-2222-4333-8444-555555555555";
const longRevokedId = "33333333-2222-4333-8444-555555555555";
const secret = "a1b2c3d4-1111-4222-8333-444455556666";
const otherSecret = "b1b2c3d4-1111-4222-8333-444455556666";
const revokedSecret = "c1b2c3d4-1111-4222-8333-444455556666";
const oldSecret = "d1b2c3d4-1111-4222-8333-444455556666";

const GENERAL =
  "Invalid token: make sure your API token matches the example at https://docs.notifications.service.gov.uk/rest-api.html#authorisation-header";
const CLOCK = "Error: Your system clock must be accurate to within 30 seconds";
const NOT_FOUND = "Invalid token: API key not found";

function key(name: string, text: string, revokedAt?: Date): AuthKey {
  return { id: name, secret: createSecretKey(Buffer.from(text, "ascii")), revokedAt };
}

function services(): Map<string, AuthService> {
  const all: AuthService[] = [
    {
      id: serviceId,
      archivedAt: undefined,
      keys: [
        key("revoked", revokedSecret, daysAgo(1)),
        key("old", oldSecret, daysAgo(8)),
        key("live", secret),
        key("other", otherSecret),
      ],
    },
    { id: archivedId, archivedAt: daysAgo(1), keys: [key("live", secret)] },
    { id: keylessId, archivedAt: daysAgo(1), keys: [] },
    { id: longRevokedId, archivedAt: undefined, keys: [key("old", secret, daysAgo(8))] },
  ];
  return new Map(all.map((service) => [service.id, service]));
}

function check(known = services()) {
  return tokenCheck({ findService: async (id) => known.get(id) });
}

type Claims = Record<string, unknown>;

function base64url(json: unknown): string {
  return Buffer.from(JSON.stringify(json)).toString("base64url");
}

function sign(claims: unknown, { header = { typ: "JWT", alg: "HS256" } as Claims, signedWith = secret } = {}): string {
  const signed = `${base64url(header)}.${base64url(claims)}`;
  return `${signed}.${createHmac("sha256", signedWith).update(signed).digest("base64url")}`;
}

function token(change: Claims = {}, how: Parameters<typeof sign>[1] = {}): string {
  return `Bearer ${sign({ iss: serviceId, iat: nowSeconds, ...change }, how)}`;
}

function padded(bearer: string): string {
  return `${bearer}==`;
}

async function answer(authorization: string | undefined): Promise<string> {
  try {
    const { key: found } = await check()(authorization, now);
    return `ok: ${found.id}`;
  } catch (error) {
    if (error instanceof Refusal) return `${error.kind === "unauthenticated" ? 401 : 403} ${error.message}`;
    throw error;
  }
}

/** How each of the worked cases is made. */
const WORKED: Record<string, string> = {
  "Authorization: Basic abc": "Basic abc",
  "Authorization: Bearer<no space>token": token().replace(" ", ""),
  "Authorization: bearer <valid jwt> (lower case)": token().replace("Bearer", "bearer"),
  "Authorization: BEARER <valid jwt>": token().replace("Bearer", "BEARER"),
  "JWT without iss (any signature)": token({ iss: undefined }),
  "iss = 1234 (number)": token({ iss: 1234 }),
  "service has no API keys at all (active or archived)": token({ iss: keylessId }),
  "service archived but has keys": token({ iss: archivedId }),
  "alg none": `Bearer ${base64url({ alg: "none" })}.${base64url({ iss: serviceId, iat: nowSeconds })}.`,
  "right secret, iat exactly 30s in the past": token({ iat: nowSeconds - 30 }),
  "wrong secret, iat expired": token({ iat: nowSeconds - 100 }, { signedWith: "wrong" }),
  "right secret, extra aud claim": token({ aud: "someone" }),
  "right secret of revoked key": token({}, { signedWith: revokedSecret }),
};

describe("the token of a request", () => {
  it.each(vectors)("$case", async ({ case: name, status, message }) => {
    const expected = status === null ? "ok: live" : `${status} ${message}`;
    expect(await answer(WORKED[name])).toBe(expected);
  });

  it.each<[string, string | undefined, string]>([
    ["is missing", undefined, "401 Unauthorized: authentication token must be provided"],
    ["is empty", "", "401 Unauthorized: authentication token must be provided"],
    ["has a scheme but nothing after it", "Bearer", "401 Unauthorized: authentication bearer scheme must be used"],
    ["has two parts", "Bearer abc.def", `403 ${GENERAL}`],
    ["has four parts", `${token()}.x`, `403 ${GENERAL}`],
    ["comes after two spaces", token().replace(" ", "  "), `403 ${GENERAL}`],
    ["comes twice, joined by a comma", `${token()}, ${token()}`, `403 ${GENERAL}`],
    ["has a list for claims", `Bearer ${sign([1])}`, `403 ${GENERAL}`],
    ["is endless", `Bearer ${"a".repeat(10_000)}.b.c`, `403 ${GENERAL}`],
    ["has a key id that is a number", token({}, { header: { alg: "HS256", kid: 1 } }), `403 ${GENERAL}`],
    ["has extensions to understand", token({}, { header: { alg: "HS256", crit: ["exp"] } }), `403 ${GENERAL}`],
    ["has no type", token({}, { header: { alg: "HS256" } }), "ok: live"],
    ["is padded", padded(token()), "ok: live"],
    ["names no service", token({ iss: null }), "403 Invalid token: service id is not the right data type"],
    ["names its service in words", token({ iss: "us" }), "403 Invalid token: service id is not the right data type"],
    ["names its service in capitals", token({ iss: serviceId.toUpperCase() }), "ok: live"],
    ["names its service without hyphens", token({ iss: serviceId.replaceAll("-", "") }), "ok: live"],
    ["is of an unknown service", token({ iss: secret }), "403 Invalid token: service not found"],
    [
      "is of a service whose keys went long ago",
      token({ iss: longRevokedId }),
      "403 Invalid token: service has no API keys",
    ],
    [
      "has another algorithm",
      token({}, { header: { alg: "HS512" } }),
      "403 Invalid token: algorithm used is not HS256",
    ],
    ["has no algorithm", token({}, { header: {} }), "403 Invalid token: algorithm used is not HS256"],
    ["is signed with the second live key", token({}, { signedWith: otherSecret }), "ok: other"],
    ["is signed with a key that went long ago", token({}, { signedWith: oldSecret }), `403 ${NOT_FOUND}`],
    ["is signed with a revoked key, late", token({ iat: 0 }, { signedWith: revokedSecret }), `403 ${CLOCK}`],
    [
      "is changed after signing",
      token().replace(/\.[^.]+\./, `.${base64url({ iss: serviceId })}.`),
      `403 ${NOT_FOUND}`,
    ],
    ["has no signature", token().replace(/[^.]+$/, ""), `403 ${NOT_FOUND}`],
  ])("that %s", async (_, authorization, expected) => {
    expect(await answer(authorization)).toBe(expected);
  });

  it.each<[Claims, string]>([
    [{ iat: nowSeconds + 30 }, "ok: live"],
    [{ iat: nowSeconds + 31 }, `403 ${CLOCK}`],
    [{ iat: nowSeconds - 31 }, `403 ${CLOCK}`],
    [{ iat: nowSeconds + 0.9 }, "ok: live"],
    [{ iat: String(nowSeconds) }, "ok: live"],
    [{ iat: nowSeconds * 1000 }, `403 ${CLOCK}`],
    [{ iat: "abc" }, `403 ${CLOCK}`],
    [{ iat: null }, `403 ${CLOCK}`],
    [{ iat: [] }, `403 ${CLOCK}`],
    [{ iat: {} }, `403 ${CLOCK}`],
    [{ iat: true }, `403 ${CLOCK}`],
    [{ iat: undefined }, `403 ${NOT_FOUND}`],
    [{ nbf: nowSeconds + 30 }, "ok: live"],
    [{ nbf: nowSeconds + 31 }, `403 ${CLOCK}`],
    [{ nbf: "soon" }, `403 ${NOT_FOUND}`],
    [{ exp: nowSeconds - 29 }, "ok: live"],
    [{ exp: nowSeconds - 31 }, `403 ${GENERAL}`],
    [{ exp: "never" }, `403 ${NOT_FOUND}`],
    [{ aud: null }, "ok: live"],
    [{ aud: ["x"] }, `403 ${GENERAL}`],
    [{ sub: 1 }, `403 ${GENERAL}`],
    [{ jti: 1 }, `403 ${GENERAL}`],
    [{ sub: "x", jti: "y", role: "z" }, "ok: live"],
  ])("that claims %j", async (claims, expected) => {
    expect(await answer(token(claims))).toBe(expected);
  });

  it("made by the official client is good", async () => {
    const createToken = createRequire(import.meta.url)("notifications-node-client/client/authentication.js");
    const header = `Bearer ${createToken("GET", "/v2/notifications", secret, serviceId)}`;
    expect((await check()(header, new Date())).key.id).toBe("live");
  });
});

describe("a token that was good before", () => {
  const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

  it("is still held against the clock", async () => {
    const checkToken = check();
    const authorization = token();
    await checkToken(authorization, now);
    expect((await checkToken(authorization, later(29))).key.id).toBe("live");
    await expect(checkToken(authorization, later(31))).rejects.toThrow(CLOCK);
  });

  it("is refused once its key is revoked, and says so", async () => {
    const known = services();
    const checkToken = check(known);
    const authorization = token();
    await checkToken(authorization, now);
    known.set(serviceId, {
      id: serviceId,
      archivedAt: undefined,
      keys: [key("live", secret, now), key("other", otherSecret)],
    });
    await expect(checkToken(authorization, now)).rejects.toThrow("Invalid token: API key revoked");
  });

  it("is refused once its service is archived or gone", async () => {
    const known = services();
    const checkToken = check(known);
    const authorization = token();
    await checkToken(authorization, now);
    known.set(serviceId, { id: serviceId, archivedAt: now, keys: [key("live", secret)] });
    await expect(checkToken(authorization, now)).rejects.toThrow("Invalid token: service is archived");
    known.delete(serviceId);
    await expect(checkToken(authorization, now)).rejects.toThrow("Invalid token: service not found");
  });

  it("is verified again when it ends by itself", async () => {
    const checkToken = check();
    const authorization = token({ exp: nowSeconds - 20 });
    await checkToken(authorization, now);
    await expect(checkToken(authorization, later(15))).rejects.toThrow(GENERAL);
  });
});

describe("a key with terms", () => {
  const terms = (change: Partial<AuthKey>): Map<string, AuthService> => {
    const limited = { ...key("live", secret), ...change };
    return new Map([[serviceId, { id: serviceId, archivedAt: undefined, keys: [limited] }]]);
  };
  const networks = { allowedNetworks: ["192.0.2.0/24"] };
  const later = new Date(now.getTime() + 1);

  it.each<[string, Partial<AuthKey>, string | undefined, string]>([
    ["that has run out is refused", { expiresAt: now }, undefined, "Invalid token: API key expired"],
    ["that has not run out is taken", { expiresAt: later }, undefined, "ok"],
    ["is taken from where it may be used", networks, "192.0.2.7", "ok"],
    ["is refused elsewhere", networks, "198.51.100.1", "Invalid token: API key cannot be used from this address"],
    ["is refused from nowhere", networks, undefined, "Invalid token: API key cannot be used from this address"],
  ])("%s, at first and again", async (_, change, from, expected) => {
    const checkToken = check(terms(change));
    const authorization = token();
    const say = () =>
      checkToken(authorization, now, from).then(
        () => "ok",
        (error: Error) => error.message,
      );
    expect([await say(), await say()]).toEqual([expected, expected]);
  });
});

describe("the memory for good tokens", () => {
  it("is bounded, and forgets the oldest first", () => {
    const seenTokens = new SeenTokens();
    const seen = { serviceId, keyId: "live", issuedAtSeconds: nowSeconds };
    for (let count = 0; count <= 10_000; count++) seenTokens.remember(`token ${count}`, seen);
    expect(seenTokens.size).toBe(10_000);
    expect(seenTokens.find("token 0")).toBeUndefined();
    expect(seenTokens.find("token 10000")).toEqual(seen);
  });

  it("takes no token that is longer than any client makes", () => {
    const seenTokens = new SeenTokens();
    seenTokens.remember("a".repeat(1025), { serviceId, keyId: "live", issuedAtSeconds: nowSeconds });
    expect(seenTokens.size).toBe(0);
  });
});

describe("an API key as it is", () => {
  it.each([
    ["is taken in place of a token", `Bearer my key-${serviceId}-${secret}`, "ok: live"],
    ["is taken in capitals", `bearer my key-${serviceId}-${secret}`.toUpperCase(), "ok: live"],
    [
      "of another service is not found",
      `Bearer my key-${longRevokedId}-${secret}`,
      "403 Invalid token: service has no API keys",
    ],
    ["with a wrong secret is not found", `Bearer my key-${serviceId}-${secret.replace(/.$/, "0")}`, `403 ${NOT_FOUND}`],
    ["that was revoked says so", `Bearer my key-${serviceId}-${revokedSecret}`, "403 Invalid token: API key revoked"],
    ["that was revoked long ago is not found", `Bearer my key-${serviceId}-${oldSecret}`, `403 ${NOT_FOUND}`],
    [
      "of an archived service is refused",
      `Bearer my key-${archivedId}-${secret}`,
      "403 Invalid token: service is archived",
    ],
    ["cut short is no token", `Bearer my key-${serviceId}-${secret.slice(1)}`, `403 ${GENERAL}`],
  ])("%s", async (_, authorization, expected) => {
    expect(await answer(authorization)).toBe(expected);
  });
});
