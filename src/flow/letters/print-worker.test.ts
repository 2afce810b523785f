import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { hasSshd, type Sshd, startSshd } from "../../../test/peers/sshd.ts";
import { pdfOf, readyLetter } from "../../../test/support/ready-letters.ts";
import { createWorld, type World, type WorldService } from "../../../test/support/world.ts";
import { newId } from "../../platform/ids.ts";
import { silentLog } from "../../platform/log.ts";
import type { Consumer } from "../../platform/queue.ts";
import { printSftpProvider } from "../../providers/print-sftp/print-sftp-provider.ts";
import type { LetterMessage, LetterProvider, Outcome } from "../../providers/provider.ts";
import { findLetter } from "../../records/letters/letter-store.ts";
import { listUnfinishedRuns } from "../../records/letters/print-run-store.ts";
import { listEvents } from "../../records/notifications/event-store.ts";
import type { Notification } from "../../records/notifications/notification.ts";
import { insertProvider } from "../../records/providers/provider-write-store.ts";
import { insertRoute, NEW_ROUTE } from "../../records/routes/route-store.ts";
import type { KeyKind } from "../../records/services/service.ts";
import { PRINT_RUN_QUEUE } from "../jobs.ts";
import { retryAfterMs, startPrintWorker } from "./print-worker.ts";
import { startDayRun, startPrintRuns } from "./start-print-runs.ts";

const HOUR_MS = 3_600_000;
const TRIES_MAX = 55;

let world: World;
let service: WorldService;
let workers: Consumer[];
beforeEach(async () => {
  world = await createWorld();
  service = await world.service();
  workers = [];
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await world.close();
});

async function printer(name = "printer", keyKinds: readonly KeyKind[] = ["live"]): Promise<void> {
  const { db, keys } = world.app;
  const id = newId();
  await db.transaction(async (tx) => {
    const settings = { url: "https://printer.example" };
    const provider = { id, name, channel: "letter", kind: "print-http", settings, secrets: {} } as const;
    await insertProvider(tx, keys.master, { ...provider, isSandbox: false, isActive: true });
    const route = { ...NEW_ROUTE, id: newId(), name, channel: "letter", providerId: id, keyKinds } as const;
    await insertRoute(tx, route);
  });
}

async function work(provider: LetterProvider): Promise<void> {
  const fleet = {
    find: (name: string) => (name === "printer" ? ({ channel: "letter", provider } as const) : undefined),
  };
  workers.push(await startPrintWorker({ app: world.app, fleet }));
}

async function stopWork(): Promise<void> {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
}

/** A printer that answers as it is told. */
function obedient(answer: (letter: LetterMessage) => Outcome): LetterProvider & { printed: LetterMessage[] } {
  const printed: LetterMessage[] = [];
  return {
    printed,
    name: "printer",
    start: async () => {},
    stop: async () => {},
    capacity: () => 8,
    send: async (letter) => {
      const outcome = answer(letter);
      if (outcome.kind === "accepted") printed.push(letter);
      return outcome;
    },
  };
}

const accepted = ({ notificationId }: LetterMessage): Outcome => ({ kind: "accepted", references: [notificationId] });
const statusOf = async (of: Notification) => (await world.latest(of)).status;
const now = () => world.app.clock.now();
/** An SFTP server takes its time on a machine that does much else. */
const WITHIN = { timeout: 30_000, interval: 100 };
const done = () => vi.waitFor(async () => expect(await listUnfinishedRuns(world.app.db, 9)).toEqual([]), WITHIN);

describe("a print run", () => {
  it("takes what was made before the cut-off and is ready, by the routes there are", async () => {
    await printer();
    const early = await readyLetter(world, service, { createdAt: new Date(now().getTime() - 48 * HOUR_MS) });
    const late = await readyLetter(world, service);
    const cancelled = await readyLetter(world, service, { status: "cancelled" });
    expect(await startPrintRuns(world.app, new Date(now().getTime() - HOUR_MS))).toMatchObject({ runs: 1, letters: 1 });
    expect(await startDayRun(world.app)).toMatchObject({ runs: 0 });
    const shop = obedient(accepted);
    await work(shop);
    await done();
    expect(shop.printed.map(({ notificationId }) => notificationId)).toEqual([early.id]);
    expect(await statusOf(early)).toBe("sending");
    expect([await statusOf(late), await statusOf(cancelled)]).toEqual(["created", "cancelled"]);
  });

  it("leaves letters that nobody prints where they are", async () => {
    await printer("sandbox", ["test"]);
    const letter = await readyLetter(world, service);
    expect(await startPrintRuns(world.app, now())).toEqual({ runs: 0, letters: 0, without: 1 });
    expect(await findLetter(world.app.db, letter.id)).toMatchObject({ awaitsPrint: true, printRunId: undefined });
  });

  it("hands each letter over with its address and its PDF, and says when", async () => {
    await printer();
    const letter = await readyLetter(world, service, { pages: 3 });
    await startPrintRuns(world.app, new Date(now().getTime() + HOUR_MS));
    const shop = obedient(accepted);
    await work(shop);
    await done();
    expect(shop.printed).toMatchObject([
      { notificationId: letter.id, pdf: pdfOf(letter.id), postage: "second", pages: 3, sheets: 2 },
    ]);
    expect(shop.printed[0]?.addressLines).toEqual(["Ada Lovelace", "12 St James’s Square", "SW1Y 4JH"]);
    expect(await world.latest(letter)).toMatchObject({ provider: "printer", fragments: 2, sentAt: expect.any(Date) });
  });

  it("goes on with the letters after one that the printer refuses", async () => {
    await printer();
    const letters = [await readyLetter(world, service), await readyLetter(world, service)];
    await startPrintRuns(world.app, new Date(now().getTime() + HOUR_MS));
    const refuse = { kind: "refused", reason: "the printer answered 422", code: "422" } as const;
    await work(obedient((letter) => (letter.notificationId === letters[0]?.id ? refuse : accepted(letter))));
    await done();
    expect(await Promise.all(letters.map(statusOf))).toEqual(["technical-failure", "sending"]);
    expect(await listEvents(world.app.db, letters[0]?.id ?? "")).toMatchObject([{ kind: "gave-up", code: "422" }]);
  });

  it("waits for a printer that is away, and hands over only what it has not been given", async () => {
    await printer();
    const letters = [await readyLetter(world, service), await readyLetter(world, service)];
    await startPrintRuns(world.app, new Date(now().getTime() + HOUR_MS));
    let isAway = true;
    const shop = obedient((letter) =>
      isAway && letter.notificationId === letters[1]?.id ? { kind: "unavailable", reason: "away" } : accepted(letter),
    );
    await work(shop);
    await vi.waitFor(
      async () =>
        expect(await listUnfinishedRuns(world.app.db, 9)).toMatchObject([{ failedTries: 1, lastProblem: "away" }]),
      WITHIN,
    );
    isAway = false;
    await world.wakeJobs(PRINT_RUN_QUEUE);
    await done();
    expect(shop.printed.map(({ notificationId }) => notificationId)).toEqual(letters.map(({ id }) => id));
  });

  it("is tried again soon at first, and then every three minutes", () => {
    expect([1, 2, 3, 4, TRIES_MAX].map(retryAfterMs)).toEqual([5_000, 15_000, 60_000, 180_000, 180_000]);
  });

  it("is given up in the end, and its letters fail without cost", async () => {
    await printer();
    const letter = await readyLetter(world, service);
    await startPrintRuns(world.app, new Date(now().getTime() + HOUR_MS));
    await world.app.db.query`update print_runs set failed_tries = ${TRIES_MAX - 1}`;
    await work(obedient(() => ({ kind: "unavailable", reason: "away" })));
    await done();
    expect(await statusOf(letter)).toBe("technical-failure");
  });
});

describe.skipIf(!hasSshd)("a print run to an SFTP server", () => {
  let host: Sshd;
  beforeAll(async () => {
    host = await startSshd();
  });
  afterAll(() => host?.stop());
  beforeEach(() => mkdirSync(join(host.folder, "outgoing")));
  afterEach(() => rmSync(join(host.folder, "outgoing"), { recursive: true, force: true }));

  function sftp(): LetterProvider {
    const { port, user, privateKey, fingerprint: hostKey, folder } = host;
    const where = { name: "printer", host: "127.0.0.1", port, user, privateKey, hostKey };
    return printSftpProvider({ ...where, folder: join(folder, "outgoing"), log: silentLog });
  }

  /** What the printer would find: of each released run the letters on its list, held against their files. */
  function released(): string[] {
    const outgoing = join(host.folder, "outgoing");
    return readdirSync(outgoing).flatMap((run) => {
      const files = readdirSync(join(outgoing, run));
      if (!files.includes("manifest.json")) return [];
      const { letters, count } = JSON.parse(readFileSync(join(outgoing, run, "manifest.json"), "utf8"));
      expect(files.filter((file) => file.endsWith(".PDF"))).toHaveLength(count);
      return letters.map((letter: { file: string; sha256: string; notification_id: string }) => {
        const pdf = readFileSync(join(outgoing, run, letter.file));
        expect(createHash("sha256").update(pdf).digest("hex")).toBe(letter.sha256);
        return letter.notification_id;
      });
    });
  }

  async function letters(count: number): Promise<string[]> {
    const made = [];
    for (let index = 0; index < count; index++) made.push((await readyLetter(world, service)).id);
    await startPrintRuns(world.app, new Date(now().getTime() + HOUR_MS));
    return made;
  }

  /** What a process that is killed at a step leaves behind: everything before it, nothing after. */
  function killedAt(provider: LetterProvider, step: "send" | "prepare" | "release" | "after-release"): LetterProvider {
    const { runs } = provider;
    if (!runs) throw new Error("this printer has no runs");
    const killed = () => Promise.reject(new Error("killed"));
    let sent = 0;
    return {
      ...provider,
      send: (letter) => (step === "send" && ++sent > 2 ? killed() : provider.send(letter)),
      runs: {
        prepare: (run) => (step === "prepare" ? killed() : runs.prepare(run)),
        release: async (name) => {
          if (step === "release") return killed();
          const outcome = await runs.release(name);
          return step === "after-release" ? killed() : outcome;
        },
      },
    };
  }

  it.each(["send", "prepare", "release", "after-release"] as const)(
    "that was broken off at %s is repeated with no letter lost or doubled",
    async (step) => {
      await printer();
      const ids = await letters(20);
      await work(killedAt(sftp(), step));
      await vi.waitFor(async () => {
        const [run] = await world.app.db.query<{ leases: number }>`
          select j.leases from jobs j where j.queue = ${PRINT_RUN_QUEUE}`;
        expect(run?.leases).toBe(1);
      }, WITHIN);
      await stopWork();
      expect(released()).toEqual(step === "after-release" ? ids : []);
      await world.wakeJobs(PRINT_RUN_QUEUE);
      await work(sftp());
      await done();
      expect(released()).toEqual(ids);
      for (const id of ids) expect(await statusOf({ id } as Notification)).toBe("sending");
    },
  );

  it("that the printer took away before we noted it is not put there again", async () => {
    await printer();
    await letters(3);
    await work(killedAt(sftp(), "after-release"));
    await vi.waitFor(() => expect(released()).toHaveLength(3), WITHIN);
    await stopWork();
    for (const run of readdirSync(join(host.folder, "outgoing")))
      rmSync(join(host.folder, "outgoing", run), { recursive: true });
    await world.wakeJobs(PRINT_RUN_QUEUE);
    await work(sftp());
    await done();
    expect(readdirSync(join(host.folder, "outgoing"))).toEqual([]);
  });
});
