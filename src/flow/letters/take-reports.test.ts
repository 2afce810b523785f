import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWorld, type World, type WorldService } from "../../../test/support/world.ts";
import { newId } from "../../platform/ids.ts";
import { listLetters } from "../../records/letters/letter-store.ts";
import { listEvents } from "../../records/notifications/event-store.ts";
import type { Notification } from "../../records/notifications/notification.ts";
import { CALLBACK_QUEUE } from "../jobs.ts";
import { takeLetterReports } from "./take-reports.ts";

let world: World;
let service: WorldService;
beforeEach(async () => {
  world = await createWorld();
  service = await world.service({ callbacks: { "returned-letter": "https://example.org/returned" } });
});
afterEach(() => world.close());

/** A letter as it is when its printer has it. */
async function letter(status: string, isInRun = true): Promise<Notification> {
  const { db, clock } = world.app;
  const notification = await world.notification(service, { status });
  const runId = newId();
  await db.query`update notifications set channel = 'letter' where id = ${notification.id}`;
  await db.query`
    insert into print_runs (id, provider, cut_off_at, letters, created_at)
    values (${runId}, 'printer', ${clock.now()}, 1, ${clock.now()})`;
  await db.query`
    insert into letters (notification_id, service_id, is_precompiled, postage, print_run_id)
    values (${notification.id}, ${service.id}, false, 'second', ${isInRun ? runId : null})`;
  return notification;
}

const report = (status: "despatched" | "rejected" | "returned", of: Notification, code?: string) =>
  takeLetterReports(world.app, "printer", [{ notificationId: of.id, status, ...(code ? { code } : {}) }]);
const statusOf = async (of: Notification) => (await world.latest(of)).status;

describe("a printer's report", () => {
  it.each([
    ["created", "despatched", "delivered"],
    ["sending", "despatched", "delivered"],
    ["sending", "rejected", "technical-failure"],
    ["sending", "returned", "returned-letter"],
    ["delivered", "returned", "returned-letter"],
    ["delivered", "rejected", "delivered"],
    ["technical-failure", "despatched", "technical-failure"],
    ["cancelled", "despatched", "cancelled"],
    ["validation-failed", "rejected", "validation-failed"],
    ["returned-letter", "despatched", "returned-letter"],
    ["returned-letter", "returned", "returned-letter"],
  ] as const)("finds a letter %s, says %s, and leaves it %s", async (status, said, expected) => {
    const one = await letter(status);
    await report(said, one);
    expect(await statusOf(one)).toBe(expected);
  });

  it("on a letter that no printer has is not believed", async () => {
    const one = await letter("created", false);
    await report("despatched", one);
    expect(await statusOf(one)).toBe("created");
  });

  it("on a text is not believed", async () => {
    const text = await world.notification(service, { status: "sending" });
    await report("rejected", text);
    expect(await statusOf(text)).toBe("sending");
  });

  it("is kept with its moment and the printer's words", async () => {
    const one = await letter("sending");
    await report("despatched", one, "TRAY 4");
    await report("despatched", one, "AGAIN");
    expect(await listEvents(world.app.db, one.id)).toMatchObject([
      { kind: "receipt", provider: "printer", reason: "delivered", code: "TRAY 4" },
    ]);
    const [kept] = await listLetters(world.app.db, [one.id]);
    expect([kept?.despatchedAt, kept?.returnedAt]).toEqual([expect.any(Date), undefined]);
  });

  it("may tell of despatch and return in one breath, in any order", async () => {
    const one = await letter("sending");
    await takeLetterReports(world.app, "printer", [
      { notificationId: one.id, status: "returned" },
      { notificationId: one.id, status: "despatched" },
    ]);
    expect(await statusOf(one)).toBe("returned-letter");
    const [kept] = await listLetters(world.app.db, [one.id]);
    expect([kept?.despatchedAt, kept?.returnedAt]).toEqual([expect.any(Date), expect.any(Date)]);
  });

  it("of a return is told to the service once", async () => {
    const one = await letter("delivered");
    await report("returned", one);
    await report("returned", one);
    const jobs = await world.app.db.query<{ payload: unknown }>`
      select j.payload from jobs j where j.queue = ${CALLBACK_QUEUE}`;
    expect(jobs).toMatchObject([{ payload: { kind: "returned-letter", subjectId: one.id, serviceId: service.id } }]);
  });
});
