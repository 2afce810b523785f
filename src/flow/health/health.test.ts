import { afterEach, describe, expect, it, vi } from "vitest";
import { type CarrierWish, makeCarrier, startWorkings } from "../../../test/support/workings.ts";
import { createWorld } from "../../../test/support/world.ts";
import { closedCircuit } from "../../core/routing/circuit.ts";
import { USUAL_HEALTH_RULES } from "../../core/routing/health-rules.ts";
import { newId, newRandomId } from "../../platform/ids.ts";
import { STATUS } from "../../platform/smpp/command-statuses.ts";
import { HTTP_PRESETS } from "../../providers/http/presets.ts";
import { readAnswer } from "../../providers/http/read-answer.ts";
import type { Outcome } from "../../providers/provider.ts";
import { outcomeOf } from "../../providers/smpp/outcome.ts";
import { outcomeOfError } from "../../providers/smtp/outcome-of-error.ts";
import {
  countFailedCanaries,
  endCanary,
  insertCanaryIfDue,
  listLatestCanaries,
} from "../../records/providers/canary-store.ts";
import { changeCircuit, listCircuits, listTallies, putTallies } from "../../records/providers/circuit-store.ts";
import { answeredBy, ProviderTally } from "./provider-tally.ts";

const WAIT = { timeout: 30_000, interval: 20 };
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function setUp(...wishes: CarrierWish[]) {
  const world = await createWorld();
  closers.push(world.close);
  const carriers: Awaited<ReturnType<typeof makeCarrier>>[] = [];
  for (const wish of wishes) carriers.push(await makeCarrier(world.app, wish));
  closers.push(async () => void (await Promise.all(carriers.map((carrier) => carrier.stop()))));
  const workings = await startWorkings(world.app);
  closers.push(workings.stop);
  const providers = await world.app.db.query<{ id: string; name: string }>`select p.id, p.name from providers p`;
  const idOf = (name: string) => providers.find((one) => one.name === name)?.id ?? "";
  return { ...world, carriers, workings, idOf };
}

describe("the counts of a provider", () => {
  const START = 1_800_000_000_000;
  const tally = () => new ProviderTally({ ...USUAL_HEALTH_RULES, slowAnswerMs: 1_000, silentSeconds: 2 });

  it("are of answers of the last seconds, and of what still waits for one", () => {
    const counts = tally();
    for (let n = 0; n < 10; n++) counts.begin(START);
    counts.answered(START, START + 200, "taken");
    counts.answered(START, START + 1_500, "failed");
    counts.answered(START, START + 1_500, "throttled");
    counts.answered(START, START + 1_500, "not-asked");
    expect(counts.sum(START + 2_000)).toMatchObject({
      taken: 1,
      failed: 1,
      throttled: 1,
      slow: 2,
      underWay: 6,
      overdue: 6,
    });
    expect(counts.sum(START + 20_000)).toMatchObject({
      taken: 0,
      failed: 0,
      slow: 0,
      underWay: 6,
      overdue: 6,
    });
  });

  it("are of the trials since a circuit was due, however far apart they are", () => {
    const counts = tally();
    const [OPENED, DUE] = [START + 1_000, START + 11_000];
    counts.begin(START);
    counts.restart(OPENED);
    counts.countTrials(DUE);
    counts.answered(START, DUE + 100, "failed"); // on its way when the circuit opened
    for (const [minute, how] of (["taken", "taken", "taken", "failed", "throttled", "not-asked"] as const).entries()) {
      const at = DUE + minute * 60_000;
      counts.begin(at);
      counts.answered(at, at + 200, how);
    }
    counts.answered(DUE, DUE + 1_500, "taken"); // too late
    counts.receipt("m1", DUE + 1_000, "delivered");
    counts.receipt("m2", DUE + 1_000, "failed");
    expect(counts.sum(DUE + 900_000)).toMatchObject({
      taken: 0,
      trials: { passed: 3, failed: 3, delivered: 1 },
    });
    counts.countTrials(DUE + 920_000);
    expect(counts.sum(DUE + 900_000).trials).toEqual({ passed: 0, failed: 0, delivered: 0 });
  });

  it("learn how long receipts take, and miss them when they do not come", () => {
    const counts = tally();
    for (let n = 0; n < 30; n++) {
      counts.awaitReceipt(`m${n}`, START + n * 100);
      counts.receipt(`m${n}`, START + n * 100 + 300, n % 3 === 0 ? "failed" : "delivered");
    }
    expect(counts.sum(START + 4_000)).toMatchObject({
      usualReceiptMs: 300,
      reported: 30,
      reportedFailed: 10,
      unreported: 0,
    });
    for (let n = 0; n < 30; n++) counts.awaitReceipt(`s${n}`, START + 4_500 + n);
    expect(counts.sum(START + 6_000).unreported).toBe(0);
    expect(counts.sum(START + 7_100).unreported).toBe(30);
    expect(counts.sum(START + 7_100, { lastReceiptAtMs: START + 6_900 }).unreported).toBe(0); // another process had one
  });

  it("know a receipt that overtakes the answer to its message", () => {
    const counts = tally();
    for (let n = 0; n < 20; n++) {
      counts.receipt(`m${n}`, START + n * 100, "delivered");
      counts.awaitReceipt(`m${n}`, START + n * 100);
    }
    expect(counts.sum(START + 2_000).usualReceiptMs).toBe(0);
  });
});

describe("an answer", () => {
  const smpp = (status: number): Outcome =>
    outcomeOf(
      [{ kind: "answered", response: { command: "submit_sm_resp", status, messageId: "", tlvs: [] } }],
      "as-is",
    );
  const smtp = (responseCode: number, response: string): Outcome =>
    outcomeOfError({ responseCode, response, command: "RCPT TO" }).outcome;
  const http = (status: number, code: number): Outcome => {
    const body = Buffer.from(JSON.stringify({ code }));
    return readAnswer(HTTP_PRESETS.twilio.send.answer, { kind: "answered", status, headers: {}, body }, "id");
  };

  it.each<[string, Outcome, string]>([
    ["a text was taken", smpp(STATUS.ESME_ROK), "taken"],
    ["there is no such number", smpp(STATUS.ESME_RINVDSTADR), "taken"],
    ["the sender is not allowed", smpp(STATUS.ESME_RINVSRCADR), "taken"],
    ["it wants nothing of us", smpp(STATUS.ESME_RX_P_APPN), "failed"],
    ["it is broken", smpp(STATUS.ESME_RSYSERR), "failed"],
    ["it is to be asked later", { kind: "unavailable", reason: "busy", retryAfterMs: 1_000 }, "throttled"],
    ["there is no such mailbox", smtp(550, "550 5.1.1 no such user"), "taken"],
    ["a mailbox is full", smtp(452, "452 4.2.2 over quota"), "taken"],
    ["it takes no mail of ours", smtp(550, "550 5.7.1 not allowed"), "failed"],
    ["there is no such number, over HTTP", http(400, 21_211), "taken"],
    ["a number is not ours, over HTTP", http(400, 21_606), "failed"],
    ["nothing, for it was not asked", { kind: "refused", reason: "cannot be made", dueTo: "us" }, "not-asked"],
    ["nothing, for our own pace", { kind: "unavailable", reason: "pace", retryAfterMs: 5, dueTo: "us" }, "not-asked"],
  ])("that %s counts for its provider as it should", (_, outcome, how) => expect(answeredBy(outcome)).toBe(how));
});

describe("a circuit", () => {
  it("is changed by the first of several processes, told to all, and kept to", async () => {
    const { app, idOf, workings, service, template, carriers } = await withService(
      await setUp({ name: "fen" }, { name: "hill" }),
    );
    const open = { ...closedCircuit(new Date()), state: "open" as const, share: 0, openings: 9 };
    expect(await changeCircuit(app.db, idOf("fen"), { from: undefined, to: open })).toBe(true);
    expect(await changeCircuit(app.db, idOf("fen"), { from: undefined, to: closedCircuit(new Date()) })).toBe(false);
    expect(await listCircuits(app.db)).toMatchObject([{ providerId: idOf("fen"), state: "open", openings: 9 }]);
    await vi.waitFor(async () => {
      const [before] = carriers.map((carrier) => carrier.counts().submits);
      await Promise.all(Array.from({ length: 10 }, () => workings.send({ service, template, to: "07700 900123" })));
      await vi.waitFor(async () => expect(await waiting(app)).toBe(0), WAIT);
      expect(carriers[0]?.counts().submits).toBe(before);
    }, WAIT);
    const [note] = await app.db.query<{ routeNote: string }>`
      select n.route_note from notifications n order by n.id desc limit 1`;
    expect(note?.routeNote).toBe("hill order -fen:open");
  });

  it("is judged by what all processes have told", async () => {
    const { app, idOf } = await setUp({ name: "fen" });
    const now = new Date();
    const [own, other] = [newRandomId(), newRandomId()];
    const counts = new ProviderTally(USUAL_HEALTH_RULES).sum(now.getTime());
    for (const processId of [own, other])
      await putTallies(app.db, {
        processId,
        now,
        tallies: [{ providerId: idOf("fen"), tally: { ...counts, taken: 10, failed: 40 } }],
      });
    expect(await listTallies(app.db, { than: own, since: new Date(now.getTime() - 1_000) })).toContainEqual(
      expect.objectContaining({ providerId: idOf("fen"), tally: expect.objectContaining({ failed: 40 }) }),
    );
    await vi.waitFor(async () => {
      expect(await listCircuits(app.db)).toMatchObject([{ state: "open", trouble: { kind: "errors", messages: 100 } }]);
    }, WAIT);
  });
});

async function withService<World extends Awaited<ReturnType<typeof setUp>>>(world: World) {
  const service = await world.service({ name: "Library" });
  return { ...world, service, template: await world.template(service, { body: "Hello" }) };
}

async function waiting({ db }: Awaited<ReturnType<typeof setUp>>["app"]): Promise<number> {
  const [row] = await db.query<{ count: number }>`select count(*) from notifications n where n.status = 'created'`;
  return row?.count ?? 0;
}

describe("a canary", () => {
  it("goes through its own provider, and when it arrived is kept; one that does not is late", async () => {
    const { app, clock, workings, idOf, carriers } = await setUp(
      { name: "fen", canaryNumbers: "+44 7700 900123" },
      { name: "hill", canaryNumbers: "07700 900456", faults: { swallowReceipts: true } },
      { name: "coast" },
    );
    await vi.waitFor(async () => {
      await workings.canaries.look();
      const found = await listLatestCanaries(app.db);
      expect(found.find(({ providerId }) => providerId === idOf("fen"))).toMatchObject({ outcome: "delivered" });
      expect(found.some(({ providerId }) => providerId === idOf("hill"))).toBe(true);
    }, WAIT);
    expect(carriers.map((carrier) => carrier.counts().submits)).toEqual([1, 1, 0]);
    clock.advance(121_000);
    await workings.canaries.look();
    const [late] = (await listLatestCanaries(app.db)).filter(({ providerId }) => providerId === idOf("hill"));
    expect(late).toMatchObject({ outcome: "late", reportedAt: undefined });
    expect(carriers.map((carrier) => carrier.counts().submits)).toEqual([1, 1, 0]); // the next is not due yet
  });

  it("is one, however many processes find that it is due", async () => {
    const { app, clock, idOf } = await setUp({ name: "hill" });
    const [now, providerId] = [clock.now(), idOf("hill")];
    const since = new Date(now.getTime() - 1_000);
    const tries = Array.from({ length: 6 }, () =>
      insertCanaryIfDue(app.db, { id: newId(now), providerId, sentAt: now }, since),
    );
    expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
  });

  it("that its provider has no room for is not sent, and is tried again", async () => {
    const { app, workings, carriers } = await setUp({
      ...{ name: "hill", canaryNumbers: "07700 900456", faults: { throttleEvery: 1 } },
    });
    await vi.waitFor(async () => {
      await workings.canaries.look();
      expect(carriers[0]?.counts().throttled).toBeGreaterThan(0);
    }, WAIT);
    expect(await listLatestCanaries(app.db)).toEqual([]);
    carriers[0]?.setFaults({ throttleEvery: 0 });
    await vi.waitFor(async () => {
      await workings.canaries.look();
      expect(await listLatestCanaries(app.db)).toMatchObject([{ outcome: "delivered" }]);
    }, WAIT);
  });

  it("that did not arrive long ago says nothing any more", async () => {
    const { app, clock, idOf } = await setUp({ name: "hill" });
    const [id, providerId, sentAt] = [newId(), idOf("hill"), clock.now()];
    const failed = (since: Date) => countFailedCanaries(app.db, [{ id: providerId, since }]);
    await insertCanaryIfDue(app.db, { id, providerId, sentAt }, sentAt);
    await endCanary(app.db, id, { outcome: "failed", code: "001", at: sentAt });
    expect(await failed(new Date(sentAt.getTime() - 1_000))).toEqual([{ providerId, failed: 1 }]);
    expect(await failed(new Date(sentAt.getTime() + 1_000))).toEqual([]);
  });

  it("that does not arrive twice opens the circuit", async () => {
    const { app, clock, workings } = await setUp({
      name: "hill",
      canaryNumbers: "07700 900456",
      faults: { swallowReceipts: true },
    });
    for (const sent of [1, 2]) {
      await vi.waitFor(async () => {
        await workings.canaries.look();
        expect(await listLatestCanaries(app.db)).toHaveLength(sent);
      }, WAIT);
      clock.advance(901_000);
    }
    await workings.canaries.look();
    await vi.waitFor(async () => {
      expect(await listCircuits(app.db)).toMatchObject([{ state: "open", trouble: { kind: "canary", messages: 2 } }]);
    }, WAIT);
  });
});
