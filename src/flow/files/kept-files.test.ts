import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorld, type World, type WorldService } from "../../../test/support/world.ts";
import { blobKeyOf, type NewDocument } from "../../records/documents/document.ts";
import { listDocumentsOf } from "../../records/documents/document-page-store.ts";
import { listDocumentKeys } from "../../records/documents/document-store.ts";
import { cancelScheduled } from "../intake/cancel-scheduled.ts";
import { DISPATCH_QUEUES } from "../jobs.ts";
import { deletePastFiles } from "../upkeep/past-documents.ts";
import { setBlocked } from "./block-document.ts";
import { keepFiles, sealFile } from "./keep-file.ts";
import { followFileLink } from "./read-document.ts";

const DAY_MS = 86_400_000;
const actor = { userId: "00000000-0000-4000-8000-000000000001", ip: undefined };

let world: World;
let service: WorldService;
beforeAll(async () => {
  world = await createWorld();
  service = await world.service();
});
afterAll(() => world.close());

interface Sent {
  document: NewDocument;
  notificationId: string;
  link: Parameters<typeof followFileLink>[1];
}

async function sentFile(weeks = 1, scheduledFor?: Date): Promise<Sent> {
  const notification = await world.notification(service, {
    channel: "email",
    ...(scheduledFor ? { scheduledFor } : {}),
  });
  const goesWith = { notificationId: notification.id, placeholder: "link" };
  const file = { bytes: Buffer.from("hello"), filename: "a.txt", extension: "txt", mimeType: "text/plain" } as const;
  const sealed = sealFile(world.app, file, { service, goesWith, recipientHash: undefined, weeks });
  await keepFiles(world.app, [sealed]);
  const { document, key } = sealed;
  return { document, notificationId: notification.id, link: { serviceId: service.id, id: document.id, key } };
}

describe("a file past its last day", () => {
  it("is removed by the housekeeping, which leaves others, and is known for another year", async () => {
    const [past, lasting] = [await sentFile(1), await sentFile(2)];
    world.clock.advance(9 * DAY_MS);
    expect(await deletePastFiles(world.app)).toEqual({ files: 1, records: 0 });
    expect(await world.app.blobs.find(blobKeyOf(past.document.id))).toBeUndefined();
    expect(await followFileLink(world.app, past.link)).toMatchObject({ kind: "expired" });
    expect(await followFileLink(world.app, lasting.link)).toMatchObject({ kind: "open" });
    const [row] = await world.app.db.query`
      select d.sealed_details, d.sealed_key, d.recipient_hash from documents d where d.id = ${past.document.id}`;
    expect(row).toEqual({ sealedDetails: undefined, sealedKey: undefined, recipientHash: undefined });
    world.clock.advance(366 * DAY_MS);
    expect(await deletePastFiles(world.app)).toEqual({ files: 1, records: 1 });
    expect(await followFileLink(world.app, past.link)).toMatchObject({ kind: "missing" });
    world.clock.advance(-375 * DAY_MS);
  });
});

describe("a file that its service blocks", () => {
  it("is not given until it is allowed again, and both are in the audit log", async () => {
    const { document, notificationId, link } = await sentFile();
    const set = (isBlocked: boolean, of = document.id) =>
      setBlocked(world.app, actor, { serviceId: service.id, notificationId, id: of, isBlocked });
    expect(await set(true)).toBe("link");
    await set(true);
    expect(await followFileLink(world.app, link)).toMatchObject({ kind: "blocked" });
    await set(false);
    expect(await followFileLink(world.app, link)).toMatchObject({ kind: "open" });
    const deeds = await world.app.db.query<{ action: string }>`
      select l.action from audit_log l where l.subject = ${document.id} order by l.id`;
    expect(deeds.map(({ action }) => action)).toEqual(["file.blocked", "file.unblocked"]);
  });

  it("is one of the message that was named, of this service", async () => {
    const [one, other] = [await sentFile(), await sentFile()];
    const wish = { serviceId: service.id, notificationId: one.notificationId, id: other.document.id, isBlocked: true };
    await expect(setBlocked(world.app, actor, wish)).rejects.toMatchObject({ kind: "not-found" });
    const stranger = await world.service();
    const theirs = { ...wish, serviceId: stranger.id, id: one.document.id };
    await expect(setBlocked(world.app, actor, theirs)).rejects.toMatchObject({ kind: "not-found" });
    expect(await listDocumentsOf(world.app.db, stranger.id, one.notificationId)).toEqual([]);
  });
});

describe("the key of a file", () => {
  it("is kept while its email waits, and gone when that is cancelled", async () => {
    const { document, notificationId } = await sentFile(1, new Date(world.clock.now().getTime() + DAY_MS));
    expect([...(await listDocumentKeys(world.app.db, [notificationId])).keys()]).toEqual([document.id]);
    await world.app.db.query`
      insert into jobs (id, queue, lane, turn) values (${notificationId}, ${DISPATCH_QUEUES.email}, 0, 1)`;
    await cancelScheduled(world.app, await world.latest({ id: notificationId }));
    expect(await listDocumentKeys(world.app.db, [notificationId])).toEqual(new Map());
  });
});
