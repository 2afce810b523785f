/** Organisations and the people who sign in. A file never removes them. */
import { newId } from "../../platform/ids.ts";
import {
  insertOrganisation,
  listOrganisations,
  type Organisation,
  updateOrganisation,
} from "../../records/organisations/organisation-store.ts";
import { hashPassword, verifyPassword } from "../../records/users/password.ts";
import { insertUser, listUsers, type NewUser, type User, updateUser } from "../../records/users/user-store.ts";
import type { DeclaredOrganisation, DeclaredUser } from "./declaration.ts";
import { keptSecret, type Noun, reconcile, said, secretWord } from "./reconcile.ts";
import type { Run } from "./run.ts";

export async function applyOrganisations(run: Run, wanted: readonly DeclaredOrganisation[]): Promise<void> {
  const noun: Noun<DeclaredOrganisation, Organisation> = {
    kind: "organisation",
    nameOf: ({ name }) => name,
    idOf: ({ id }) => id,
    placeOf: ({ at }) => at,
    fieldsOf: ({ name }) => ({ name }),
    wishesOf: ({ name }) => ({ name }),
    insert: ({ id = newId(), name }) => insertOrganisation(run.tx, { id, name }),
    update: (current, { name }) => updateOrganisation(run.tx, { ...current, name }),
  };
  await reconcile(run, noun, { wanted, current: await listOrganisations(run.tx) });
}

/** What is to be kept of a user's password: undefined when the file gives none, or the one they have. */
interface Wish {
  declared: DeclaredUser;
  newHash: string | undefined;
}

export async function applyUsers(run: Run, declared: readonly DeclaredUser[]): Promise<void> {
  const current = await listUsers(run.tx);
  const wanted: Wish[] = [];
  for (const user of declared) wanted.push({ declared: user, newHash: await newHashOf(user, current) });
  await reconcile(run, userNoun(run), { wanted, current });
}

async function newHashOf(declared: DeclaredUser, users: readonly User[]): Promise<string | undefined> {
  if (declared.password === undefined) return undefined;
  const user = users.find(
    ({ id, emailAddress }) => id === declared.id || emailAddress.toLowerCase() === declared.email.toLowerCase(),
  );
  const isKept = user?.passwordHash && (await verifyPassword(user.passwordHash, declared.password));
  return isKept ? undefined : hashPassword(declared.password);
}

function userNoun(run: Run): Noun<Wish, User> {
  const merged = ({ declared, newHash }: Wish, user: NewUser): NewUser => ({
    ...user,
    ...recordOf(declared),
    ...said({ passwordHash: newHash }),
  });
  return {
    kind: "user",
    nameOf: (thing) => ("declared" in thing ? thing.declared.email : thing.emailAddress).toLowerCase(),
    idOf: (thing) => ("declared" in thing ? thing.declared.id : thing.id),
    placeOf: ({ declared }) => declared.at,
    fieldsOf: ({ name, emailAddress, mobileNumber, isPlatformAdmin, passwordHash }) => ({
      name,
      emailAddress,
      mobileNumber,
      isPlatformAdmin,
      password: passwordHash && keptSecret,
    }),
    wishesOf: ({ declared, newHash }, user) => ({
      ...recordOf(declared),
      password: secretWord(newHash, user?.passwordHash),
    }),
    insert: (wish) => insertUser(run.tx, merged(wish, newUserOf(wish.declared))),
    update: (user, wish) => updateUser(run.tx, merged(wish, user)),
  };
}

/** Someone whom the file does not name is named by their address. */
function newUserOf({ id = newId(), email }: DeclaredUser): NewUser {
  return {
    id,
    name: email,
    emailAddress: email,
    mobileNumber: undefined,
    isPlatformAdmin: false,
    passwordHash: undefined,
  };
}

function recordOf({ name, email, mobile, platform_admin }: DeclaredUser) {
  return said({ name, emailAddress: email, mobileNumber: mobile, isPlatformAdmin: platform_admin });
}
