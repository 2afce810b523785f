/**
 * The admin web with people who have passwords, and the messages that Pennypost writes to them.
 *
 *     const { world, admin, signedIn, codeTo } = await startAdminWithPeople();
 *     const person = await signedIn(await world.user());
 */
import { vi } from "vitest";
import type { User } from "../../src/records/users/user-store.ts";
import { type Person, startAdmin, type TestAdmin } from "./admin.ts";
import { PATIENCE } from "./patience.ts";
import { createPeopleWorld, PASSWORD, type PeopleWorld } from "./people.ts";

export interface AdminWithPeople {
  world: PeopleWorld;
  admin: TestAdmin;
  /** By their password alone. */
  signedIn(user: User): Promise<Person>;
  /** The code in the latest text to a number, once it is there; the post goes out after the answer. */
  codeTo(number: string): Promise<string>;
  /** The path of the link in the latest email to an address that begins with `path`. */
  linkTo(address: string, path: string): Promise<string>;
  close(): Promise<void>;
}

export async function startAdminWithPeople(): Promise<AdminWithPeople> {
  const world = await createPeopleWorld();
  const admin = await startAdmin(world.app);
  return {
    world,
    admin,
    signedIn: async ({ emailAddress }) => {
      const person = admin.stranger();
      await person.post("/sign-in", { emailAddress, password: PASSWORD });
      return person;
    },
    codeTo: (number) => found(world, number, /\b(\d{5})\b/),
    linkTo: (address, path) => found(world, address, new RegExp(`(${path}/[\\w-]{43})\\b`)),
    close: async () => {
      await admin.close();
      await world.close();
    },
  };
}

function found(world: PeopleWorld, recipient: string, pattern: RegExp): Promise<string> {
  return vi.waitFor(async () => {
    const mails = await world.mailTo(recipient);
    const match = mails.map(({ body }) => pattern.exec(body)?.[1]).find((text) => text !== undefined);
    if (match === undefined) throw new Error(`none of ${mails.length} messages has it`);
    return match;
  }, PATIENCE);
}
