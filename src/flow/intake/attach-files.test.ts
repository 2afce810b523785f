import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWorld, type World, type WorldService } from "../../../test/support/world.ts";
import { Refusal } from "../../core/refusal.ts";
import { blobKeyOf } from "../../records/documents/document.ts";
import { findDocument } from "../../records/documents/document-store.ts";
import { keepFiles, type SealedFile, sealFile } from "../files/keep-file.ts";
import { deleteUnclaimedFiles } from "../upkeep/past-documents.ts";
import { NO_FILES, withFiles } from "./attach-files.ts";

const HOUR_MS = 3_600_000;
const FILE = { bytes: Buffer.from("a,b\n1,2\n"), filename: "a.csv", extension: "csv", mimeType: "text/csv" } as const;

let world: World;
let service: WorldService;
beforeEach(async () => {
  world = await createWorld();
  service = await world.service({});
});
afterEach(() => world.close());

async function fileFor(notificationId: string = randomUUID()): Promise<SealedFile> {
  const goesWith = { notificationId, placeholder: "report" };
  return sealFile(world.app, FILE, { service, goesWith, recipientHash: undefined, weeks: 1 });
}

async function isKept({ document }: SealedFile): Promise<[row: boolean, file: boolean]> {
  const [row, file] = await Promise.all([
    findDocument(world.app.db, service.id, document.id),
    world.app.blobs.find(blobKeyOf(document.id)),
  ]);
  return [row !== undefined, file !== undefined];
}

describe("the files of a message", () => {
  it.each([
    ["is accepted", undefined, [true, true]],
    ["is refused", new Refusal("limit-reached", "enough"), [false, false]],
    ["may have been accepted, while the database went away", new Refusal("unavailable", "later"), [true, true]],
    ["fails in a way nobody expected", new Error("broken"), [true, true]],
  ])("that %s are kept or go with it", async (_, problem, kept) => {
    const file = await fileFor();
    const accepting = withFiles(world.app, { ...NO_FILES, sealed: [file] }, async () => {
      if (problem) throw problem;
    });
    if (problem) await expect(accepting).rejects.toBe(problem);
    else await accepting;
    expect(await isKept(file)).toEqual(kept);
  });

  it("that there is not are taken away after an hour, and those of one that waits are not", async () => {
    const waiting = await world.notification(service, { channel: "email" });
    const files = [await fileFor(), await fileFor(waiting.id)] as const;
    await keepFiles(world.app, files);
    expect(await deleteUnclaimedFiles(world.app)).toEqual({ files: 0 });
    world.clock.advance(2 * HOUR_MS);
    expect(await deleteUnclaimedFiles(world.app)).toEqual({ files: 1 });
    expect(await isKept(files[0])).toEqual([false, false]);
    expect(await isKept(files[1])).toEqual([true, true]);
  });
});
