import { describe, expect, it } from "vitest";
import { hasClamd, startClamd } from "../../../test/peers/clamd.ts";
import { checkVirusScanner } from "./check-virus-scanner.ts";

const NONE = { clamdAddress: undefined, acceptsUnscannedFiles: false };

describe("the virus scanner", () => {
  it.each([
    [NONE, true, "warn", /sandbox's own/],
    [NONE, false, "warn", /are refused. Set PENNYPOST_CLAMD_ADDRESS/],
    [{ ...NONE, acceptsUnscannedFiles: true }, false, "warn", /are taken unseen/],
    [
      { ...NONE, clamdAddress: { host: "127.0.0.1", port: 1 } },
      true,
      "fail",
      /does not answer .the connection was refused/,
    ],
  ] as const)("with %o, in the sandbox alone: %s", async (config, isOnlySandbox, verdict, what) => {
    expect(await checkVirusScanner(config, isOnlySandbox)).toMatchObject({
      verdict,
      what: expect.stringMatching(what),
    });
  });

  it.skipIf(!hasClamd)(
    "that answers is well",
    async () => {
      const clamd = await startClamd();
      const clamdAddress = { path: clamd.socket };
      expect(await checkVirusScanner({ ...NONE, clamdAddress }, false)).toMatchObject({ verdict: "ok" });
      await clamd.stop();
    },
    40_000,
  );
});
