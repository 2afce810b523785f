import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pdfOf, readyLetter } from "../../../test/support/ready-letters.ts";
import { createWorld, type World, type WorldService } from "../../../test/support/world.ts";
import { newId } from "../../platform/ids.ts";
import { findLetter } from "../../records/letters/letter-store.ts";
import { LETTER_QUEUE, PRINT_RUN_QUEUE } from "../jobs.ts";
import { keepAttachment } from "../letters/letter-attachments.ts";
import { keepPdf, letterFileKey } from "../letters/letter-files.ts";
import { deletePastLetters, deletePastUploads, deleteUnclaimedPages, requeueStuckLetters } from "./letters.ts";

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

describe("deleteUnclaimedPages", () => {
  const keep = async (createdAt: Date) => {
    const id = newId(createdAt);
    return (await keepPdf(world.app.blobs, service, { id, createdAt, pdf: pdfOf(id) })).storedAs;
  };

  it("deletes PDFs of letters that were never committed, and no others", async () => {
    const orphans = [await keep(hoursAgo(2)), await keep(hoursAgo(5 * 24))];
    const underWay = await keep(hoursAgo(0.5));
    const letter = letterFileKey(await readyLetter(world, service, { createdAt: hoursAgo(2) }));
    expect(await deleteUnclaimedPages(world.app)).toEqual({ pdfs: 2, pages: 0 });
    for (const key of orphans) expect(await world.app.blobs.find(key)).toBeUndefined();
    for (const key of [underWay, letter]) expect(await world.app.blobs.find(key)).toBeDefined();
    expect(await deleteUnclaimedPages(world.app)).toEqual({ pdfs: 0, pages: 0 });
  });

  it("deletes attached pages that no template came to have, and no others", async () => {
    const file = { fileName: "terms.pdf", pages: 1, pdf: Buffer.from("%PDF") };
    const [attached, orphan] = [
      await keepAttachment(world.app, service, file),
      await keepAttachment(world.app, service, file),
    ];
    const { templateId } = await world.template(service, { channel: "letter" });
    await world.app.db
      .query`update template_versions set attachment_id = ${attached.id} where template_id = ${templateId}`;
    expect(await deleteUnclaimedPages(world.app)).toEqual({ pdfs: 0, pages: 0 });
    await world.app.db.query`update letter_attachments set created_at = ${hoursAgo(2)}`;
    expect(await deleteUnclaimedPages(world.app)).toEqual({ pdfs: 0, pages: 1 });
    expect(await world.app.blobs.find(orphan.storedAs)).toBeUndefined();
    expect(await world.app.blobs.find(attached.storedAs)).toBeDefined();
  });
});

describe("deletePastLetters", () => {
  it("deletes a PDF that was kept without its row's knowledge", async () => {
    const past = await readyLetter(world, service);
    await world.app.db.query`update letters set stored_as = null where notification_id = ${past.id}`;
    await world.app.db.query`delete from notifications where id = ${past.id}`;
    await deletePastLetters(world.app);
    expect(await world.app.blobs.find(letterFileKey(past))).toBeUndefined();
  });

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

describe("deletePastUploads", () => {
  it("deletes what nobody has sent within a week, with its PDF", async () => {
    const keep = async (uploadedAt: Date) => {
      const id = newId();
      await world.app.blobs.put(`letter-uploads/${id}.pdf`, Buffer.from("sealed"));
      await world.app.db.query`
        insert into letter_uploads (id, service_id, uploaded_by_name, sealed_details, pages, stored_as, uploaded_at)
        values (${id}, ${service.id}, 'Sam', ${Buffer.from("sealed")}, 1, ${`letter-uploads/${id}.pdf`}, ${uploadedAt})`;
      return id;
    };
    const [past, fresh] = [await keep(hoursAgo(7 * 24 + 1)), await keep(hoursAgo(7 * 24 - 1))];
    expect(await deletePastUploads(world.app)).toEqual({ uploads: 1 });
    expect(await world.app.db.query`select u.id from letter_uploads u`).toEqual([{ id: fresh }]);
    expect(await world.app.blobs.find(`letter-uploads/${past}.pdf`)).toBeUndefined();
    expect(await world.app.blobs.find(`letter-uploads/${fresh}.pdf`)).toBeDefined();
  });
});
