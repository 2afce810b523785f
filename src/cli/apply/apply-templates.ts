/** What a service says. A template's text makes a new version when it is another; so do the pages behind its letters. */
import { newId } from "../../platform/ids.ts";
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
import type { DeclaredService, DeclaredTemplate } from "./declaration.ts";
import { refuseAt } from "./read.ts";
import { differences, type Noun, reconcile, said } from "./reconcile.ts";
import type { Owner, Run } from "./run.ts";

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
    kind: "template",
    serviceId: owner.serviceId,
    owner: ` of ${owner.name}`,
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
