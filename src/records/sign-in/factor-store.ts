/** What besides the password a user signs in with. */
import type { Db, Tx } from "../../platform/db.ts";

export type StoredFactorKind = "text" | "email-link" | "app";
export type FactorKind = StoredFactorKind | "passkey" | "recovery-code";

export const sealedAppSecret = (userId: string) => `second_factors:${userId}`;

export interface AppFactor {
  sealedSecret: Buffer;
  lastTimeStep: number | undefined;
}

/** The factors that have been shown to work. Recovery codes only stand in for another, so alone they are none. */
export async function listFactors(db: Db, userId: string): Promise<FactorKind[]> {
  const rows = await db.query<{ kind: FactorKind }>`
    select f.kind from second_factors f where f.user_id = ${userId}
    union select 'passkey' from passkeys p where p.user_id = ${userId}
    order by kind`;
  const factors = rows.map(({ kind }) => kind);
  if (factors.length === 0) return [];
  const [codes] = await db.query<{ left: number }>`
    select count(*) as left from recovery_codes r where r.user_id = ${userId} and r.used_at is null`;
  return codes && codes.left > 0 ? [...factors, "recovery-code"] : factors;
}

export async function insertFactor(
  tx: Tx,
  { userId, kind, now }: { userId: string; kind: Exclude<StoredFactorKind, "app">; now: Date },
): Promise<void> {
  await tx.query`
    insert into second_factors (user_id, kind, created_at) values (${userId}, ${kind}, ${now})
    on conflict (user_id, kind) do nothing`;
}

/** Whether there was one. */
export async function deleteFactor(tx: Tx, userId: string, kind: StoredFactorKind): Promise<boolean> {
  const rows = await tx.query<{ kind: string }>`
    delete from second_factors where user_id = ${userId} and kind = ${kind} returning kind`;
  return rows.length > 0;
}

/** Every one, passkeys and recovery codes as well. */
export async function deleteSecondFactors(tx: Tx, userId: string): Promise<void> {
  await tx.query`delete from second_factors where user_id = ${userId}`;
  await tx.query`delete from passkeys where user_id = ${userId}`;
  await tx.query`delete from recovery_codes where user_id = ${userId}`;
}

export async function findAppFactor(db: Db, userId: string): Promise<AppFactor | undefined> {
  const [factor] = await db.query<AppFactor>`
    select f.sealed_secret, f.last_time_step from second_factors f where f.user_id = ${userId} and f.kind = 'app'`;
  return factor;
}

export async function putAppFactor(
  tx: Tx,
  factor: { userId: string; sealedSecret: Buffer; timeStep: number; now: Date },
): Promise<void> {
  const { userId, sealedSecret, timeStep, now } = factor;
  await tx.query`
    insert into second_factors (user_id, kind, sealed_secret, last_time_step, created_at)
    values (${userId}, 'app', ${sealedSecret}, ${timeStep}, ${now})
    on conflict (user_id, kind) do update set sealed_secret = excluded.sealed_secret,
      last_time_step = excluded.last_time_step, created_at = excluded.created_at`;
}

/** Each time step opens once: false when this one, or a later one, has. */
export async function useTimeStep(tx: Tx, userId: string, timeStep: number): Promise<boolean> {
  const rows = await tx.query<{ kind: string }>`
    update second_factors set last_time_step = ${timeStep}
    where user_id = ${userId} and kind = 'app' and coalesce(last_time_step, -1) < ${timeStep}::bigint returning kind`;
  return rows.length > 0;
}
