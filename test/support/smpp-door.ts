/** The door for customers' systems with a small world behind it, and the workings that send what comes in. */
import { createIntake } from "../../src/flow/intake/create-intake.ts";
import { createSmppAccount } from "../../src/flow/keys/smpp-accounts.ts";
import type { KeyKind, Service } from "../../src/records/services/service.ts";
import { type SmppTerms, USUAL_TERMS } from "../../src/records/smpp-accounts/smpp-account.ts";
import { type SmppDoor, type SmppDoorOptions, startSmppDoor } from "../../src/servers/smpp/smpp-door.ts";
import type { World } from "./world.ts";

const MAKER = { userId: "somebody@example.org", ip: undefined };

export interface Account {
  id: string;
  systemId: string;
  password: string;
}

let accounts = 0;

/** An account of a service, with the usual terms but for those that are named. */
export async function makeAccount(
  world: World,
  service: Service,
  { kind = "live", ...terms }: Partial<SmppTerms> & { kind?: KeyKind } = {},
): Promise<Account> {
  accounts += 1;
  const form = { systemId: `system-${accounts}`, kind, terms: { ...USUAL_TERMS, ...terms } };
  return createSmppAccount(world.app, MAKER, { service, form });
}

export function openDoor(world: World, tls?: SmppDoorOptions["tls"]): Promise<SmppDoor> {
  return startSmppDoor({ intake: createIntake(world.app), host: "127.0.0.1", port: 0, tls });
}
