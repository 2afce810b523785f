import { createSecretKey } from "node:crypto";
import { performance } from "node:perf_hooks";
import { describe, expect, it } from "vitest";
import { Refusal } from "../../../core/refusal.ts";
import { type AuthService, type CheckToken, KeyRefusal } from "./check-token.ts";
import { slowGuessing } from "./slow-guessing.ts";

const now = new Date("2026-06-01T12:00:00Z");
const PAUSE_MS = 200;
const LIMITS = { freeMax: 3, windowMs: 60_000, pauseMs: PAUSE_MS, waitingMax: 2, addressesMax: 2 };
const service = { id: "s", archivedAt: undefined, keys: [] };
const key = { id: "k", secret: createSecretKey(Buffer.from("secret")), revokedAt: undefined };

/** Takes "good"; "ours" is a key of the service's that may not be used. */
const checkToken: CheckToken<AuthService> = async (authorization) => {
  if (authorization === "good") return { service, key };
  if (authorization === "ours") throw new KeyRefusal("Invalid token: API key revoked", { service, key });
  if (authorization === undefined) throw new Refusal("unauthenticated", "no token");
  throw new Refusal("not-authorised", "Invalid token: API key not found");
};

function door() {
  const check = slowGuessing(checkToken, LIMITS);
  return async (token: string | undefined, from: string | undefined, at = now) => {
    const startedMs = performance.now();
    const answer = await check(token, at, from).then(
      () => "good",
      (error: Refusal) => error.message,
    );
    // A timer may fire within the millisecond before its time.
    return { answer, isSlow: performance.now() - startedMs >= PAUSE_MS - 1 };
  };
}

const WRONG = "Invalid token: API key not found";
const address = "192.0.2.7";

async function guessThrice(ask: ReturnType<typeof door>, from = address): Promise<void> {
  for (let guess = 0; guess < LIMITS.freeMax; guess += 1) await ask("wrong", from);
}

describe("wrong keys from one address", () => {
  it("are refused later after a few, and good ones are not", async () => {
    const ask = door();
    await guessThrice(ask);
    expect(await ask("wrong", address)).toEqual({ answer: WRONG, isSlow: true });
    expect((await ask("good", address)).answer).toBe("good");
    expect((await ask("wrong", "192.0.2.8")).answer).toBe(WRONG);
  });

  it("are no longer looked at where too many wait", async () => {
    const ask = door();
    await guessThrice(ask);
    const slow = [ask("wrong", address), ask("wrong", address)];
    await new Promise((resolve) => setImmediate(resolve));
    expect((await ask("wrong", address)).answer).toContain("Too many requests with a wrong key");
    expect((await ask("good", "192.0.2.8")).answer).toBe("good");
    expect(await Promise.all(slow)).toEqual(Array(2).fill({ answer: WRONG, isSlow: true }));
    expect((await ask("good", address)).answer).toBe("good");
  });

  it("are forgotten after a minute", async () => {
    const ask = door();
    await guessThrice(ask);
    const later = new Date(now.getTime() + LIMITS.windowMs);
    await ask("wrong", address, later);
    await ask("wrong", address, later);
    const slow = [await ask("wrong", address, later), await ask("wrong", address, later)];
    expect(slow.map(({ isSlow }) => isSlow)).toEqual([expect.any(Boolean), true]);
  });

  it("count for all addresses that somebody has of IPv6", async () => {
    const ask = door();
    await guessThrice(ask, "2001:db8::1");
    expect((await ask("wrong", "2001:db8::2")).isSlow).toBe(true);
  });

  it.each([
    ["without a key", undefined],
    ["with a good key", "good"],
    ["with a key of the service's that is revoked", "ours"],
  ])("are not requests %s", async (_, token) => {
    const check = slowGuessing(checkToken, { ...LIMITS, pauseMs: 3_600_000 });
    const ask = (what: string | undefined) => check(what, now, address).catch((error: Refusal) => error.kind);
    for (let guess = 0; guess < LIMITS.freeMax; guess += 1) await ask("wrong");
    for (let count = 0; count < 9; count += 1) expect(await ask(token)).not.toBe("rate-limited");
  });

  it("are remembered of so many addresses, the latest", async () => {
    const check = slowGuessing(checkToken, { ...LIMITS, freeMax: 1, pauseMs: 0, waitingMax: 0 });
    const ask = (from: string) => check("wrong", now, from).catch((error: Refusal) => error.kind);
    for (const from of ["192.0.2.1", "192.0.2.2", "192.0.2.3"]) await ask(from);
    expect([await ask("192.0.2.3"), await ask("192.0.2.1")]).toEqual(["rate-limited", "not-authorised"]);
  });
});
