import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readyLetter } from "../../../test/support/ready-letters.ts";
import { createWorld, type World, type WorldService } from "../../../test/support/world.ts";
import { newId } from "../../platform/ids.ts";
import { findLetter } from "../../records/letters/letter-store.ts";
import { LETTER_QUEUE, PRINT_RUN_QUEUE } from "../jobs.ts";
import { letterFileKey } from "../letters/letter-files.ts";
import { deletePastLetters, requeueStuckLetters } from "./letters.ts";

const HOUR_MS = 3_600_000;

let world: World;
let service: WorldService;
beforeEach(async () => {
  world = await createWorld();
  service = await world.service();
});
afterEach(() => world.close());

const hoursAgo = (hours: number) => new Date(world.clock.now().getTime() - hours * HOUR_MS);
async function queued(queue: string): Promise<string[]> {
  const jobs = await world.app.db.query<{ id: string }>`select j.id from jobs j where j.queue = ${queue}`;
  return jobs.map(({ id }) => id);
}

describe("requeueStuckLetters", () => {
  it("puts back what should have been set on paper an hour ago and waits in no queue", async () => {
    const stuck = await readyLetter(world, service, { createdAt: hoursAgo(2) });
    const fresh = await readyLetter(world, service);
    const failed = await readyLetter(world, service, { createdAt: hoursAgo(2), status: "technical-failure" });
    await readyLetter(world, service, { createdAt: hoursAgo(2) });
    for (const { id } of [stuck, fresh, failed])
      await world.app.db.query`update letters set pages = null, awaits_print = false where notification_id = ${id}`;
    expect(await requeueStuckLetters(world.app)).toEqual({ letters: 1, runs: 0 });
    expect(await queued(LETTER_QUEUE)).toEqual([stuck.id]);
    expect(await requeueStuckLetters(world.app)).toEqual({ letters: 0, runs: 0 });
  });

  it("puts back a print run that nobody works on", async () => {
    const id = newId();
    await world.app.db.query`
      insert into print_runs (id, provider, cut_off_at, letters, created_at)
      values (${id}, 'printer', now(), 1, ${hoursAgo(2)}), (${newId()}, 'printer', now(), 1, ${hoursAgo(0.5)})`;
    expect(await requeueStuckLetters(world.app)).toEqual({ letters: 0, runs: 1 });
    expect(await queued(PRINT_RUN_QUEUE)).toEqual([id]);
  });
});

describe("deletePastLetters", () => {
  it("deletes the PDF and the row of letters that are past their retention, and no others", async () => {
    const past = await readyLetter(world, service);
    const kept = await readyLetter(world, service);
    await world.app.db.query`delete from notifications where id = ${past.id}`;
    expect(await deletePastLetters(world.app)).toEqual({ letters: 1, runs: 0 });
    expect(await findLetter(world.app.db, past.id)).toBeUndefined();
    expect(await world.app.blobs.find(letterFileKey(past))).toBeUndefined();
    expect(await world.app.blobs.find(letterFileKey(kept))).toBeDefined();
    expect(await deletePastLetters(world.app)).toEqual({ letters: 0, runs: 0 });
  });
});
