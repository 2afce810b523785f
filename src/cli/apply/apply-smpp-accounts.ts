/** Accounts with which a service's systems bind over SMPP. */
import { newSmppPassword } from "../../flow/keys/smpp-accounts.ts";
import { newId } from "../../platform/ids.ts";
import { type ListedSmppAccount, type SmppTerms, USUAL_TERMS } from "../../records/smpp-accounts/smpp-account.ts";
import {
  findSmppLogIn,
  insertSmppAccount,
  listSmppAccounts,
  revokeSmppAccount,
  updateSmppPassword,
  updateSmppTerms,
} from "../../records/smpp-accounts/smpp-account-store.ts";
import { hashPassword, verifyPassword } from "../../records/users/password.ts";
import type { DeclaredService } from "./declaration.ts";
import { refuseAt } from "./read.ts";
import { keptSecret, type Noun, reconcile, said, secretWord } from "./reconcile.ts";
import type { Owner, Run } from "./run.ts";

type Declared = NonNullable<DeclaredService["smpp_accounts"]>[number];

interface Wish {
  declared: Declared;
  /** Undefined when the file gives no password, or the one it has. */
  newHash: string | undefined;
}

export async function applySmppAccounts(
  run: Run,
  owner: Owner,
  declared: DeclaredService["smpp_accounts"],
): Promise<void> {
  if (!declared) return;
  const current = await listSmppAccounts(run.tx, owner.serviceId);
  const wanted: Wish[] = [];
  for (const account of declared) wanted.push({ declared: account, newHash: await newHashOf(run, account) });
  await reconcile(run, smppAccountNoun(run, owner), { wanted, current });
}

/** A system id is one account's in the whole installation. */
async function newHashOf({ tx }: Run, { system_id, password }: Declared): Promise<string | undefined> {
  if (password === undefined) return undefined;
  const kept = await findSmppLogIn(tx, system_id);
  return kept && (await verifyPassword(kept.passwordHash, password)) ? undefined : hashPassword(password);
}

function smppAccountNoun(run: Run, owner: Owner): Noun<Wish, ListedSmppAccount> {
  return {
    ...{ kind: "SMPP account", serviceId: owner.serviceId, owner: ` of ${owner.name}` },
    nameOf: (thing) => ("declared" in thing ? thing.declared.system_id : thing.systemId),
    idOf: (thing) => ("declared" in thing ? thing.declared.id : thing.id),
    placeOf: ({ declared }) => declared.at,
    fieldsOf: (account) => ({
      ...termsOf(account),
      systemId: account.systemId,
      kind: account.kind,
      password: keptSecret,
    }),
    wishesOf: ({ declared, newHash }, account) => ({
      ...termsIn(declared),
      systemId: sameSystemId(declared, account),
      kind: sameKind(declared, account),
      password: secretWord(newHash, account && keptSecret),
    }),
    insert: (wish) => insert(run, owner, wish),
    update: async (account, { declared, newHash }) => {
      await updateSmppTerms(run.tx, account.id, { ...termsOf(account), ...said(termsIn(declared)) });
      if (newHash !== undefined) await updateSmppPassword(run.tx, account.id, newHash);
    },
    remove: ({ id }) => revokeSmppAccount(run.tx, id),
  };
}

/** One that the file gives no password has one made, which is told once. */
async function insert(run: Run, owner: Owner, { declared, newHash }: Wish): Promise<void> {
  const { id = newId(), system_id: systemId, kind } = declared;
  if (await findSmppLogIn(run.tx, systemId))
    refuseAt(declared.at, "has a system_id that another service's account has");
  const made = newSmppPassword();
  const passwordHash = newHash ?? (await hashPassword(made));
  const terms = { ...USUAL_TERMS, ...said(termsIn(declared)) };
  const { serviceId } = owner;
  await insertSmppAccount(run.tx, { ...terms, id, systemId, kind, serviceId, passwordHash, createdBy: run.actor });
  if (newHash !== undefined) return;
  run.secrets.push({ kind: "SMPP password", name: `${systemId} of ${owner.name}`, value: made });
}

/** Whoever holds a test account must not find one day that it sends. */
function sameKind({ kind, at }: Declared, account: ListedSmppAccount | undefined): ListedSmppAccount["kind"] {
  if (account === undefined || account.kind === kind) return kind;
  const place = { path: [...at.path, "kind"], source: at.source };
  return refuseAt(
    place,
    `cannot change from ${account.kind}: make an account of another system_id, and revoke this one`,
  );
}

/** The system that binds with it has it in its settings: another name is another account, and both live while it changes over. */
function sameSystemId({ system_id: systemId, at }: Declared, account: ListedSmppAccount | undefined): string {
  if (account === undefined || account.systemId === systemId) return systemId;
  const place = { path: [...at.path, "system_id"], source: at.source };
  return refuseAt(place, `cannot change from ${account.systemId}: make an account of another id, and revoke this one`);
}

function termsOf(account: ListedSmppAccount): SmppTerms {
  const { allowedNetworks, bindsMax, windowMax, ratePerSecond, takesReplies, defaultAlphabet } = account;
  return { allowedNetworks, bindsMax, windowMax, ratePerSecond, takesReplies, defaultAlphabet };
}

function termsIn(declared: Declared): { [Term in keyof SmppTerms]: SmppTerms[Term] | undefined } {
  return {
    allowedNetworks: declared.allowed_networks,
    bindsMax: declared.binds,
    windowMax: declared.window,
    ratePerSecond: declared.rate_per_second,
    takesReplies: declared.replies,
    defaultAlphabet: declared.default_alphabet,
  };
}
