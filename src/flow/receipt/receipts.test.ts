import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorld, type World, type WorldService } from "../../../test/support/world.ts";
import receiptCases from "../../../test/vectors/provider-receipts.json" with { type: "json" };
import { HTTP_PRESETS } from "../../providers/http/presets.ts";
import { readReceipts } from "../../providers/http/read-reports.ts";
import type { Receipt } from "../../providers/provider.ts";
import { insertAwaitedReceipts } from "../../records/notifications/awaited-receipt-store.ts";
import { listEvents } from "../../records/notifications/event-store.ts";
import { CALLBACK_QUEUE, EARLY_RECEIPT_QUEUE } from "../jobs.ts";
import { createReceipts, type Receipts } from "./receipts.ts";

let world: World;
let service: WorldService;
let receipts: Receipts;
beforeAll(async () => {
  world = await createWorld();
  service = await world.service({ callbacks: { "delivery-receipt": "https://example.org/receipts" } });
  receipts = createReceipts(world.app, undefined);
});
afterAll(() => world.close());

const sent = (status: string) => world.notification(service, { status, sentAt: new Date(), provider: "acme" });
const report = (reference: string, wish: Partial<Receipt> = {}) =>
  receipts.take({ provider: "acme", receipt: { reference, status: "delivered", ...wish } });

async function jobsOf(queue: string): Promise<number> {
  const [row] = await world.app.db.query<{ count: number }>`select count(*) from jobs where queue = ${queue}`;
  return row?.count ?? 0;
}

/** A supplier's report as it comes over HTTP. */
function supplierReport(one: (typeof receiptCases)[number], reference: string): Receipt {
  const fields = one.provider === "mmg" ? { CID: reference, ...given(one) } : { reference, ...given(one) };
  const isJson = one.provider === "mmg";
  const body = Buffer.from(isJson ? JSON.stringify(fields) : new URLSearchParams(fields).toString());
  const preset = isJson ? HTTP_PRESETS.mmg : HTTP_PRESETS.firetext;
  const read = readReceipts(preset, {}, { headers: { "content-type": "application/json" }, query: {}, body });
  const [receipt] = read.kind === "news" ? read.news : [];
  if (!receipt) throw new Error("no receipt was read");
  return receipt;
}

function given({
  status,
  substatus,
  code,
}: {
  status: string;
  substatus?: string;
  code?: string | null;
}): Record<string, string> {
  return { status, ...(substatus ? { substatus } : {}), ...(code ? { code } : {}) };
}

describe("a supplier's report", () => {
  it.each(receiptCases)("of $provider: status $status, code $code on a text that is $current_status", async (one) => {
    const notification = await sent(one.current_status);
    const callbacks = await jobsOf(CALLBACK_QUEUE);
    await receipts.take({ provider: one.provider, receipt: supplierReport(one as never, notification.id) });
    expect((await world.latest(notification)).status).toBe(one.new_status);
    expect((await jobsOf(CALLBACK_QUEUE)) - callbacks).toBe(one.callback_sent ? 1 : 0);
  });
});

describe("a report", () => {
  it("moves the notification its id stands for, keeps the carrier's code and forgets the id", async () => {
    const notification = await sent("sending");
    await world.app.db.transaction((tx) =>
      insertAwaitedReceipts(tx, "acme", [{ messageId: "a1", notificationId: notification.id, parts: 1 }]),
    );
    await report("a1", { status: "temporary-failure", code: "UNDELIV/027" });
    expect(await world.latest(notification)).toMatchObject({
      status: "temporary-failure",
      reportedCode: "UNDELIV/027",
    });
    const left = await world.app.db.query`select from awaited_receipts where message_id = 'a1'`;
    expect(left).toEqual([]);
  });

  it("that comes a second time changes nothing and tells nobody", async () => {
    const notification = await sent("sending");
    await report(notification.id);
    const before = await world.latest(notification);
    const callbacks = await jobsOf(CALLBACK_QUEUE);
    await report(notification.id);
    await report(notification.id, { status: "permanent-failure" });
    expect(await world.latest(notification)).toEqual(before);
    expect(await jobsOf(CALLBACK_QUEUE)).toBe(callbacks);
  });

  it("that contradicts the end of a notification is kept for its timeline", async () => {
    const notification = await sent("delivered");
    await report(notification.id, { status: "permanent-failure", code: "5.1.1" });
    expect(await listEvents(world.app.db, notification.id)).toMatchObject([{ kind: "late-receipt", code: "5.1.1" }]);
  });

  it("on a message nobody knows yet is kept until it is known", async () => {
    await report("not-yet-known");
    expect(await jobsOf(EARLY_RECEIPT_QUEUE)).toBe(1);
  });

  it.each([
    [["delivered", "delivered"], "delivered"],
    [["delivered"], "sending"],
    [["delivered", "permanent-failure"], "permanent-failure"],
    [["permanent-failure", "delivered"], "permanent-failure"],
  ] as const)("on the parts of a text, %j of two, makes it %s", async (reports, expected) => {
    const notification = await sent("sending");
    const awaited = ["first", "second"].map((part) => ({
      messageId: `${part} ${notification.id}`,
      notificationId: notification.id,
      parts: 2,
    }));
    await world.app.db.transaction((tx) => insertAwaitedReceipts(tx, "acme", awaited));
    await Promise.all(reports.map((status, i) => report(awaited[i]?.messageId ?? "", { status })));
    expect((await world.latest(notification)).status).toBe(expected);
  });

  it("on parts that comes in two batches waits for the last part", async () => {
    const notification = await sent("sending");
    const awaited = ["first", "second"].map((part) => ({
      messageId: `${part} ${notification.id}`,
      notificationId: notification.id,
      parts: 2,
    }));
    await world.app.db.transaction((tx) => insertAwaitedReceipts(tx, "acme", awaited));
    for (const { messageId } of awaited) await report(messageId);
    expect((await world.latest(notification)).status).toBe("delivered");
  });

  it("from a country whose networks report nothing true leaves the text sent", async () => {
    const notification = await world.notification(service, { to: "+1 202 555 0123", status: "sent" });
    await report(notification.id);
    expect((await world.latest(notification)).status).toBe("sent");
  });
});
