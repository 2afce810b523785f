/** Letters that are ready to be printed, made without setting anything on paper: their PDF is a word. */
import { keepPdf } from "../../src/flow/letters/letter-files.ts";
import { seal } from "../../src/platform/sealing.ts";
import { insertLetters, recordReady, sealedLetterAddress } from "../../src/records/letters/letter-store.ts";
import type { Notification } from "../../src/records/notifications/notification.ts";
import type { KeyKind, Service } from "../../src/records/services/service.ts";
import type { World } from "./world.ts";

export interface LetterWish {
  createdAt?: Date;
  keyKind?: KeyKind;
  status?: string;
  pages?: number;
}

const ADDRESS = ["Ada Lovelace", "12 St James’s Square", "SW1Y 4JH"];

/** A letter whose PDF is kept and counted. */
export async function readyLetter(world: World, service: Service, wish: LetterWish = {}): Promise<Notification> {
  const { keyKind = "live", status = "created", pages = 1, createdAt } = wish;
  const template = await world.template(service, { channel: "letter", postage: "second" });
  const notification = await world.notification(service, {
    ...{ template, keyKind, status, personalisation: { address_line_1: "Ada Lovelace" } },
    ...(createdAt ? { createdAt } : {}),
  });
  const { id } = notification;
  await world.app.db.query`update notifications set channel = 'letter' where id = ${id}`;
  const kept = await keepPdf(world.app.blobs, service, { id, createdAt: notification.createdAt, pdf: pdfOf(id) });
  const sealedAddress = seal({ key: service.dataKey, belongsTo: sealedLetterAddress(id) }, ADDRESS.join("\n"));
  await world.app.db.transaction(async (tx) => {
    const letter = { notificationId: id, serviceId: service.id, postage: "second", sealedAddress } as const;
    await insertLetters(tx, [{ ...letter, isPrecompiled: false, storedAs: undefined }]);
    await recordReady(tx, { ...letter, ...kept, isInternational: false, pages, sheets: Math.ceil(pages / 2) });
  });
  return notification;
}

/** What stands for a letter's PDF. */
export function pdfOf(id: string): Buffer {
  return Buffer.from(`%PDF of ${id}`);
}
