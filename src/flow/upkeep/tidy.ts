/** What was needed for a while and is no longer. */
import { HOME_TIME_ZONE } from "../../core/calendar/home.ts";
import { revokeExpiredKeys } from "../../records/api-keys/api-key-page-store.ts";
import { deleteApiRequests } from "../../records/api-requests/api-request-store.ts";
import { deleteChatContacts } from "../../records/chat-contacts/chat-contact-store.ts";
import { deleteConnectionCallsBefore } from "../../records/connections/connection-call-store.ts";
import { forgetGroupSendMessages } from "../../records/contacts/group-send-store.ts";
import { deleteImportDraftsBefore } from "../../records/contacts/import-draft-store.ts";
import { deleteRunOutKeys } from "../../records/idempotency/idempotency-store.ts";
import { deletePassedOnParts, listLeftOverSets } from "../../records/inbound-messages/inbound-part-store.ts";
import { deleteDailyTotalsBefore } from "../../records/limits/daily-total-store.ts";
import { deletePastRepeats } from "../../records/limits/repeat-store.ts";
import { deleteSpendTotalsBefore } from "../../records/limits/spend-total-store.ts";
import { deleteUnreported } from "../../records/notifications/awaited-receipt-store.ts";
import { deletePastLookups } from "../../records/number-lookups/network-lookup-store.ts";
import { deleteOneOffDraftsBefore } from "../../records/one-off-drafts/one-off-draft-store.ts";
import { startOfDay } from "../../records/partitions/partition-store.ts";
import { deletePastCanaries } from "../../records/providers/canary-store.ts";
import { deletePastReaches } from "../../records/reaches/reach-store.ts";
import { deleteOldSandboxMessages } from "../../records/sandbox-outbox/sandbox-outbox-retention-store.ts";
import { deleteSavedSearchesBefore } from "../../records/searches/saved-search-store.ts";
import { deletePastFailures } from "../../records/suppressions/failing-recipient-store.ts";
import { deleteDraftsBefore } from "../../records/templates/template-page-store.ts";
import { deleteProcessedBefore } from "../../records/unsubscribe-requests/unsubscribe-request-store.ts";
import { foldVerifications, forgetPastWishes } from "../../records/verifications/verification-count-store.ts";
import type { App } from "../app.ts";
import { passOnLeftOver } from "../inbound/take-part.ts";
import { keptSince } from "../messages/saved-searches.ts";
import { LOOKUP_KEPT_MS } from "../number-lookups/network-finder.ts";
import { inBatches } from "./in-batches.ts";

const HOUR_MS = 60 * 60_000;
const KEYS_AT_ONCE_MAX = 5_000;
const FAILING_HOURS = 180 * 24;
const DAILY_TOTALS_DAYS = 7;
/** An hour after a notification without a report is given up. */
const AWAITED_HOURS = 73;
const CHAT_CONTACT_HOURS = 180 * 24;
const CANARY_HOURS = 7 * 24;
const SANDBOX_HOURS = 24;
const SANDBOX_MESSAGES_MAX = 10_000;
/** Carriers try to deliver a part for a day or so. */
const PARTS_WAIT_HOURS = 24;
/** So that a part which comes again is known for some time. */
const PARTS_KEPT_HOURS = 48;
const SETS_AT_ONCE_MAX = 200;
const ONE_OFF_DRAFT_HOURS = 7 * 24;
const TEMPLATE_DRAFT_HOURS = 90 * 24;
/** A table of contacts that somebody has brought and not taken in. */
const IMPORT_DRAFT_HOURS = 24;
/** After the end of a message to a group, no batch of it is tried again. */
const GROUP_SEND_HOURS = 7 * 24;
const API_REQUEST_HOURS = 3 * 24;
/** As long as a connection may ask that an event that comes again sends nothing. */
const CONNECTION_CALL_HOURS = 31 * 24;
const REQUESTS_AT_ONCE_MAX = 5_000;
/** Long enough to answer a late question. */
const VERIFICATION_HOURS = 7 * 24;
/** So that what was taken away can be taken away again. */
const UNSUBSCRIBED_HOURS = 90 * 24;

export async function deletePastKeys({ db }: App): Promise<{ keys: number }> {
  return { keys: await inBatches(KEYS_AT_ONCE_MAX, (limit) => deleteRunOutKeys(db, limit)) };
}

/** Texts to a number count for an hour. */
export async function deleteRepeats(app: App): Promise<{ repeats: number }> {
  const before = hoursAgo(app, 1);
  return { repeats: await inBatches(KEYS_AT_ONCE_MAX, (limit) => deletePastRepeats(app.db, { before, limit })) };
}

/** Failures in a row are in a row no longer when so long lies between them. */
export async function deleteOldFailures(app: App): Promise<{ recipients: number }> {
  const before = hoursAgo(app, FAILING_HOURS);
  return { recipients: await inBatches(KEYS_AT_ONCE_MAX, (limit) => deletePastFailures(app.db, { before, limit })) };
}

/** Answers of networks are believed for a day. */
export async function deleteOldLookups(app: App): Promise<{ numbers: number }> {
  const before = new Date(app.clock.now().getTime() - LOOKUP_KEPT_MS);
  return { numbers: await inBatches(KEYS_AT_ONCE_MAX, (limit) => deletePastLookups(app.db, { before, limit })) };
}

/** Whoever writes after so long is taken for somebody new. */
export async function deleteOldChatContacts(app: App): Promise<{ contacts: number }> {
  const before = hoursAgo(app, CHAT_CONTACT_HOURS);
  return { contacts: await inBatches(KEYS_AT_ONCE_MAX, (limit) => deleteChatContacts(app.db, before, limit)) };
}

export async function deletePastTotals({ db, clock }: App): Promise<Record<string, never>> {
  const firstKept = startOfDay(clock.now(), -DAILY_TOTALS_DAYS);
  const day = firstKept.toISOString().slice(0, 10);
  await deleteDailyTotalsBefore(db, day);
  await deleteSpendTotalsBefore(db, { day, month: day.slice(0, 7) });
  return {};
}

export async function deletePastAwaited(app: App): Promise<Record<string, never>> {
  await deleteUnreported(app.db, hoursAgo(app, AWAITED_HOURS));
  return {};
}

export async function deletePastCanaryMessages(app: App): Promise<{ canaries: number }> {
  return { canaries: await deletePastCanaries(app.db, hoursAgo(app, CANARY_HOURS)) };
}

export async function deletePastSandboxMessages(app: App): Promise<{ messages: number }> {
  const before = hoursAgo(app, SANDBOX_HOURS);
  return { messages: await deleteOldSandboxMessages(app.db, { before, keptMax: SANDBOX_MESSAGES_MAX }) };
}

/** Long texts of which a part never came are passed on as they are. */
export async function passOnLeftOvers(app: App): Promise<{ texts: number; parts: number }> {
  const texts = await inBatches(SETS_AT_ONCE_MAX, async (limit) => {
    const sets = await listLeftOverSets(app.db, hoursAgo(app, PARTS_WAIT_HOURS), limit);
    for (const set of sets) await passOnLeftOver(app, set);
    return sets.length;
  });
  return { texts, parts: await deletePassedOnParts(app.db, hoursAgo(app, PARTS_KEPT_HOURS)) };
}

/** What people had under way in the browser, and what was logged for them to see. */
export async function deletePastPageData(app: App): Promise<{ requests: number }> {
  await deleteSavedSearchesBefore(app.db, keptSince(app));
  await deleteOneOffDraftsBefore(app.db, hoursAgo(app, ONE_OFF_DRAFT_HOURS));
  await deleteDraftsBefore(app.db, hoursAgo(app, TEMPLATE_DRAFT_HOURS));
  await deleteImportDraftsBefore(app.db, hoursAgo(app, IMPORT_DRAFT_HOURS));
  const ended = hoursAgo(app, GROUP_SEND_HOURS);
  await inBatches(REQUESTS_AT_ONCE_MAX, (limit) => forgetGroupSendMessages(app.db, { before: ended, limit }));
  const called = hoursAgo(app, CONNECTION_CALL_HOURS);
  await inBatches(REQUESTS_AT_ONCE_MAX, (limit) => deleteConnectionCallsBefore(app.db, { before: called, limit }));
  const before = hoursAgo(app, API_REQUEST_HOURS);
  const requests = await inBatches(REQUESTS_AT_ONCE_MAX, (limit) => deleteApiRequests(app.db, { before, limit }));
  await inBatches(REQUESTS_AT_ONCE_MAX, (limit) =>
    deleteProcessedBefore(app.db, { before: hoursAgo(app, UNSUBSCRIBED_HOURS), limit }),
  );
  return { requests };
}

/** Whose number it was is forgotten as soon as no code can be sent any more; what became of it is counted by the day, and then it goes. */
export async function tidyVerifications(app: App): Promise<{ forgotten: number; folded: number }> {
  const now = app.clock.now();
  const forgotten = await inBatches(REQUESTS_AT_ONCE_MAX, (limit) => forgetPastWishes(app.db, { now, limit }));
  const past = { before: hoursAgo(app, VERIFICATION_HOURS), timeZone: HOME_TIME_ZONE };
  const folded = await inBatches(REQUESTS_AT_ONCE_MAX, (limit) => foldVerifications(app.db, { ...past, limit }));
  return { forgotten, folded };
}

/** As long as their services keep the messages of their steps. */
export async function deleteOldReaches({ db, clock }: App): Promise<{ reaches: number }> {
  const now = clock.now();
  return { reaches: await inBatches(REQUESTS_AT_ONCE_MAX, (limit) => deletePastReaches(db, { now, limit })) };
}

/** So that another key may have the name of one that has run out. */
export async function revokeExpired({ db, clock }: App): Promise<{ keys: number }> {
  return { keys: await revokeExpiredKeys(db, clock.now()) };
}

function hoursAgo({ clock }: Pick<App, "clock">, hours: number): Date {
  return new Date(clock.now().getTime() - hours * HOUR_MS);
}
