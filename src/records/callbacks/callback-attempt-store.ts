/** Every attempt to tell a service something, for its log of callbacks. */
import type { Tx } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import type { CallbackKind } from "../services/service.ts";

export interface CallbackAttempt {
  /** Undefined when the notification named an address of its own. */
  callbackId: string | undefined;
  serviceId: string;
  /** The notification or received text it told about. */
  subjectId: string;
  kind: CallbackKind;
  /** 1 is the first. */
  attempt: number;
  outcome: "delivered" | "to-be-retried" | "given-up";
  httpStatus: number | undefined;
  /** In plain words, when there was no answer. */
  problem: string | undefined;
  durationMs: number;
}

export async function insertCallbackAttempts(tx: Tx, attempts: readonly CallbackAttempt[]): Promise<void> {
  if (attempts.length === 0) return;
  const column = <Key extends keyof CallbackAttempt>(key: Key) => attempts.map((attempt) => attempt[key] ?? null);
  await tx.query`
    insert into callback_attempts (id, callback_id, service_id, subject_id, kind, attempt, outcome, http_status, problem, duration_ms)
    select a.id, a.callback_id, a.service_id, a.subject_id, a.kind, a.attempt, a.outcome, a.http_status, a.problem, a.duration_ms
    from unnest(
      ${attempts.map(() => newId())}::uuid[], ${column("callbackId")}::uuid[], ${column("serviceId")}::uuid[],
      ${column("subjectId")}::uuid[], ${column("kind")}::text[], ${column("attempt")}::smallint[], ${column("outcome")}::text[],
      ${column("httpStatus")}::smallint[], ${column("problem")}::text[], ${column("durationMs")}::integer[]
    ) as a (id, callback_id, service_id, subject_id, kind, attempt, outcome, http_status, problem, duration_ms)`;
}
