/** SMPP accounts, as the database keeps them. */
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";
import type { ListedSmppAccount, SmppAccount, SmppTerms } from "./smpp-account.ts";

const ACCOUNTS_MAX = 100;
/** Beyond this nobody counts what waits. */
const WAITING_COUNTED_MAX = 10_000;

export const SYSTEM_ID_CONSTRAINT = "smpp_accounts_in_use";

const COLUMNS = sqlConstant(`
  a.id, a.system_id, a.kind, a.allowed_networks, a.binds_max, a.window_max, a.rate_per_second, a.takes_replies, a.default_alphabet,
  a.created_at, a.revoked_at, a.last_bound_at, a.last_bound_from,
  (select count(*) from (
    select 1 from smpp_deliveries d where d.account_id = a.id limit ${WAITING_COUNTED_MAX}) as counted) as waiting`);

/** Those in use, by system id. */
export function listSmppAccounts(db: Db, serviceId: string): Promise<ListedSmppAccount[]> {
  return db.query<ListedSmppAccount>`
    select ${COLUMNS} from smpp_accounts a
    where a.service_id = ${serviceId} and a.revoked_at is null order by a.system_id limit ${ACCOUNTS_MAX}`;
}

/** Whether or not it is in use. */
export async function findSmppAccount(db: Db, serviceId: string, id: string): Promise<ListedSmppAccount | undefined> {
  const [account] = await db.query<ListedSmppAccount>`
    select ${COLUMNS} from smpp_accounts a where a.id = ${id} and a.service_id = ${serviceId}`;
  return account;
}

/** What a bind is judged by. */
export interface SmppLogIn {
  id: string;
  serviceId: string;
  passwordHash: string;
  /** Where the last bind came from. */
  lastBoundFrom: string | undefined;
}

export async function findSmppLogIn(db: Db, systemId: string): Promise<SmppLogIn | undefined> {
  const [logIn] = await db.query<SmppLogIn>`
    select a.id, a.service_id, a.password_hash, a.last_bound_from
    from smpp_accounts a where a.system_id = ${systemId} and a.revoked_at is null`;
  return logIn;
}

export interface NewSmppAccount extends SmppAccount {
  serviceId: string;
  passwordHash: string;
  createdBy: string;
}

export async function insertSmppAccount(tx: Tx, account: NewSmppAccount): Promise<void> {
  await tx.query`
    insert into smpp_accounts (id, service_id, system_id, password_hash, kind, allowed_networks, binds_max, window_max,
      rate_per_second, takes_replies, default_alphabet, created_by)
    values (${account.id}, ${account.serviceId}, ${account.systemId}, ${account.passwordHash}, ${account.kind},
      ${account.allowedNetworks}::text[], ${account.bindsMax}, ${account.windowMax}, ${account.ratePerSecond},
      ${account.takesReplies}, ${account.defaultAlphabet}, ${account.createdBy})`;
}

export async function updateSmppTerms(tx: Tx, id: string, terms: SmppTerms): Promise<void> {
  await tx.query`
    update smpp_accounts set allowed_networks = ${terms.allowedNetworks}::text[], binds_max = ${terms.bindsMax},
      window_max = ${terms.windowMax}, rate_per_second = ${terms.ratePerSecond}, takes_replies = ${terms.takesReplies},
      default_alphabet = ${terms.defaultAlphabet}
    where id = ${id}`;
}

export async function updateSmppPassword(tx: Tx, id: string, passwordHash: string): Promise<void> {
  await tx.query`update smpp_accounts set password_hash = ${passwordHash} where id = ${id}`;
}

/** Nobody can bind with it from now on; what it sent is still known to be its. What waited for it goes. */
export async function revokeSmppAccount(tx: Tx, id: string): Promise<void> {
  await tx.query`update smpp_accounts set revoked_at = now() where id = ${id} and revoked_at is null`;
  await tx.query`delete from smpp_deliveries where account_id = ${id}`;
}

export async function noteSmppBind(db: Db, bind: { accountId: string; at: Date; from: string }): Promise<void> {
  await db.query`
    update smpp_accounts set last_bound_at = ${bind.at}, last_bound_from = ${bind.from} where id = ${bind.accountId}`;
}
