/** `/services/:sid/suppressions`: whom the service does not send to. Whom one searches for is posted and kept under an id. */

import type { DispatchedChannel } from "../../../core/channels/channels.ts";
import type { Cell } from "../../../core/csv/write-csv.ts";
import { formatForPeople } from "../../../core/phone/format-phone-number.ts";
import type { SUPPRESSION_REASONS } from "../../../core/suppression/suppression-reason.ts";
import { readSearch, saveSearch } from "../../../flow/messages/saved-searches.ts";
import { readRecipientText } from "../../../flow/suppressions/read-recipient.ts";
import {
  addSuppressions,
  findSuppressionsOf,
  readAllSuppressions,
  readSuppressions,
  releaseSuppression,
} from "../../../flow/suppressions/suppression-list.ts";
import type { Suppression } from "../../../records/suppressions/suppression.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { csvStreamAnswer } from "../http/csv.ts";
import { type Form, formOf, InvalidFields, readFields, refuseIfInvalid, submit } from "../http/form.ts";
import { asId, idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { importRoutes } from "./import.ts";
import { MAY_CHANGE, MAY_SEE, SUPPRESSIONS, suppressionsPath } from "./paths.ts";

const PAGE_ROWS = 50;
const CHANNELS = ["sms", "email", "chat"] as const;
/** What somebody may say for another; what comes from a receipt or a file is said there. */
const REASONS_BY_HAND = ["asked-to-stop", "by-hand"] as const satisfies readonly (typeof SUPPRESSION_REASONS)[number][];

interface Row {
  recipient: string;
  channel: string;
  reason: string;
  source: string;
  addedAt: Date;
  messageUrl: string | undefined;
  releaseUrl: string;
}

interface ListPage {
  form: Form<"recipient">;
  base: string;
  rulesUrl: string;
  mayChange: boolean;
  isSearch: boolean;
  channels: readonly { text: string; href: string; isCurrent: boolean }[];
  rows: readonly Row[];
  olderUrl: string | undefined;
  newestUrl: string | undefined;
}

type NewField = "recipient" | "reason";

const showList = page<ListPage>("suppressions/suppressions.njk");
const showNew = page<{ base: string; form: Form<NewField>; reasons: readonly string[] }>("suppressions/new.njk");

export const suppressionRoutes: readonly Route[] = [
  route({ method: "GET", url: SUPPRESSIONS, who: MAY_SEE, handler: openList }),
  route({ method: "POST", url: SUPPRESSIONS, who: MAY_SEE, handler: search }),
  route({ method: "GET", url: `${SUPPRESSIONS}.csv`, who: MAY_SEE, handler: download }),
  route({ method: "GET", url: `${SUPPRESSIONS}/new`, who: MAY_CHANGE, handler: askForRecipient }),
  route({ method: "POST", url: `${SUPPRESSIONS}/new`, who: MAY_CHANGE, handler: add }),
  route({ method: "POST", url: `${SUPPRESSIONS}/:id/release`, who: MAY_CHANGE, handler: release }),
  ...importRoutes,
];

async function openList(visit: ServiceVisit): Promise<Answer> {
  const { app, service, visitor, query } = visit;
  const saved = asId(query.get("search"));
  const recipient = saved && (await readSearch(app, { service, userId: visitor.userId }, saved));
  return show(visit, formOf({ recipient: recipient ?? "" }), recipient);
}

async function show(visit: ServiceVisit, form: Form<"recipient">, sought?: string): Promise<Answer> {
  const { service, may, query, text } = visit;
  const base = suppressionsPath(visit);
  const channel = CHANNELS.find((one) => one === query.get("channel"));
  const older = asId(query.get("older"));
  const found = sought === undefined ? await pageOf(visit, channel, older) : await entryOf(visit, sought);
  const shown = found.slice(0, PAGE_ROWS);
  const last = found.length > PAGE_ROWS ? shown.at(-1) : undefined;
  return showList(visit, {
    ...{ form, base, mayChange: may("manage_service"), isSearch: sought !== undefined },
    rulesUrl: `/services/${service.id}/settings/suppression`,
    channels: [undefined, ...CHANNELS].map((one) => ({
      text: text(`suppressions.channel.${one ?? "all"}`),
      href: addressOf(base, { channel: one }),
      isCurrent: sought === undefined && one === channel,
    })),
    rows: shown.map((entry) => rowOf(visit, entry)),
    olderUrl: last && addressOf(base, { channel, older: last.id }),
    newestUrl: older && addressOf(base, { channel }),
  });
}

function pageOf({ app, service }: ServiceVisit, channel: DispatchedChannel | undefined, olderThan: string | undefined) {
  return readSuppressions(app, service, { channel, olderThan, limit: PAGE_ROWS + 1 });
}

async function entryOf({ app, service }: ServiceVisit, sought: string): Promise<Suppression[]> {
  const recipient = readRecipientText(sought);
  if (typeof recipient === "string") return [];
  const [entry] = await findSuppressionsOf(app, service, [recipient]);
  return entry ? [entry] : [];
}

function addressOf(base: string, query: { channel?: string | undefined; older?: string | undefined }): string {
  const entries = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return entries.length > 0 ? `${base}?${new URLSearchParams(entries)}` : base;
}

function rowOf(visit: ServiceVisit, entry: Suppression): Row {
  const { text, service } = visit;
  const { id, channel, reason, sourceKind, sourceId, sourceName, createdAt } = entry;
  const isAboutMessage = ["receipt", "complaint", "unsubscribe-link"].includes(sourceKind);
  return {
    recipient: shownRecipient(entry),
    channel: text(`suppressions.channel.${channel}`),
    reason: text(`suppressions.reason.${reason}`),
    source: text(`suppressions.source.${sourceKind}`, { name: sourceName ?? text("suppressions.source.somebody") }),
    addedAt: createdAt,
    messageUrl: isAboutMessage && sourceId ? `/services/${service.id}/messages/${sourceId}` : undefined,
    releaseUrl: `${suppressionsPath(visit)}/${id}/release`,
  };
}

function shownRecipient({ channel, recipient }: Suppression): string {
  return channel === "sms" ? formatForPeople(recipient) : recipient;
}

async function search(visit: ServiceVisit): Promise<Answer> {
  const { app, service, visitor, text } = visit;
  const values = readFields(visit, ["recipient"]);
  const recipient = values.recipient.trim();
  return submit({
    values,
    refusedAt: "recipient",
    act: async () => {
      refuseIfInvalid({ recipient: recipient === "" && text("suppressions.search.missing") });
      const saved = await saveSearch(app, { service, userId: visitor.userId }, recipient);
      return redirect(`${suppressionsPath(visit)}?search=${saved}`);
    },
    showAgain: (form) => show(visit, form),
  });
}

function askForRecipient(visit: ServiceVisit): Answer {
  return showForm(visit, formOf({ recipient: "", reason: REASONS_BY_HAND[0] }));
}

function showForm(visit: ServiceVisit, form: Form<NewField>): Answer {
  return showNew(visit, { base: suppressionsPath(visit), form, reasons: REASONS_BY_HAND });
}

async function add(visit: ServiceVisit): Promise<Answer> {
  const { app, service, visitor, text } = visit;
  const values = readFields(visit, ["recipient", "reason"]);
  return submit({
    values,
    refusedAt: "recipient",
    act: async () => {
      const recipient = readRecipientText(values.recipient.trim());
      if (typeof recipient === "string") throw new InvalidFields({ recipient });
      const reason = REASONS_BY_HAND.find((one) => one === values.reason) ?? "by-hand";
      const source = { kind: "user", id: visitor.userId } as const;
      const { added } = await addSuppressions(app, actorOf(visit), {
        service,
        wishes: [{ recipient, reason, source }],
      });
      return redirect(suppressionsPath(visit), {
        flash: text(added > 0 ? "suppressions.added" : "suppressions.added.before"),
      });
    },
    showAgain: (form) => showForm(visit, form),
  });
}

async function release(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  await releaseSuppression(app, actorOf(visit), { service, id: idIn(visit, "id") });
  return redirect(suppressionsPath(visit), { flash: text("suppressions.released") });
}

/** Its heads and reasons are those that an import reads. */
function download({ app, service }: ServiceVisit): Answer {
  return csvStreamAnswer("suppressions.csv", tableOf(readAllSuppressions(app, service)));
}

async function* tableOf(pages: AsyncIterable<readonly Suppression[]>): AsyncGenerator<Cell[][]> {
  yield [["Recipient", "Channel", "Reason", "Source", "Added"]];
  for await (const entries of pages)
    yield entries.map((entry) => {
      const { channel, reason, sourceKind, createdAt } = entry;
      return [shownRecipient(entry), channel, reason, sourceKind, createdAt.toISOString()];
    });
}
