/** One person reached by several steps: taken one after the other, stopped by what reaches them, and told as one result. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startCallbackWorker } from "../../src/flow/callback/callback-worker.ts";
import { receiveChat } from "../../src/flow/inbound/receive-chat.ts";
import { receiveText } from "../../src/flow/inbound/receive-text.ts";
import type { Intake } from "../../src/flow/intake/accept.ts";
import { REACH_QUEUE } from "../../src/flow/jobs.ts";
import { sealCallbackUrl as sealed } from "../../src/flow/reach/reach-wish.ts";
import { startReaches } from "../../src/flow/reach/reach-worker.ts";
import { deleteOldReaches } from "../../src/flow/upkeep/tidy.ts";
import { createOutbound } from "../../src/platform/http.ts";
import { newRandomId } from "../../src/platform/ids.ts";
import { setChatPrices } from "../../src/records/deployment/chat-prices.ts";
import { findOrMakeDeployment } from "../../src/records/deployment/deployment-store.ts";
import { insertEvents } from "../../src/records/notifications/event-store.ts";
import { intakeOf } from "../support/api.ts";
import { errorOf, type ReachStage, stageOfReaches } from "../support/reach-stage.ts";
import { startReceiver } from "../support/receiver.ts";

const WAIT = { timeout: 30_000, interval: 20 };
const DAY_MS = 86_400_000;
const DIGITS = "447700900123";

let stage: ReachStage;

beforeAll(async () => {
  stage = await stageOfReaches();
});
afterAll(() => stage.close());

describe("the next step", () => {
  it("is taken when the wait is over, and what arrives of the first one still counts", async () => {
    const { id } = await stage.begun({ steps: [stage.text(), stage.email()] });
    await stage.look();
    stage.world.clock.advance(590_000);
    await stage.look();
    expect(await stage.statesOf(id)).toEqual(["under-way", "waiting"]);
    stage.world.clock.advance(11_000);
    await stage.look({}, 2);
    expect(await stage.statesOf(id)).toEqual(["under-way", "under-way"]);
    await stage.becomes(id, "delivered");
    await stage.look();
    expect(await stage.read(id)).toMatchObject({ status: "reached", reached_step: 1, reached_by: "delivered" });
  });

  it("is taken at once where one has failed, or was refused when its turn came, and the reach says why", async () => {
    const other = { phone_number: "07700 900777" };
    const failing = await stage.begun({ steps: [stage.text(), stage.email()] });
    const { id } = await stage.begun({ steps: [stage.text(other), stage.email()] });
    expect(
      (await stage.api.post("/v2/suppressions", { ...other, reason: "asked-to-stop" }, { as: stage.service })).status,
    ).toBe(201);
    await stage.look({}, 2);
    const { steps } = await stage.read(id);
    expect(steps).toMatchObject([
      {
        state: "passed-over",
        reason: "refused",
        message: expect.stringContaining("Can’t send to this number"),
        cost: null,
      },
      { state: "under-way", reason: null },
    ]);
    await stage.becomes(failing.id, "permanent-failure");
    await stage.look({}, 2);
    expect(await stage.statesOf(failing.id)).toEqual(["failed", "under-way"]);
    await stage.becomes(failing.id, "permanent-failure", 2);
    await stage.look();
    expect(await stage.read(failing.id)).toMatchObject({
      status: "not-reached",
      reason: "no-steps-left",
      reached_step: null,
    });
  });

  it("is left out where it costs more than is left, and a letter counts as the dearest it can be", async () => {
    const address = { address_line_1: "Ada", address_line_2: "1 High Street", postcode: "SW1A 1AA" };
    const steps = [stage.text(), stage.letter({ personalisation: address, wait_seconds: 60 }), stage.email()];
    const { id } = await stage.begun({ steps, most_cost: 0.5 });
    await stage.look();
    await stage.becomes(id, "permanent-failure");
    await stage.look({}, 3);
    const after = await stage.read(id);
    expect(after.steps).toMatchObject([
      { state: "failed", cost: 0.024 },
      { state: "passed-over", reason: "cost", message: "It may cost £0.91, which is more than is left" },
      { state: "under-way", cost: 0 },
    ]);
    expect([after.cost, after.most_cost]).toEqual([0.024, 0.5]);
    const rich = await stage.begun({ steps, most_cost: 1 });
    await stage.look();
    await stage.becomes(rich.id, "permanent-failure");
    await stage.look({}, 2);
    expect((await stage.read(rich.id)).steps[1]).toMatchObject({
      state: "under-way",
      cost: 0.91,
      notification: { status: "accepted" },
    });
  });

  it("is not taken after the deadline, and nothing that waits is sent after it", async () => {
    const { id } = await stage.begun({ steps: [stage.text(), stage.email()], deadline: 300 });
    await stage.look();
    stage.world.clock.advance(301_000);
    await stage.look();
    expect(await stage.read(id)).toMatchObject({ status: "not-reached", reason: "deadline", reached_step: null });
    expect(await stage.statesOf(id)).toEqual(["failed", "not-needed"]);
    expect(await stage.world.latest({ id: await stage.notificationOf(id) })).toMatchObject({ status: "cancelled" });
  });

  it("is not taken with a key that was revoked meanwhile", async () => {
    const own = await stage.world.service();
    const { templateId: template_id } = await stage.world.template(own, { channel: "email" });
    const { id } = await stage.begun({ steps: [stage.email({ template_id })] }, { as: own });
    await stage.world.app.db
      .query`update api_keys set revoked_at = now() where service_id = ${own.id} and kind = 'live'`;
    await stage.world.reload(own);
    await stage.look({}, 2);
    const [row] = await stage.world.app.db.query<{ status: string; words: string }>`
      select r.status, s.passed_over_words as words from reaches r join reach_steps s on s.reach_id = r.id where r.id = ${id}`;
    expect(row).toEqual({ status: "not-reached", words: "The API key it was asked for with has been revoked" });
  });
});

describe("a step", () => {
  async function messagesOf(id: string): Promise<number> {
    const rows = await stage.world.app.db.query`select n.id from notifications n where n.reference = ${id}`;
    return rows.length;
  }

  it("is taken once, however many look at once", async () => {
    const reference = "raced";
    const { id } = await stage.begun({ reference, steps: [stage.text(), stage.email()] });
    const board = gate(2);
    const intakes = [1, 2].map(() => intakeOf(stage.world.app));
    const workers = await Promise.all(intakes.map((intake) => startReaches({ ...intake, flights: board(intake) })));
    // One leases it; then its lease has ended, and the other does.
    await vi.waitFor(async () => {
      await stage.world.wakeJobs(REACH_QUEUE);
      for (const worker of workers) worker.wake();
      expect(await stage.statesOf(id)).toEqual(["under-way", "waiting"]);
    }, WAIT);
    await Promise.all(workers.map((worker) => worker.stop()));
    expect(await messagesOf(reference)).toBe(1);
  });

  /** Flights that leave once so many passengers wait for them. */
  function gate(size: number) {
    const waiting: (() => void)[] = [];
    return ({ flights }: Intake): Intake["flights"] => ({
      board: async (passenger) => {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          if (waiting.length >= size) for (const go of waiting) go();
        });
        return flights.board(passenger);
      },
    });
  }

  it("goes once, whether or not whoever took it lived to hear of it", async () => {
    const reference = "crashed";
    const { id } = await stage.begun({ reference, steps: [stage.text(), stage.email()] });
    const { flights } = intakeOf(stage.world.app);
    const dies: Intake["flights"]["board"] = async (passenger) => {
      await flights.board(passenger);
      throw new Error("the process ended");
    };
    await stage.look({ flights: { board: dies } });
    await stage.look();
    expect([await messagesOf(reference), await stage.statesOf(id)]).toEqual([1, ["under-way", "waiting"]]);
  });

  it("that cannot be taken at the moment is taken later", async () => {
    const reference = "away";
    const { id } = await stage.begun({ reference, steps: [stage.text(), stage.email()] });
    await stage.look({ flights: { board: () => Promise.reject(new Error("away")) } });
    expect([await messagesOf(reference), await stage.statesOf(id)]).toEqual([0, ["waiting", "waiting"]]);
    await stage.look();
    expect([await messagesOf(reference), await stage.statesOf(id)]).toEqual([1, ["under-way", "waiting"]]);
  });

  it("of one that ends in that moment does not go", async () => {
    const reference = "cancelled meanwhile";
    const { id } = await stage.begun({ reference, steps: [stage.text(), stage.email()] });
    const { flights } = intakeOf(stage.world.app);
    const board: Intake["flights"]["board"] = async (passenger) => {
      await stage.act(id, "cancellation");
      return flights.board(passenger);
    };
    await stage.look({ flights: { board } });
    expect([await messagesOf(reference), (await stage.read(id)).status]).toEqual([0, "cancelled"]);
  });

  it("to a simulated recipient reaches it, and sends nothing", async () => {
    const reference = "simulated";
    const { id } = await stage.begun({
      reference,
      steps: [stage.email({ email_address: "simulate-delivered@notifications.service.gov.uk" })],
    });
    await stage.look({}, 2);
    expect(await stage.read(id)).toMatchObject({
      status: "reached",
      reached_by: "delivered",
      steps: [{ notification: null }],
    });
    expect(await messagesOf(reference)).toBe(0);
  });
});

describe("what reaches somebody", () => {
  const write = (message: string, reference: string) =>
    receiveText(stage.world.app, "mmg", { from: DIGITS, to: "447700900500", text: message, reference } as never);

  it("is an answer to the text, where that was asked for; a STOP is none", async () => {
    await write("before", "a-0");
    const { id } = await stage.begun({ steps: [stage.text({ until: "answered" }), stage.email()] });
    await stage.look();
    await stage.becomes(id, "delivered");
    await write("Stop", "a-1");
    await stage.look();
    expect((await stage.read(id)).status).toBe("working");
    await write("I am on my way", "a-2");
    await stage.look();
    expect(await stage.read(id)).toMatchObject({ status: "reached", reached_step: 1, reached_by: "answered" });
  });

  it("is a chat message that its app says was seen, or that was answered in the app", async () => {
    const { db } = stage.world.app;
    await findOrMakeDeployment(db, { id: newRandomId(), masterKeyFingerprint: "test" });
    await db.transaction((tx) => setChatPrices(tx, { whatsapp: "0.05" }));
    stage.world.app.prices.forget();
    const { id } = await stage.begun({ steps: [stage.chat({ until: "seen", wait_seconds: 60 }), stage.email()] });
    await stage.look();
    await stage.becomes(id, "delivered");
    await stage.look();
    expect(await stage.read(id)).toMatchObject({ status: "working", cost: 0.05, steps: [{ channel: "chat" }, {}] });
    const notificationId = await stage.notificationOf(id);
    await db.transaction((tx) => insertEvents(tx, [{ notificationId, kind: "seen" }]));
    await stage.look();
    expect(await stage.read(id)).toMatchObject({ status: "reached", reached_step: 1, reached_by: "seen" });
    const asked = await stage.begun({ steps: [stage.chat({ until: "answered" })] });
    await stage.look();
    await db.query`update notifications set provider = 'wa', status = 'sending' where id = ${await stage.notificationOf(asked.id)}`;
    const written = { app: "whatsapp", from: DIGITS } as const;
    const receive = (text: string, reference: string) =>
      receiveChat(stage.world.app, { provider: "wa", serviceId: stage.service.id }, { ...written, text, reference });
    await receive("/stop", "wamid.1");
    await stage.look();
    expect((await stage.read(asked.id)).status).toBe("working");
    await receive("On my way", "wamid.2");
    await stage.look();
    expect(await stage.read(asked.id)).toMatchObject({ status: "reached", reached_by: "answered" });
  });

  it("is what whoever asked for it says, and what waits to be sent is taken back", async () => {
    const { id } = await stage.begun({
      steps: [stage.text({ until: "confirmed", phone_number: "07700 900124" }), stage.email()],
    });
    await stage.look();
    const confirmed = await stage.act(id, "confirmation");
    expect(confirmed.json).toMatchObject({ status: "reached", reached_step: 1, reached_by: "confirmed" });
    expect((await stage.act(id, "confirmation")).json).toEqual(confirmed.json);
    expect(errorOf(await stage.act(id, "cancellation"))).toEqual([
      400,
      { error: "BadRequestError", message: "Reach cannot be cancelled: it has ended as reached" },
    ]);
    const [row] = await stage.world.app.db.query<object>`select r.sealed_wish from reaches r where r.id = ${id}`;
    expect(row).toEqual({ sealedWish: undefined });
  });

  it("is nothing any more once it is cancelled", async () => {
    const { id } = await stage.begun({ steps: [stage.email()] });
    await stage.look();
    expect((await stage.act(id, "cancellation")).json).toMatchObject({
      status: "cancelled",
      steps: [{ state: "failed" }],
    });
    expect((await stage.act(id, "cancellation")).status).toBe(200);
    expect(await stage.world.latest({ id: await stage.notificationOf(id) })).toMatchObject({ status: "cancelled" });
    expect(errorOf(await stage.act(id, "confirmation"))[1].message).toBe(
      "Reach cannot be confirmed: it has ended as cancelled",
    );
  });
});

describe("the result", () => {
  it("is told once: at the reach's own address, or to the endpoints that want results", async () => {
    const receiver = await startReceiver();
    const own = await stage.world.service({ callbacks: { reach: `${receiver.url}/results` } });
    const { templateId: template_id } = await stage.world.template(own, { channel: "email" });
    const steps = [stage.email({ template_id })];
    const there = await stage.begun({ steps, reference: "told" }, { as: own });
    const elsewhere = await stage.begun({ steps }, { as: own });
    await stage.world.app.db
      .query`update reaches set sealed_callback_url = ${sealed(own, elsewhere.id, `${receiver.url}/own`)} where id = ${elsewhere.id}`;
    for (const { id } of [there, elsewhere]) await stage.act(id, "confirmation", { as: own });
    const outbound = createOutbound({ allowedNetworks: stage.world.app.callbackNetworks });
    const worker = await startCallbackWorker({ app: stage.world.app, outbound });
    await vi.waitFor(() => expect(receiver.received).toHaveLength(2), WAIT);
    await worker.stop();
    await Promise.all([outbound.close(), receiver.close()]);
    const bodyAt = (path: string) => JSON.parse(receiver.received.find((one) => one.path === path)?.body ?? "{}");
    const { uri: _, ...answer } = (await stage.api.get(`/v2/reach/${there.id}`, { as: own })).json;
    expect(bodyAt("/results")).toEqual(answer);
    expect(bodyAt("/own")).toMatchObject({ id: elsewhere.id, status: "reached" });
    for (const { headers } of receiver.received) expect(headers).toHaveProperty("webhook-signature");
  });

  it("is kept as long as its service keeps messages", async () => {
    const { id } = await stage.begun({ steps: [stage.email()] });
    await stage.act(id, "cancellation");
    const later = {
      ...stage.world.app,
      clock: { now: () => new Date(stage.world.clock.now().getTime() + 7 * DAY_MS) },
    };
    await deleteOldReaches(later);
    expect((await stage.read(id)).status).toBe("cancelled");
    await deleteOldReaches({
      ...later,
      clock: { now: () => new Date(stage.world.clock.now().getTime() + 9 * DAY_MS) },
    });
    expect((await stage.api.get(`/v2/reach/${id}`, { as: stage.service })).status).toBe(404);
  });
});
