import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { hasSshd, type Sshd, startSshd } from "../../../test/peers/sshd.ts";
import { printFileName } from "../../core/letter/print-file-name.ts";
import { silentLog } from "../../platform/log.ts";
import type { LetterMessage, LetterProvider, LetterReport, PrinterEvents, PrintRun } from "../provider.ts";
import type { PrintSftpOptions } from "./options.ts";
import { printSftpProvider } from "./print-sftp-provider.ts";

/** A new connection and two files, on a machine that does much else. */
const WITHIN = { timeout: 30_000 };

const RUN = "2026-11-30-1750-0199a8f0";
const IDS = [1, 2, 3].map((n) => `0199a8f0-0000-7000-8000-00000000000${n}`);
const MADE_AT = new Date("2026-11-30T10:00:00.000Z");
const OTHER_KEY = `SHA256:${"a".repeat(43)}`;

const FILES = IDS.map((notificationId) => printFileName({ notificationId, postage: "second", createdAt: MADE_AT }));

function letter(notificationId: string, text = notificationId): LetterMessage {
  const printed = { postage: "second", pages: 3, sheets: 2, createdAt: MADE_AT } as const;
  return {
    notificationId,
    run: RUN,
    pdf: Buffer.from(`%PDF ${text}`),
    addressLines: ["A", "B", "SW1 1AA"],
    ...printed,
  };
}

function runOf(letters: readonly LetterMessage[]): PrintRun {
  const printed = letters.map(({ pdf, run, addressLines, ...rest }) => ({
    ...rest,
    bytes: pdf.length,
    sha256: createHash("sha256").update(pdf).digest("hex"),
  }));
  return { name: RUN, letters: printed };
}

describe.skipIf(!hasSshd)("a printer's SFTP server", () => {
  let host: Sshd;
  let providers: LetterProvider[];
  beforeAll(async () => {
    host = await startSshd();
  });
  afterAll(() => host?.stop());
  beforeEach(() => {
    providers = [];
    for (const folder of ["outgoing", "reports"]) mkdirSync(join(host.folder, folder));
  });
  afterEach(async () => {
    await Promise.all(providers.map((provider) => provider.stop()));
    for (const folder of ["outgoing", "reports"]) rmSync(join(host.folder, folder), { recursive: true, force: true });
  });

  function printer(change: Partial<PrintSftpOptions> = {}): LetterProvider {
    const { port, user, privateKey, fingerprint: hostKey, folder } = host;
    const folders = { folder: join(folder, "outgoing"), reportsFolder: join(folder, "reports") };
    const where = { name: "printer", host: "127.0.0.1", port, user, privateKey, hostKey, ...folders };
    const provider = printSftpProvider({ ...where, reportsEverySeconds: 3_600, log: silentLog, ...change });
    providers.push(provider);
    return provider;
  }

  const inRun = (name: string) => join(host.folder, "outgoing", RUN, name);
  const filesOfRun = () => readdirSync(inRun("")).sort();
  async function print(provider: LetterProvider, letters: readonly LetterMessage[]): Promise<void> {
    const outcomes = await Promise.all(letters.map((one) => provider.send(one)));
    expect(outcomes).toEqual(letters.map(({ notificationId }) => ({ kind: "accepted", references: [notificationId] })));
  }

  it("has a run of letters when all of them are there, and their list last", async () => {
    const letters = IDS.map((id) => letter(id));
    const provider = printer();
    await print(provider, letters);
    expect(filesOfRun()).toEqual(FILES);
    expect(await provider.runs?.prepare(runOf(letters))).toEqual({ kind: "done" });
    expect(existsSync(inRun("manifest.json"))).toBe(false);
    expect(await provider.runs?.release(RUN)).toEqual({ kind: "done" });
    expect(filesOfRun()).toEqual([...FILES, "manifest.json"]);
    const manifest = JSON.parse(readFileSync(inRun("manifest.json"), "utf8"));
    expect(manifest).toMatchObject({ version: 1, run: RUN, count: 3, sheets: 6 });
    for (const { file, bytes, sha256 } of manifest.letters) {
      const pdf = readFileSync(inRun(file));
      expect([pdf.length, createHash("sha256").update(pdf).digest("hex")]).toEqual([bytes, sha256]);
    }
    expect(manifest.letters[0]).toMatchObject({ notification_id: IDS[0], pages: 3, sheets: 2, postage: "second" });
    expect(JSON.stringify(manifest)).not.toContain("SW1");
  });

  it("is given letters again after a try that broke off, each once and whole", async () => {
    mkdirSync(inRun(""));
    writeFileSync(inRun(`${FILES[0]}.part`), "%PD");
    writeFileSync(inRun(FILES[1] ?? ""), readFileSync("/proc/self/cmdline"));
    writeFileSync(inRun("manifest.json.part"), "{");
    const letters = IDS.map((id) => letter(id));
    const provider = printer();
    await print(provider, letters);
    await provider.runs?.prepare(runOf(letters));
    await provider.runs?.release(RUN);
    expect(filesOfRun()).toEqual([...FILES, "manifest.json"]);
    expect(FILES.map((file) => readFileSync(inRun(file), "utf8"))).toEqual(IDS.map((id) => `%PDF ${id}`));
  });

  it("hears of a run once, also where it has taken the run away before we noted that it was told", async () => {
    const provider = printer();
    await print(provider, [letter(IDS[0] ?? "")]);
    await provider.runs?.prepare(runOf([letter(IDS[0] ?? "")]));
    await provider.runs?.release(RUN);
    rmSync(inRun(""), { recursive: true });
    expect(await provider.runs?.release(RUN)).toEqual({ kind: "done" });
    expect(existsSync(inRun(""))).toBe(false);
  });

  it("is not spoken to when it shows another key", async () => {
    const provider = printer({ hostKey: OTHER_KEY });
    const outcome = await provider.send(letter(IDS[0] ?? ""));
    expect(outcome).toEqual({
      kind: "unavailable",
      reason: "the SFTP server shows another key than settings.hostKey",
    });
    expect(readdirSync(join(host.folder, "outgoing"))).toEqual([]);
  });

  it("may show the second of two keys while it changes them", async () => {
    const provider = printer({ hostKey: `${OTHER_KEY} ${host.fingerprint}` });
    expect((await provider.send(letter(IDS[0] ?? ""))).kind).toBe("accepted");
  });

  it.each([
    ["nobody we know", { user: "nobody-there" }, "the SFTP server does not accept our user, password or key"],
    ["a closed port", { port: 1 }, "the SFTP server refuses connections"],
    ["a missing folder", { folder: "/nowhere/at/all" }, "the SFTP server does not have the folder"],
  ])("that is %s is said to be unavailable", async (_, change: Partial<PrintSftpOptions>, reason) => {
    expect(await printer(change).send(letter(IDS[0] ?? ""))).toEqual({ kind: "unavailable", reason });
    const availability = vi.fn();
    await printer(change).start({ availability, letterReports: async () => {} });
    await vi.waitFor(() => expect(availability).toHaveBeenCalledWith(false, reason), WITHIN);
  });

  it.each(["", "MD5:aa:bb", "SHA256:short"])("cannot have the key %j", (hostKey) => {
    expect(() => printer({ hostKey })).toThrow(/settings\.hostKey must be a fingerprint/);
  });

  describe("with reports", () => {
    const CSV = `notification_id,status,date\n${IDS[0]},DESPATCHED,2026-11-30T18:40:00Z\nnonsense,DESPATCHED,\n${IDS[1]},RETURNED,\n`;
    const report = () => join(host.folder, "reports", "2026-12-01.csv");
    const done = () => join(host.folder, "reports", "done", "2026-12-01.csv");

    it("is believed, and its file put away", async () => {
      writeFileSync(report(), CSV);
      writeFileSync(`${report()}.part`, CSV);
      const letterReports = vi.fn<PrinterEvents["letterReports"]>(async () => {});
      await printer().start({ availability: () => {}, letterReports });
      await vi.waitFor(() => expect(existsSync(done())).toBe(true), WITHIN);
      const heard: readonly LetterReport[] = [
        { notificationId: IDS[0] ?? "", status: "despatched", at: new Date("2026-11-30T18:40:00Z") },
        { notificationId: IDS[1] ?? "", status: "returned" },
      ];
      expect(letterReports.mock.calls).toEqual([[heard]]);
      expect([existsSync(report()), existsSync(`${report()}.part`)]).toEqual([false, true]);
    });

    it("is asked again for what could not be kept", async () => {
      writeFileSync(report(), CSV);
      const letterReports = vi.fn<PrinterEvents["letterReports"]>().mockRejectedValueOnce(new Error("away"));
      await printer({ reportsEverySeconds: 0.05 }).start({ availability: () => {}, letterReports });
      await vi.waitFor(() => expect(existsSync(done())).toBe(true), WITHIN);
      expect(letterReports).toHaveBeenCalledTimes(2);
    });
  });
});
