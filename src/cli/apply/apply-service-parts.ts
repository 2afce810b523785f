/** What a service says, to whom it may, and who works in it: templates, guests, inbound numbers, members. */

import { newId } from "../../platform/ids.ts";
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
import { NO_LETTER_PARTS } from "../../records/templates/template.ts";
import {
  archiveTemplate,
  hideTemplate,
  insertTemplate,
  insertTemplateVersion,
  listAllTemplates,
  type StoredTemplate,
  type TemplateText,
} from "../../records/templates/template-write-store.ts";
import { findUserByEmail } from "../../records/users/user-store.ts";
import type { DeclaredService } from "./declaration.ts";
import { refuseAt } from "./read.ts";
import { differences, type Noun, reconcile, said } from "./reconcile.ts";
import type { Owner, Run } from "./run.ts";

type Part<Name extends keyof DeclaredService> =
  NonNullable<DeclaredService[Name]> extends readonly (infer Item)[] ? Item : never;
type DeclaredTemplate = Part<"templates">;

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

export async function applyTemplates(run: Run, owner: Owner, wanted: DeclaredService["templates"]): Promise<void> {
  if (!wanted) return;
  for (const template of wanted) {
    refuseWrongSubject(template);
    refuseWrongLetterParts(template);
  }
  await reconcile(run, templateNoun(run, owner), { wanted, current: await listAllTemplates(run.tx, owner.serviceId) });
}

function refuseWrongSubject({ channel, subject, at }: DeclaredTemplate): void {
  const place = { path: [...at.path, "subject"], source: at.source };
  if (channel === "sms" && subject !== undefined) refuseAt(place, "cannot be: a text has none");
  if (channel !== "sms" && subject === undefined) refuseAt(place, "is missing");
}

const LETTER_PARTS = ["contact_block", "welsh_subject", "welsh_body"] as const;

function refuseWrongLetterParts(template: DeclaredTemplate): void {
  const place = (part: string) => ({ path: [...template.at.path, part], source: template.at.source });
  const given = LETTER_PARTS.find((part) => template[part] !== undefined);
  if (given !== undefined && template.channel !== "letter") refuseAt(place(given), "cannot be: only letters have one");
  const { welsh_subject: subject, welsh_body: body } = template;
  if ((subject === undefined) !== (body === undefined))
    refuseAt(place(subject === undefined ? "welsh_subject" : "welsh_body"), "is missing: a Welsh half has both");
}

function templateNoun(run: Run, owner: Owner): Noun<DeclaredTemplate, StoredTemplate> {
  const { tx, actor: createdBy } = run;
  return {
    ...about("template", owner),
    hasTwins: true,
    nameOf: ({ channel, name }) => `${name} (${channel})`,
    idOf: ({ id }) => id,
    placeOf: ({ at }) => at,
    fieldsOf: ({ isHidden, ...template }) => ({ ...textOf(template), isHidden }),
    wishesOf: (declared, current) => ({ ...declaredText(declared, current), isHidden: declared.hidden }),
    insert: ({ id = newId(), channel, hidden: isHidden = false, ...declared }) => {
      const text = { ...NEW_TEXT, ...declaredText(declared) };
      return insertTemplate(tx, { id, serviceId: owner.serviceId, channel, isHidden, createdBy, ...text });
    },
    update: async (current, declared) => {
      const before = textOf(current);
      const text = { ...before, ...declaredText(declared, current) };
      const isAnother = Object.keys(differences({ ...before }, { ...text }).after).length > 0;
      if (isAnother) await insertTemplateVersion(tx, { id: current.id, createdBy, ...text });
      const { hidden } = declared;
      if (hidden !== undefined && hidden !== current.isHidden) await hideTemplate(tx, current.id, hidden);
    },
    remove: ({ id }) => archiveTemplate(tx, id),
  };
}

const NEW_TEXT = { ...NO_LETTER_PARTS, subject: undefined, hasUnsubscribeLink: false };

function textOf({ name, subject, body, hasUnsubscribeLink, ...rest }: TemplateText): TemplateText {
  const { postage, contactBlock, welshSubject, welshBody, attachmentId } = rest;
  const ofLetter = { postage, contactBlock, welshSubject, welshBody, attachmentId };
  return { name, subject, body, hasUnsubscribeLink, ...ofLetter };
}

type DeclaredText = Pick<
  DeclaredTemplate,
  "name" | "subject" | "body" | "postage" | "unsubscribe_link" | (typeof LETTER_PARTS)[number]
>;

/** YAML's blocks end in a line feed that nobody means, so a body that differs in that alone is the same. */
function declaredText(declared: DeclaredText, current?: TemplateText) {
  const { name, subject, postage, unsubscribe_link: hasUnsubscribeLink, welsh_subject: welshSubject } = declared;
  return {
    name,
    body: asMeant(declared.body, current?.body),
    ...said({ subject, postage, hasUnsubscribeLink, welshSubject }),
    ...said({
      welshBody: declared.welsh_body && asMeant(declared.welsh_body, current?.welshBody),
      contactBlock: declared.contact_block && asMeant(declared.contact_block, current?.contactBlock),
    }),
  };
}

function asMeant(declared: string, current: string | undefined): string {
  const meant = declared.trimEnd();
  return current?.trimEnd() === meant ? current : meant;
}
