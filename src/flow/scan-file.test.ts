import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EICAR } from "../../test/peers/clamd.ts";
import { createWorld, type World } from "../../test/support/world.ts";
import { newId } from "../platform/ids.ts";
import type { ScanResult, VirusScanner } from "../platform/virus-scanner.ts";
import { sandboxScanner } from "../sandbox/scanner/sandbox-scanner.ts";
import type { Scanning } from "./app.ts";
import { refuseUnlessClean, scanFile, scannedBy } from "./scan-file.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const saying = (result: ScanResult): VirusScanner => ({ scan: async () => result });

function appWith(scanning: Partial<Scanning>) {
  return { ...world.app, scanning: { scanner: undefined, acceptsUnscanned: false, sandboxScanner, ...scanning } };
}

async function setProviders(...kinds: ("sandbox" | "live" | "switched-off")[]): Promise<void> {
  await world.app.db.query`delete from providers`;
  for (const kind of kinds)
    await world.app.db.query`
      insert into providers (id, name, channel, kind, settings, sealed_secrets, is_sandbox, is_active)
      values (${newId()}, ${kind}, 'sms', 'smpp', '{}', ''::bytea, ${kind === "sandbox"}, ${kind !== "switched-off"})`;
}

describe("who looks into a file", () => {
  it.each([
    [{ hasScanner: true, isOnlySandbox: true, acceptsUnscanned: true }, "scanner"],
    [{ hasScanner: true, isOnlySandbox: false, acceptsUnscanned: false }, "scanner"],
    [{ hasScanner: false, isOnlySandbox: true, acceptsUnscanned: true }, "sandbox"],
    [{ hasScanner: false, isOnlySandbox: false, acceptsUnscanned: true }, "nobody-by-choice"],
    [{ hasScanner: false, isOnlySandbox: false, acceptsUnscanned: false }, "nobody"],
  ])("with %o is %s", (facts, who) => {
    expect(scannedBy(facts)).toBe(who);
  });
});

describe("without a scanner", () => {
  it("the sandbox's own serves while nothing leaves the sandbox", async () => {
    await setProviders("sandbox", "switched-off");
    expect(await scanFile(appWith({}), Buffer.from("harmless"))).toEqual({ kind: "clean" });
    await expect(refuseUnlessClean(appWith({}), Buffer.from(`x${EICAR}x`))).rejects.toMatchObject({
      kind: "bad-request",
      message: "File did not pass the virus scan",
    });
  });

  it.each([[["sandbox", "live"] as const], [["live"] as const], [[] as const]])(
    "a file is refused once messages go further than that: %s",
    async (providers) => {
      await setProviders(...providers);
      expect(await scanFile(appWith({}), Buffer.from("harmless"))).toEqual({ kind: "no-scanner" });
      await expect(refuseUnlessClean(appWith({}), Buffer.from("harmless"))).rejects.toThrow(/has no virus scanner/);
    },
  );

  it("a file is taken where the operator accepts that", async () => {
    await setProviders("sandbox", "live");
    expect(await scanFile(appWith({ acceptsUnscanned: true }), Buffer.from(EICAR))).toEqual({ kind: "unscanned" });
    await refuseUnlessClean(appWith({ acceptsUnscanned: true }), Buffer.from(EICAR));
  });
});

describe("with a scanner", () => {
  it("its word holds, whatever else is set", async () => {
    await setProviders("sandbox");
    const clean = appWith({ scanner: saying({ kind: "clean" }), acceptsUnscanned: true });
    await refuseUnlessClean(clean, Buffer.from(EICAR));
    const infected = appWith({ scanner: saying({ kind: "infected", signature: "Worm" }), acceptsUnscanned: true });
    await expect(refuseUnlessClean(infected, Buffer.from("a"))).rejects.toThrow("File did not pass the virus scan");
  });

  it("that is away, a file is neither taken nor refused for good, even where unscanned ones are accepted", async () => {
    const away = appWith({ scanner: saying({ kind: "unavailable", reason: "gone" }), acceptsUnscanned: true });
    await expect(refuseUnlessClean(away, Buffer.from("a"))).rejects.toMatchObject({
      kind: "unavailable",
      retryAfterSeconds: 5,
    });
  });
});
