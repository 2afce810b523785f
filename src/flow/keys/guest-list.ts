/** The guest list of a service: a few addresses and numbers of people who help to test. */
import {
  deleteGuest,
  type Guest,
  insertGuest,
  listGuests,
  parseGuest,
} from "../../records/guest-list/guest-list-store.ts";
import type { Service } from "../../records/services/service.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { type FieldProblem, refuseProblems } from "../form-refusal.ts";

/** Of addresses, and of numbers. */
export const GUESTS_OF_A_SORT_MAX = 5;

/** As typed: what is empty is left out. */
export interface GuestListForm {
  emailAddresses: readonly string[];
  phoneNumbers: readonly string[];
}

export async function readGuestList(app: Pick<App, "db">, service: Service): Promise<GuestListForm> {
  const guests = await listGuests(app.db, { serviceId: service.id, dataKey: service.dataKey });
  const of = (channel: string) => guests.filter((guest) => guest.channel === channel).map(({ recipient }) => recipient);
  return { emailAddresses: of("email"), phoneNumbers: of("sms") };
}

/** Problems name their entry: field `emailAddresses.0`, `phoneNumbers.4`. The audit log counts guests, and does not name them. */
export async function saveGuestList(
  app: Pick<App, "db" | "keys" | "services">,
  actor: Actor,
  { service, form }: { service: Service; form: GuestListForm },
): Promise<void> {
  const wanted = new Map(readForm(form).map((guest) => [guest.normalised, guest]));
  const owner = { serviceId: service.id, dataKey: service.dataKey, searchIndex: app.keys.searchIndex };
  await app.db.transaction(async (tx) => {
    const before = await listGuests(tx, owner);
    const known = new Set(before.map(({ normalised }) => normalised));
    const removed = before.filter(({ normalised }) => !wanted.has(normalised));
    const added = [...wanted.values()].filter(({ normalised }) => !known.has(normalised));
    for (const guest of removed) await deleteGuest(tx, owner, guest);
    for (const guest of added) await insertGuest(tx, owner, guest);
    if (added.length + removed.length === 0) return;
    const change = { before: { guests: before.length }, after: { guests: wanted.size } };
    await recordDeed(tx, actor, {
      serviceId: service.id,
      action: "guest-list.saved",
      subject: "guest list",
      ...change,
    });
  });
  app.services.forget(service.id);
}

function readForm(form: GuestListForm): Guest[] {
  const problems: FieldProblem[] = [];
  const guests = (["emailAddresses", "phoneNumbers"] as const).flatMap((field) => {
    const entries = form[field].map((text, index) => ({ text: text.trim(), field: `${field}.${index}` }));
    const filled = entries.filter(({ text }) => text !== "");
    if (filled.length > GUESTS_OF_A_SORT_MAX)
      problems.push({ field, problem: "guests-too-many", message: `Enter ${GUESTS_OF_A_SORT_MAX} or fewer` });
    return filled.flatMap((entry) => readEntry(entry, field === "phoneNumbers" ? "sms" : "email", problems));
  });
  refuseProblems(problems);
  return guests;
}

function readEntry(
  { text, field }: { text: string; field: string },
  channel: Guest["channel"],
  problems: FieldProblem[],
): Guest[] {
  const guest = parseGuest(text);
  if (guest?.channel === channel) return [guest];
  const message = channel === "sms" ? "Enter a phone number in full" : "Enter an email address in full";
  problems.push({ field, problem: channel === "sms" ? "guest-number-wrong" : "guest-address-wrong", message });
  return [];
}
