/**
 * A printer that collects a run of letters from an SFTP server:
 *
 *     outgoing/2026-11-30-1750-0199a8f0/NOTIFY.….PDF      one for each letter
 *     outgoing/2026-11-30-1750-0199a8f0/manifest.json     last: the run is whole, and is to be printed once
 *     reports/2026-12-01.csv                              what became of them; moved to reports/done when it has been read
 *
 * Every file is written as `….part` and renamed, so that whoever looks sees whole files only. Until its manifest is there, a run may be
 * written again as often as it takes, over itself. The manifest's renaming is the moment at which the run is the printer's: one
 * that finds no `manifest.json.part` any more knows that this moment has been.
 */
import { posix } from "node:path";
import type SftpClient from "ssh2-sftp-client";
import { printFileName } from "../../core/letter/print-file-name.ts";
import type { LetterMessage, LetterProvider, Outcome, PrinterEvents, PrintRun, RunOutcome } from "../provider.ts";
import { failureReason } from "./failure-reason.ts";
import { MANIFEST_FILE, writeManifest } from "./manifest.ts";
import type { PrintSftpOptions } from "./options.ts";
import { readReports } from "./read-reports.ts";
import { Sessions } from "./sessions.ts";

const LOOK_EVERY_SECONDS = 300;
const REPORT_MAX_BYTES = 8 * 1024 * 1024;
/** More are read at the next look. */
const REPORTS_AT_ONCE_MAX = 50;
const REPORT_FILE = /\.csv$/i;
const DONE_FOLDER = "done";
const PART = ".part";
const MS_PER_SECOND = 1_000;

interface Shop {
  options: PrintSftpOptions;
  sessions: Sessions;
}

/** Throws when the host's key is not written as a fingerprint; a server that is away is not an error. */
export function printSftpProvider(options: PrintSftpOptions): LetterProvider {
  const shop = { options, sessions: new Sessions(options) };
  const looking = new AbortController();
  let look: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  return {
    name: options.name,
    start: async (events) => {
      const lookAgain = () => {
        look = lookAround(shop, events).finally(() => {
          if (looking.signal.aborted) return;
          timer = setTimeout(lookAgain, (options.reportsEverySeconds ?? LOOK_EVERY_SECONDS) * MS_PER_SECOND).unref();
        });
      };
      lookAgain();
    },
    stop: async () => {
      looking.abort();
      clearTimeout(timer);
      await look;
      await shop.sessions.close();
    },
    capacity: () => (looking.signal.aborted ? 0 : shop.sessions.free),
    send: (letter) => send(shop, letter),
    runs: { prepare: (run) => prepare(shop, run), release: (name) => release(shop, name) },
  };
}

async function send(shop: Shop, letter: LetterMessage): Promise<Outcome> {
  const folder = runFolder(shop, letter.run);
  const written = await attempt(shop, async (client) => {
    await makeFolder(client, folder);
    await writeWhole(client, `${folder}/${printFileName(letter)}`, letter.pdf);
  });
  return written.kind === "done" ? { kind: "accepted", references: [letter.notificationId] } : written;
}

function prepare(shop: Shop, run: PrintRun): Promise<RunOutcome> {
  const folder = runFolder(shop, run.name);
  return attempt(shop, async (client) => {
    await makeFolder(client, folder);
    await client.put(Buffer.from(writeManifest(run)), `${folder}/${MANIFEST_FILE}${PART}`);
  });
}

/** Once it has been renamed there is nothing to rename, whether or not the printer has already taken the run away. */
function release(shop: Shop, runName: string): Promise<RunOutcome> {
  const manifest = `${runFolder(shop, runName)}/${MANIFEST_FILE}`;
  return attempt(shop, async (client) => {
    if (await client.exists(`${manifest}${PART}`)) await client.rename(`${manifest}${PART}`, manifest);
  });
}

/** What went wrong is a value: a run is tried again later, from where it was. */
async function attempt(shop: Shop, work: (client: SftpClient) => Promise<void>): Promise<RunOutcome> {
  try {
    await shop.sessions.use(work);
    return { kind: "done" };
  } catch (error) {
    return { kind: "unavailable", reason: failureReason(error) };
  }
}

function runFolder({ options }: Shop, run: string): string {
  return `${options.folder.replace(/\/+$/, "")}/${run}`;
}

/** Several letters of a run find it missing at once. */
async function makeFolder(client: SftpClient, folder: string): Promise<void> {
  if (await client.exists(folder)) return;
  try {
    await client.mkdir(folder);
  } catch (error) {
    if (!(await client.exists(folder))) throw error;
  }
}

async function writeWhole(client: SftpClient, path: string, bytes: Buffer): Promise<void> {
  await client.put(bytes, `${path}${PART}`);
  await renameOver(client, `${path}${PART}`, path);
}

/** Plain SFTP does not rename over another file (draft-ietf-secsh-filexfer-02 §6.5). */
async function renameOver(client: SftpClient, from: string, to: string): Promise<void> {
  if (await client.exists(to)) await client.delete(to);
  await client.rename(from, to);
}

/** Whether the server is there, and what it has for us. */
async function lookAround(shop: Shop, events: PrinterEvents): Promise<void> {
  const { folder } = shop.options;
  const there = await attempt(shop, async (client) => {
    if (!(await client.exists(folder))) throw new Error("no such file");
  });
  events.availability(there.kind === "done", there.kind === "done" ? "ready" : there.reason);
  if (there.kind === "done") await collectReports(shop, events);
}

/** A report whose news could not be kept stays where it is, and is read again at the next look. */
async function collectReports({ options, sessions }: Shop, events: PrinterEvents): Promise<void> {
  const { reportsFolder, log, name: provider } = options;
  if (reportsFolder === undefined) return;
  const folder = reportsFolder.replace(/\/+$/, "");
  try {
    const files = await sessions.use((client) =>
      client.list(folder, ({ type, name }) => type === "-" && REPORT_FILE.test(name)),
    );
    for (const file of files.slice(0, REPORTS_AT_ONCE_MAX)) {
      if (file.size > REPORT_MAX_BYTES)
        log.warn("print-sftp.report-too-large", { provider, file: file.name, bytes: file.size });
      else await takeReport({ options, sessions }, `${folder}/${file.name}`, events);
    }
  } catch (error) {
    log.warn("print-sftp.reports-not-read", { provider, reason: failureReason(error) });
  }
}

async function takeReport({ options, sessions }: Shop, path: string, events: PrinterEvents): Promise<void> {
  const text = await sessions.use(async (client) => (await client.get(path)).toString());
  const { reports, notUnderstood } = readReports(text);
  if (notUnderstood > 0)
    options.log.warn("print-sftp.report-lines-not-understood", { provider: options.name, lines: notUnderstood });
  if (reports.length > 0) await events.letterReports(reports);
  await sessions.use(async (client) => {
    const folder = `${posix.dirname(path)}/${DONE_FOLDER}`;
    await makeFolder(client, folder);
    await renameOver(client, path, `${folder}/${posix.basename(path)}`);
  });
}
