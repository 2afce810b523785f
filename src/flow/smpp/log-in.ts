/** Whether a system may bind. Who may not is not told why, and whoever guesses is slowed down. */
import { isInNetworks, networkOfHost } from "../../platform/http/networks.ts";
import { createTurns } from "../../platform/turns.ts";
import { findSmppLogIn, noteSmppBind } from "../../records/smpp-accounts/smpp-account-store.ts";
import { countTry, isThrottled } from "../../records/throttles/throttle-store.ts";
import { hashPassword, verifyPassword } from "../../records/users/password.ts";
import type { App } from "../app.ts";
import { throttleKey } from "../people/secrets.ts";
import { type Customer, findCustomer } from "./customer.ts";

/** Only failures count: a system that binds again and again with the right password is welcome. */
const FAILURES_PER_ADDRESS = { triesMax: 20, windowSeconds: 15 * 60 };
/** Many addresses may guess at one account. Where its system last bound from, it can bind all the same. */
const FAILURES_PER_ACCOUNT = { triesMax: 100, windowSeconds: 15 * 60 };
/** Passwords that are hashed at once, by the whole process: a failure is counted after its hash, and each costs memory and a core. */
const HASHES_AT_ONCE_MAX = 4;
const turns = createTurns(HASHES_AT_ONCE_MAX);

type Door = Pick<App, "db" | "clock" | "keys" | "services">;

export interface LogIn {
  systemId: string;
  password: string;
  /** The address it comes from. */
  address: string;
}

/** Undefined: it may not, for whatever reason. */
export function logIn(door: Door, attempt: LogIn): Promise<Customer | undefined> {
  return turns.take(() => logInNow(door, attempt));
}

async function logInNow(door: Door, { systemId, password, address }: LogIn): Promise<Customer | undefined> {
  const now = door.clock.now();
  const byAddress = {
    ...FAILURES_PER_ADDRESS,
    key: throttleKey(door.keys, "smpp-address", networkOfHost(address)),
    now,
  };
  const byAccount = { ...FAILURES_PER_ACCOUNT, key: throttleKey(door.keys, "smpp-account", systemId), now };
  if (await isThrottled(door.db, byAddress)) return undefined;
  const kept = await findSmppLogIn(door.db, systemId);
  const customer = kept && (await findCustomer(door, { serviceId: kept.serviceId, accountId: kept.id }));
  const isGuessedAt = kept?.lastBoundFrom !== address && (await isThrottled(door.db, byAccount));
  const isRight = await verifyPassword(kept?.passwordHash ?? (await hashOfNobody()), password);
  const mayComeFrom = customer !== undefined && isAllowedFrom(customer, address);
  if (customer && mayComeFrom && isRight && !isGuessedAt) {
    await noteSmppBind(door.db, { accountId: customer.account.id, at: now, from: address });
    return customer;
  }
  await countTry(door.db, byAddress);
  // Guesses from where the account may not be used lead nowhere, and must not lock its own system out.
  if (mayComeFrom && !isRight) await countTry(door.db, byAccount);
  return undefined;
}

export function isAllowedFrom({ account }: Customer, address: string): boolean {
  return account.allowedNetworks.length === 0 || isInNetworks(address, account.allowedNetworks);
}

/** So that a system id which nobody has takes as long to refuse as a wrong password. */
let ofNobody: Promise<string> | undefined;

function hashOfNobody(): Promise<string> {
  ofNobody ??= hashPassword("a password that nobody has");
  return ofNobody;
}
