/** Texts to one number within an hour, for services that have not said otherwise; 0: as many as they like. */
import type { Db, Tx } from "../../platform/db.ts";

export interface RepeatLimits {
  same: number;
  any: number;
}

/** Of GOV.UK Notify: beyond them networks block the number. */
export const REPEAT_LIMITS_ADVISED: RepeatLimits = { same: 20, any: 100 };
export const REPEAT_LIMIT_MAX = 1_000;

const NONE: RepeatLimits = { same: 0, any: 0 };

export async function getRepeatLimits(db: Db): Promise<RepeatLimits> {
  const [row] = await db.query<{ limits: Partial<RepeatLimits> | undefined }>`
    select d.settings -> 'repeatLimits' as limits from deployment d`;
  return { ...NONE, ...row?.limits };
}

export async function setRepeatLimits(tx: Tx, limits: RepeatLimits): Promise<void> {
  const changed = JSON.stringify({ repeatLimits: limits });
  const rows = await tx.query<{ id: string }>`
    update deployment set settings = settings || ${changed}::jsonb returning id`;
  if (rows.length === 0) throw new Error("the deployment row is missing");
}
