/** Which texts have been answered. */
import type { Db } from "../../platform/db.ts";

export interface AnswerQuestion {
  /** Of the text's notification: ids are made in their order, so what came after it has a later one. */
  id: string;
  serviceId: string;
  /** The blind index of whom it went to. */
  senderIndex: Buffer;
  /** Whom it came from, as its service knows the number. */
  notifyNumber: string;
}

/** The ids of those to which somebody wrote back with more than a STOP, START or HELP. */
export async function findAnswered(db: Db, questions: readonly AnswerQuestion[]): Promise<string[]> {
  const column = <Key extends keyof AnswerQuestion>(key: Key) => questions.map((question) => question[key]);
  const rows = await db.query<{ id: string }>`
    select q.id from unnest(
      ${column("id")}::uuid[], ${column("serviceId")}::uuid[], ${column("senderIndex")}::bytea[], ${column("notifyNumber")}::text[]
    ) as q (id, service_id, sender_index, notify_number)
    where exists (
      select from inbound_messages m
      where m.service_id = q.service_id and m.sender_index = q.sender_index and m.id > q.id and m.notify_number = q.notify_number
        and m.asked is null)`;
  return rows.map(({ id }) => id);
}
