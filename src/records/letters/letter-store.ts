/** Letters, as the database keeps them. */

import type { Postage } from "../../core/letter/postage.ts";
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";
import type { Letter, NewLetter } from "./letter.ts";

const COLUMNS = sqlConstant(`
  l.notification_id, l.service_id, l.is_precompiled, l.postage, l.sealed_address, l.pages, l.sheets, l.reason_code, l.reason_pages,
  l.stored_as, l.pdf_bytes, l.pdf_sha256, l.awaits_print, l.print_run_id, l.handed_over_at, l.despatched_at, l.returned_at`);

/** Where a letter's address is sealed to. */
export const sealedLetterAddress = (id: string) => `letters.address:${id}`;
/** Where a letter's PDF is sealed to. */
export const sealedLetterPdf = (id: string) => `letters.pdf:${id}`;

type ReadyAtOnce = NonNullable<NewLetter["ready"]>;

export async function insertLetters(tx: Tx, rows: readonly NewLetter[]): Promise<void> {
  if (rows.length === 0) return;
  const column = <Key extends keyof NewLetter>(key: Key) => rows.map((row) => row[key] ?? null);
  const ready = <Key extends keyof ReadyAtOnce>(key: Key) => rows.map((row) => row.ready?.[key] ?? null);
  await tx.query`
    insert into letters (notification_id, service_id, is_precompiled, postage, sealed_address, stored_as, pages, sheets, pdf_bytes,
      pdf_sha256, awaits_print)
    select l.notification_id, l.service_id, l.is_precompiled, l.postage, l.sealed_address, l.stored_as, l.pages, l.sheets, l.pdf_bytes,
      l.pdf_sha256, l.pages is not null
    from unnest(
      ${column("notificationId")}::uuid[], ${column("serviceId")}::uuid[], ${column("isPrecompiled")}::boolean[],
      ${column("postage")}::text[], ${column("sealedAddress")}::bytea[], ${column("storedAs")}::text[], ${ready("pages")}::integer[],
      ${ready("sheets")}::integer[], ${ready("pdfBytes")}::integer[], ${ready("pdfSha256")}::bytea[]
    ) as l (notification_id, service_id, is_precompiled, postage, sealed_address, stored_as, pages, sheets, pdf_bytes, pdf_sha256)`;
}

export async function findLetter(db: Db, notificationId: string): Promise<Letter | undefined> {
  const [letter] = await db.query<Letter>`
    select ${COLUMNS} from letters l where l.notification_id = ${notificationId}`;
  return letter;
}

/** Those of the given notifications that are letters. */
export function listLetters(db: Db, notificationIds: readonly string[]): Promise<Letter[]> {
  return db.query<Letter>`
    select ${COLUMNS} from letters l where l.notification_id = any(${notificationIds}::uuid[])`;
}

/** Held until the transaction ends, so that a letter is not cancelled while it is taken to print. */
export async function lockLetter(tx: Tx, notificationId: string): Promise<Letter | undefined> {
  const [letter] = await tx.query<Letter>`
    select ${COLUMNS} from letters l where l.notification_id = ${notificationId} for update`;
  return letter;
}

export interface ReadyLetter {
  notificationId: string;
  postage: Postage;
  sealedAddress: Buffer;
  isInternational: boolean;
  pages: number;
  sheets: number;
  storedAs: string;
  pdfBytes: number;
  pdfSha256: Buffer;
}

/** The letter's PDF is kept and has been counted: it can be printed, unless it was taken back meanwhile. */
export async function recordReady(tx: Tx, ready: ReadyLetter): Promise<void> {
  await tx.query`
    update letters set postage = ${ready.postage}, sealed_address = ${ready.sealedAddress}, pages = ${ready.pages},
      sheets = ${ready.sheets}, stored_as = ${ready.storedAs}, pdf_bytes = ${ready.pdfBytes}, pdf_sha256 = ${ready.pdfSha256},
      awaits_print = exists (select from notifications n where n.id = letters.notification_id and n.status in ('created', 'sending'))
    where notification_id = ${ready.notificationId}`;
  await tx.query`
    update notifications set fragments = ${ready.sheets}, is_international = ${ready.isInternational}
    where id = ${ready.notificationId}`;
}

export interface RejectedLetter {
  notificationId: string;
  reasonCode: string;
  reasonPages: readonly number[];
  pages: number | undefined;
  /** Undefined where what there is stays. */
  storedAs: string | undefined;
}

/** The letter is not printed, and why. */
export async function recordRejected(tx: Tx, rejected: RejectedLetter): Promise<void> {
  await tx.query`
    update letters set reason_code = ${rejected.reasonCode}, reason_pages = ${rejected.reasonPages}, pages = ${rejected.pages ?? null},
      stored_as = coalesce(${rejected.storedAs ?? null}, stored_as), awaits_print = false
    where notification_id = ${rejected.notificationId}`;
}

/** It will not be printed after all. */
export async function stopAwaitingPrint(tx: Tx, notificationId: string): Promise<void> {
  await tx.query`update letters set awaits_print = false where notification_id = ${notificationId}`;
}

export async function recordDespatched(tx: Tx, notificationIds: readonly string[], at: Date): Promise<void> {
  await tx.query`
    update letters set despatched_at = coalesce(despatched_at, ${at}) where notification_id = any(${notificationIds}::uuid[])`;
}

export async function recordReturned(tx: Tx, notificationIds: readonly string[], at: Date): Promise<void> {
  await tx.query`
    update letters set returned_at = coalesce(returned_at, ${at}) where notification_id = any(${notificationIds}::uuid[])`;
}
