/** Whom a service may write to, by which numbers it hears from them, and who works in it. */
import { deleteGuest, type Guest, insertGuest, listGuests } from "../../records/guest-list/guest-list-store.ts";
import {
  deleteInboundNumber,
  type InboundNumber,
  insertInboundNumber,
  listInboundNumbers,
  updateInboundNumber,
} from "../../records/inbound-numbers/inbound-number-store.ts";
import {
  deleteMember,
  insertMember,
  listMembers,
  type Member,
  updateMember,
} from "../../records/services/member-store.ts";
import { findUserByEmail } from "../../records/users/user-store.ts";
import type { DeclaredService } from "./declaration.ts";
import { refuseAt } from "./read.ts";
import { type Noun, reconcile, said } from "./reconcile.ts";
import type { Owner, Run } from "./run.ts";

type Part<Name extends keyof DeclaredService> =
  NonNullable<DeclaredService[Name]> extends readonly (infer Item)[] ? Item : never;

const about = (kind: string, { serviceId, name }: Owner) => ({ kind, serviceId, owner: ` of ${name}` });

/** Recipients are personal: what was added or removed is counted, not named. */
export async function applyGuests(run: Run, owner: Owner, wanted: readonly Guest[] | undefined): Promise<void> {
  if (!wanted) return;
  const current = await listGuests(run.tx, owner);
  const isIn = (guests: readonly Guest[]) => (guest: Guest) =>
    guests.some(({ normalised }) => normalised === guest.normalised);
  const added = [...new Map(wanted.map((guest) => [guest.normalised, guest])).values()].filter(
    (guest) => !isIn(current)(guest),
  );
  const removed = run.prunes ? current.filter((guest) => !isIn(wanted)(guest)) : [];
  for (const guest of removed) await deleteGuest(run.tx, owner, guest);
  for (const guest of added) await insertGuest(run.tx, owner, guest);
  if (added.length + removed.length === 0) {
    run.unchanged.count += 1;
    return;
  }
  run.changes.push({
    action: "updated",
    kind: "guest list",
    name: `of ${owner.name}`,
    serviceId: owner.serviceId,
    before: { guests: current.length },
    after: { guests: current.length + added.length - removed.length },
  });
}

export async function applyInboundNumbers(
  run: Run,
  owner: Owner,
  wanted: DeclaredService["inbound_numbers"],
): Promise<void> {
  if (!wanted) return;
  const noun: Noun<Part<"inbound_numbers">, InboundNumber> = {
    ...about("inbound number", owner),
    nameOf: ({ number }) => number,
    placeOf: ({ at }) => at,
    fieldsOf: ({ isActive }) => ({ isActive }),
    wishesOf: ({ active }) => ({ isActive: active }),
    insert: ({ number, active = true }) => insertInboundNumber(run.tx, owner.serviceId, { number, isActive: active }),
    update: (current, { active: isActive }) =>
      updateInboundNumber(run.tx, owner.serviceId, { ...current, ...said({ isActive }) }),
    remove: ({ number }) => deleteInboundNumber(run.tx, owner.serviceId, number),
  };
  await reconcile(run, noun, { wanted, current: await listInboundNumbers(run.tx, owner.serviceId) });
}

type CurrentMember = Member & { emailAddress: string };

export async function applyMembers(run: Run, owner: Owner, wanted: DeclaredService["members"]): Promise<void> {
  if (!wanted) return;
  const { serviceId } = owner;
  const noun: Noun<Part<"members">, CurrentMember> = {
    ...about("member", owner),
    nameOf: (thing) => ("email" in thing ? thing.email : thing.emailAddress).toLowerCase(),
    placeOf: ({ at }) => at,
    fieldsOf: ({ permissions }) => ({ permissions: permissions.toSorted() }),
    wishesOf: ({ permissions }) => ({ permissions: permissions.toSorted() }),
    insert: async ({ email, permissions, at }) => {
      const user = await findUserByEmail(run.tx, email);
      if (!user)
        return refuseAt({ path: [...at.path, "email"], source: at.source }, "is not a user in the file or here");
      await insertMember(run.tx, { serviceId, userId: user.id, permissions });
    },
    update: (current, { permissions }) => updateMember(run.tx, { ...current, permissions }),
    remove: (current) => deleteMember(run.tx, current),
  };
  await reconcile(run, noun, { wanted, current: await listMembers(run.tx, serviceId) });
}
