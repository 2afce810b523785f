/** `/services/:sid/send/:tid`, and `/:did` for what has been written so far: whom to, from whom, and with which values. */
import { channels } from "../../../core/channels/channels.ts";
import { linkInWords } from "../../../core/files/template-file.ts";
import { formatForPeople } from "../../../core/phone/format-phone-number.ts";
import { normaliseKey } from "../../../core/template/personalisation.ts";
import type { Segment } from "../../../core/template/placeholders.ts";
import { linkWithoutKey } from "../../../flow/files/document-link.ts";
import { refuseIfSuppressed } from "../../../flow/intake/refuse-suppressed.ts";
import { filesInWords } from "../../../flow/intake/template-links.ts";
import { houseStyleOf, placeholderNamesOf, renderTemplate, templateText } from "../../../flow/rendering.ts";
import {
  type OneOffDraft,
  readAddress,
  readRecipient,
  startOneOff,
  updateOneOff,
} from "../../../flow/sending/one-off.ts";
import { type Channel, mayUse, type Service } from "../../../records/services/service.ts";
import type { TemplateVersion } from "../../../records/templates/template.ts";
import { findUser } from "../../../records/users/user-store.ts";
import { emailBannerOf } from "../branding/email-banner.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, refuseIfInvalid, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { type ShownContent, shownEmail, shownText } from "../messages/shown-content.ts";
import { addressLinesIn } from "./send-letter.ts";
import {
  canSend,
  type DispatchedTemplate,
  getDraft,
  getTemplate,
  inOurWords,
  isDispatched,
  isForRecipient,
  sendPath,
  type WritableTemplate,
} from "./sending.ts";

interface ValueField {
  id: string;
  name: string;
  /** It only says whether words are there. */
  isYesOrNo: boolean;
}

interface Writing {
  template: WritableTemplate;
  draft: OneOffDraft | undefined;
  fields: readonly ValueField[];
  /** Values that nobody gives: links to the template's files. */
  links: Readonly<Record<string, string>>;
}

interface SendForm {
  form: Form;
  template: WritableTemplate;
  senders: readonly { value: string; text: string; hint: { text: string } | undefined; checked: boolean }[];
  fields: readonly ValueField[];
  links: readonly { name: string; value: string }[];
  /** The placeholder that is the recipient's own, if the template has it. */
  recipientName: string | undefined;
  action: string;
  backUrl: string;
  /** One's own number or address; "" for none. */
  own: string;
  /** Undefined for a letter, whose pages are shown instead. */
  content: ShownContent | undefined;
  letter: { previewUrl: string; src: string; addressHint: string } | undefined;
  style: { name: string; textMode: string; prefixesTexts: boolean };
  chargedOther: string;
}

const showForm = page<SendForm>("send/send-form.njk");
const showBlocked = page<{ why: string }>("send/blocked.njk");

export async function showSendForm(visit: ServiceVisit): Promise<Answer> {
  const template = await getTemplate(visit);
  if (!canSend(visit, template)) return blocked(visit, template.channel);
  const writing = await readWriting(visit, template);
  if (writing.draft?.notificationId) return redirect(messagePath(visit.service, writing.draft.notificationId));
  const values = valuesOf(writing);
  return showWith(
    visit,
    writing,
    visit.query.has("mine") ? await withOwnRecipient(visit, writing, values) : formOf(values),
  );
}

/** Keeps what was filled in, and goes on to see it as a whole. */
export async function writeSend(visit: ServiceVisit): Promise<Answer> {
  const template = await getTemplate(visit);
  if (!canSend(visit, template)) return blocked(visit, template.channel);
  const writing = await readWriting(visit, template);
  if (writing.draft?.notificationId) return redirect(messagePath(visit.service, writing.draft.notificationId));
  const names = ["senderId", "recipient", ...writing.fields.map(({ id }) => id)];
  const values: Record<string, string> = readFields(visit, names);
  return submit<string>({
    values,
    refusedAt: "recipient",
    act: () => goOn(visit, writing, values),
    showAgain: (form) => showWith(visit, writing, form),
  });
}

export function messagePath({ id }: Pick<Service, "id">, notificationId: string): string {
  return `/services/${id}/messages/${notificationId}`;
}

function blocked(visit: ServiceVisit, channel: Channel): Answer {
  const { service, text } = visit;
  const isTrial = channel === "letter" && service.isTrial && service.permissions.has(channel);
  const why = text(isTrial ? "send.blocked.trial" : `send.blocked.${channel}`);
  return { ...showBlocked(visit, { why }), status: 403 };
}

async function readWriting(visit: ServiceVisit, template: WritableTemplate): Promise<Writing> {
  const draft = visit.params["did"] === undefined ? undefined : await getDraft(visit, template);
  const links = await linksIn(visit, template);
  return { template, draft, fields: valueFields(template).filter(({ name }) => !(name in links)), links };
}

/** As they will look: the recipients' own are made when it is sent. */
export async function linksIn(visit: ServiceVisit, template: WritableTemplate): Promise<Record<string, string>> {
  const { app, service } = visit;
  const names = placeholderNamesOf(template);
  const files = await filesInWords(app.templates, template);
  const link = linkWithoutKey(originsOf(visit).documents, { serviceId: service.id, id: template.templateId });
  const links = files.flatMap(({ fileName, linkText }) => {
    const spelled = names.find((name) => normaliseKey(name) === normaliseKey(fileName));
    return spelled === undefined ? [] : [[spelled, linkInWords(link, linkText)] as const];
  });
  return Object.fromEntries(links);
}

/** Where links to files and to settings lead. */
export function originsOf({ app, origin }: ServiceVisit): { documents: string; admin: string } {
  return { documents: app.origins.documents ?? origin, admin: origin };
}

function valueFields(template: WritableTemplate): ValueField[] {
  const asked = placeholderNamesOf(template).filter((name) => !isForRecipient(template.channel, name));
  return asked.map((name, index) => ({ id: `value${index}`, name, isYesOrNo: isYesOrNo(template, name) }));
}

export function isYesOrNo(template: TemplateVersion, name: string): boolean {
  const { subject, body, contactBlock, welsh } = templateText(template);
  const words = [subject, body, contactBlock, welsh?.subject, welsh?.body];
  const segments: Segment[] = words.flatMap((one) => one?.segments ?? []);
  return segments.every(
    (segment) => segment.kind === "text" || segment.kind === "condition" || segment.key !== normaliseKey(name),
  );
}

function valuesOf({ draft, fields }: Writing): Record<string, string> {
  const values = fields.map(({ id, name }) => [id, draft?.values[name] ?? ""]);
  return { senderId: draft?.senderId ?? "", recipient: draft?.recipient ?? "", ...Object.fromEntries(values) };
}

async function showWith(visit: ServiceVisit, writing: Writing, form: Form): Promise<Answer> {
  const { template, draft, fields, links } = writing;
  const { service, text } = visit;
  const { id, name, textMode, prefixesTexts } = service;
  return showForm(visit, {
    form,
    template,
    senders: senderChoices(visit, template.channel, form.values["senderId"] ?? ""),
    fields,
    links: Object.entries(links).map(([name, value]) => ({ name, value })),
    recipientName: placeholderNamesOf(template).find((one) => isForRecipient(template.channel, one)),
    action: sendPath(id, template.templateId, ...(draft ? [draft.id] : [])),
    backUrl: sendPath(id),
    own: (await ownRecipient(visit, template.channel)) ?? "",
    content: isDispatched(template)
      ? await contentOf(visit, template, { ...filledIn({ template, fields }, form.values), ...links })
      : undefined,
    letter: isDispatched(template) ? undefined : letterOf(visit, template, draft),
    style: { name, textMode, prefixesTexts },
    chargedOther: text("send.charged", { count: "{count}" }),
  });
}

function letterOf({ service, text }: ServiceVisit, { templateId }: WritableTemplate, draft: OneOffDraft | undefined) {
  const previewUrl = `${sendPath(service.id, templateId)}/preview`;
  const isAbroad = mayUse(service, "international_letters");
  return {
    previewUrl,
    src: draft ? `${sendPath(service.id, templateId, draft.id)}/pages` : previewUrl,
    addressHint: text(isAbroad ? "send.form.recipientHint.letterAbroad" : "send.form.recipientHint.letter"),
  };
}

/** Only where there is something to choose. */
function senderChoices({ service, text }: ServiceVisit, channel: Channel, chosen: string): SendForm["senders"] {
  if (channel === "letter") return [];
  const all =
    channel === "sms"
      ? textSenderChoices(service)
      : service.replyToAddresses.map(({ id, address, isDefault }) => ({ id, shown: address, isDefault }));
  if (all.length < 2) return [];
  const isKnown = all.some(({ id }) => id === chosen);
  return all.map(({ id, shown, isDefault }) => ({
    value: id,
    text: shown,
    hint: isDefault ? { text: text("send.form.default") } : undefined,
    checked: isKnown ? id === chosen : isDefault,
  }));
}

/** Each sender, and each group of them. */
function textSenderChoices({ textSenders, senderPools }: ServiceVisit["service"]) {
  const hasDefaultPool = senderPools.some(({ isDefault }) => isDefault);
  return [
    ...senderPools.map(({ id, name, isDefault }) => ({ id, shown: name, isDefault })),
    ...textSenders.map(({ id, sender, isDefault }) => ({ id, shown: sender, isDefault: isDefault && !hasDefaultPool })),
  ];
}

/** A letter as far as it is filled in: each value, and the lines of the address under the names that requests give them. */
export function letterValuesIn(visit: ServiceVisit, template: WritableTemplate): Record<string, string> {
  const fields = valueFields(template);
  const values: Record<string, string> = readFields(visit, ["recipient", ...fields.map(({ id }) => id)]);
  return { ...filledIn({ template, fields }, values), ...addressLinesIn(values["recipient"] ?? "") };
}

/** By placeholder, what is not empty; the recipient stands for its own placeholder. */
function filledIn(
  { template, fields }: Pick<Writing, "template" | "fields">,
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  const isOwn = (name: string) => template.channel !== "letter" && isForRecipient(template.channel, name);
  const own = placeholderNamesOf(template).filter(isOwn);
  const pairs = [
    ...fields.map(({ id, name }) => [name, values[id] ?? ""] as const),
    ...own.map((name) => [name, values["recipient"] ?? ""] as const),
  ];
  return Object.fromEntries(pairs.filter(([, value]) => value.trim() !== ""));
}

/** The message as far as it is filled in. */
export async function contentOf(
  visit: ServiceVisit,
  template: DispatchedTemplate,
  values: Readonly<Record<string, string>>,
): Promise<ShownContent> {
  const { service } = visit;
  const style = houseStyleOf(service);
  const { content } = renderTemplate(template, values, style);
  if (template.channel === "sms") return shownText(content.body, style);
  return shownEmail(content.subject, { body: template.body, values, banner: await emailBannerOf(visit) });
}

/** Only shown, not kept: a page that is asked for changes nothing. */
async function withOwnRecipient(visit: ServiceVisit, writing: Writing, values: Record<string, string>): Promise<Form> {
  const recipient = await ownRecipient(visit, writing.template.channel);
  if (recipient === undefined) return formOf(values, { recipient: visit.text("send.form.noMobile") });
  return formOf({ ...values, recipient });
}

/** One's own number or address, where the account has one. */
async function ownRecipient({ app, visitor }: ServiceVisit, channel: Channel): Promise<string | undefined> {
  if (channel === "letter") return undefined;
  const user = await findUser(app.db, visitor.userId);
  if (channel === "email") return user?.emailAddress;
  return user?.mobileNumber && formatForPeople(user.mobileNumber.replace(/^\+/, ""));
}

async function goOn(visit: ServiceVisit, writing: Writing, values: Record<string, string>): Promise<Answer> {
  refuseGaps(visit, writing, values);
  refuseRecipient(visit, writing.template, values["recipient"] ?? "");
  refuseContent(visit, writing, values);
  await refuseSuppressed(visit, writing.template, values["recipient"] ?? "");
  const id = await keep(visit, writing, values);
  return redirect(sendPath(visit.service.id, writing.template.templateId, id, "check"));
}

function refuseGaps({ text }: ServiceVisit, { template, fields }: Writing, values: Record<string, string>): void {
  const isEmpty = (id: string) => (values[id] ?? "").trim() === "";
  refuseIfInvalid({
    recipient: isEmpty("recipient") && text(`send.recipient.missing.${template.channel}`),
    ...Object.fromEntries(fields.map(({ id, name }) => [id, isEmpty(id) && text("send.form.enter", { name })])),
  });
}

function refuseRecipient({ app, service, text }: ServiceVisit, { channel }: WritableTemplate, typed: string): void {
  try {
    if (channel === "letter") readAddress(service, typed);
    else readRecipient(app, service, { channel, text: typed });
  } catch (error) {
    throw inOurWords(error, { text, channel });
  }
}

/** Said here already: whoever writes a message should not find out at its end. */
async function refuseSuppressed({ app, service }: ServiceVisit, { channel }: WritableTemplate, text: string) {
  if (channel === "letter") return;
  const recipient = readRecipient(app, service, { channel, text });
  await refuseIfSuppressed(app, { service, key: undefined, recipient });
}

function refuseContent({ service, text }: ServiceVisit, writing: Writing, values: Record<string, string>): void {
  const { template, fields, links } = writing;
  const style = houseStyleOf(service);
  const { content, isEmpty } = renderTemplate(template, { ...filledIn(writing, values), ...links }, style);
  const field = fields.at(-1)?.id ?? "recipient";
  if (isEmpty) throw new InvalidFields({ [field]: text("send.form.empty") });
  if (channels[template.channel].tooLong(content, style))
    throw new InvalidFields({ [field]: text("send.form.tooLong") });
}

async function keep(visit: ServiceVisit, writing: Writing, values: Record<string, string>): Promise<string> {
  const { app, service, visitor } = visit;
  const { template, draft } = writing;
  const writer = { service, userId: visitor.userId };
  const written = {
    senderId: senderChoices(visit, template.channel, "").find(({ value }) => value === values["senderId"])?.value,
    recipient: values["recipient"],
    values: filledIn(writing, values),
  };
  if (!draft) return startOneOff(app, writer, { templateId: template.templateId, ...written });
  await updateOneOff(app, writer, { id: draft.id, ...written });
  return draft.id;
}
