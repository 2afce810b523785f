import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readyLetter } from "../../../test/support/ready-letters.ts";
import { createWorld, type World, type WorldService } from "../../../test/support/world.ts";
import { newId, newRandomId } from "../../platform/ids.ts";
import { findLetter } from "../../records/letters/letter-store.ts";
import { insertPrintRun } from "../../records/letters/print-run-store.ts";
import { listDailyTotals } from "../../records/limits/daily-total-store.ts";
import { listEvents } from "../../records/notifications/event-store.ts";
import { makePartitionsAround } from "../../records/partitions/partition-store.ts";
import { cancelLetter, cancellableUntil } from "./cancel-letter.ts";

const TOO_LATE = /too late to cancel/;
/** In winter, so that clocks show UTC. */
const MORNING = new Date("2025-12-01T10:00:00Z");
const BEFORE_CUT_OFF = new Date("2025-12-01T17:29:59Z");
const CUT_OFF = new Date("2025-12-01T17:30:00Z");

let world: World;
let service: WorldService;
let now: Date;
beforeEach(async () => {
  now = MORNING;
  world = await createWorld({ clock: { now: () => now } });
  await makePartitionsAround(world.app.db, new Date()); // Events are dated by the real clock.
  service = await world.service();
  await world.app.db.query`
    insert into daily_totals (service_id, kind, day, total, ceiling) values (${service.id}, 'letter', '2025-12-01', 5, 10)`;
});
afterEach(() => world.close());

const actor = { userId: newRandomId(), ip: undefined };
const cancel = (notificationId: string) => cancelLetter(world.app, actor, { serviceId: service.id, notificationId });
const counted = async () => (await listDailyTotals(world.app.db, service.id, "2025-12-01"))[0]?.total;

describe("cancelling a letter", () => {
  it("takes it back until the cut-off, and gives back what it counted for", async () => {
    const letter = await readyLetter(world, service, { createdAt: MORNING });
    expect(await cancellableUntil(world.app, await world.latest(letter))).toEqual({ until: CUT_OFF, isHeld: false });
    now = BEFORE_CUT_OFF;
    await cancel(letter.id);
    expect((await world.latest(letter)).status).toBe("cancelled");
    expect(await findLetter(world.app.db, letter.id)).toMatchObject({ awaitsPrint: false });
    expect(await listEvents(world.app.db, letter.id)).toMatchObject([{ kind: "cancelled" }]);
    expect(await counted()).toBe(4);
    await cancel(letter.id);
    expect(await counted()).toBe(4);
    expect(await cancellableUntil(world.app, await world.latest(letter))).toBeUndefined();
  });

  it("takes back one that has yet to be scanned", async () => {
    const letter = await readyLetter(world, service, { createdAt: MORNING, status: "pending-virus-check" });
    await cancel(letter.id);
    expect((await world.latest(letter)).status).toBe("cancelled");
  });

  it.each(["sending", "delivered", "validation-failed", "technical-failure"])(
    "is refused for one that is %s",
    async (status) => {
      const letter = await readyLetter(world, service, { createdAt: MORNING, status });
      await expect(cancel(letter.id)).rejects.toThrow(TOO_LATE);
      expect(await counted()).toBe(5);
    },
  );

  it("is refused from the cut-off on", async () => {
    const letter = await readyLetter(world, service, { createdAt: MORNING });
    now = CUT_OFF;
    await expect(cancel(letter.id)).rejects.toThrow(TOO_LATE);
  });

  it("takes back alone one that is held past the cut-off, and gives back what it counted for, until it is released", async () => {
    const letters = [
      await readyLetter(world, service, { createdAt: MORNING }),
      await readyLetter(world, service, { createdAt: MORNING }),
    ];
    const [held, released] = letters.map(({ id }) => id);
    const until = new Date("2025-12-02T10:00:00Z");
    for (const { id, templateId } of letters)
      await world.app.db.query`
        insert into held_messages (notification_id, service_id, template_id, channel, cost, held_for, expires_at)
        values (${id}, ${service.id}, ${templateId}, 'letter', 0, 'content-rule', ${until})`;
    now = CUT_OFF;
    expect(await cancellableUntil(world.app, await world.latest({ id: held ?? "" }))).toEqual({ until, isHeld: true });
    await cancel(held ?? "");
    expect([(await world.latest({ id: held ?? "" })).status, await counted()]).toEqual(["cancelled", 4]);
    await world.app.db.query`delete from held_messages`;
    await expect(cancel(released ?? "")).rejects.toThrow(TOO_LATE);
  });

  it("is refused once the letter is in a print run", async () => {
    const letter = await readyLetter(world, service, { createdAt: MORNING });
    const run = { id: newId(), provider: "printer", cutOffAt: now, createdAt: now };
    await world.app.db.transaction((tx) => insertPrintRun(tx, run, [letter.id]));
    await expect(cancel(letter.id)).rejects.toThrow(TOO_LATE);
  });

  it("on another day gives nothing back", async () => {
    now = new Date("2025-12-02T09:00:00Z");
    const letter = await readyLetter(world, service, { createdAt: new Date("2025-12-01T18:00:00Z") });
    await cancel(letter.id);
    expect(await counted()).toBe(5);
  });

  it("does not find another service's letter, nor a text", async () => {
    const other = await world.service();
    const letter = await readyLetter(world, other, { createdAt: MORNING });
    const text = await world.notification(service);
    for (const { id } of [letter, text]) await expect(cancel(id)).rejects.toThrow("There is no such letter");
  });
});
