/** Those who run the platform take an application to the networks, and say what came of it; whoever manages the service is told. */
import { listCountries } from "../../core/phone/international-rates.ts";
import { Refusal } from "../../core/refusal.ts";
import { statesBefore } from "../../core/senders/application.ts";
import type { SenderApplication } from "../../records/senders/sender-application-store.ts";
import { setApplicationState } from "../../records/senders/sender-application-store.ts";
import { lockTextSender } from "../../records/senders/text-sender-store.ts";
import type { Service } from "../../records/services/service.ts";
import { listTeam } from "../../records/services/team-store.ts";
import { listUsers } from "../../records/users/user-store.ts";
import type { Actor } from "../actor.ts";
import { fieldRefusal } from "../form-refusal.ts";
import { adminUrl, type People } from "../people/people.ts";
import { checkWords } from "./application-form.ts";
import { setRegistrations } from "./platform-senders.ts";
import { getApplication, movedOn, noteMove } from "./sender-applications.ts";

const LINE_MAX_CHARACTERS = 100;

export const PLATFORM_MOVES = ["sent", "more-wanted", "registered", "refused"] as const;
export type PlatformMove = (typeof PLATFORM_MOVES)[number];

export interface ApplicationDecision {
  id: string;
  to: PlatformMove;
  /** To whom it was sent, and what it is called there. */
  carrier: string;
  reference: string;
  /** What is missing, or why it is refused. */
  words: string;
  origin: string;
}

/** It waits, or waits again. */
export async function tellOfApplication(people: People, { id, origin }: { id: string; origin: string }): Promise<void> {
  const application = await getApplication(people.db, id);
  const { serviceName: service, sender } = application;
  const link = adminUrl(people, { origin }, `/platform/senders/applications/${id}`);
  const values = { service, sender, country: countryOf(application), link };
  const administrators = (await listUsers(people.db)).filter(({ isPlatformAdmin }) => isPlatformAdmin);
  for (const { emailAddress: to } of administrators) await people.post.send({ kind: "application-asked", to, values });
}

/** Registered: texts to the country come from it at once. Fields: `to`, `carrier`, `reference`, `words`. */
export async function moveApplication(people: People, actor: Actor, decision: ApplicationDecision): Promise<void> {
  const { id, to } = decision;
  const { history, mailed, reference } = wordsOf(decision);
  const application = await getApplication(people.db, id);
  const { serviceId, senderId, sender, countryPrefix } = application;
  const service = await getService(people, serviceId);
  await people.db.transaction(async (tx) => {
    await lockTextSender(tx, senderId); // first, as whoever renames it does
    const move = { id, from: statesBefore("platform", to), to, now: people.clock.now() };
    if (!(await setApplicationState(tx, move))) throw movedOn();
    if (to === "registered") await setRegistrations({ tx, actor }, senderId, (before) => [...before, countryPrefix]);
    await noteMove({ tx, actor, service }, { ...move, sender, words: history, reference });
  });
  people.services.forget(serviceId);
  if (to !== "sent") await tellManagers(people, application, { to, words: mailed, origin: decision.origin });
}

/** Whose key opens what it said. */
export async function getService({ services }: Pick<People, "services">, serviceId: string): Promise<Service> {
  const service = await services.find(serviceId);
  if (service) return service;
  throw new Refusal("not-found", "The service is not there any more");
}

function wordsOf({ to, ...typed }: ApplicationDecision): { history: string; mailed: string; reference: string } {
  const words = checkWords("words", typed.words);
  const [carrier, reference] = [checkLine("carrier", typed.carrier), checkLine("reference", typed.reference)];
  if (to === "sent") {
    if (carrier === "") throw fieldRefusal("carrier", "carrier-missing", "Enter the carrier or network it was sent to");
    return { history: [carrier, reference, words].filter(Boolean).join("; "), mailed: "", reference };
  }
  if (words === "" && to === "more-wanted") throw fieldRefusal("words", "words-missing", "Enter what is missing");
  if (words === "" && to === "refused") throw fieldRefusal("words", "words-missing", "Enter the reason");
  return { history: words, mailed: words, reference: "" };
}

function checkLine(field: string, typed: string): string {
  const line = typed.trim();
  if (line.length <= LINE_MAX_CHARACTERS) return line;
  throw fieldRefusal(field, "line-long", `Use ${LINE_MAX_CHARACTERS} characters or fewer`);
}

const KINDS = {
  "more-wanted": "application-more-wanted",
  registered: "application-registered",
  refused: "application-refused",
} as const;

async function tellManagers(
  people: People,
  application: SenderApplication,
  { to, words, origin }: { to: keyof typeof KINDS; words: string; origin: string },
): Promise<void> {
  const { id, serviceId, serviceName: service, sender } = application;
  const link = adminUrl(people, { origin }, `/services/${serviceId}/settings/text-senders/applications/${id}`);
  const told = { service, sender, country: countryOf(application), link };
  const managers = (await listTeam(people.db, serviceId)).filter(({ permissions }) =>
    permissions.includes("manage_service"),
  );
  for (const { name, emailAddress } of managers) {
    const values = { ...told, name, ...(to === "registered" ? {} : { words }) };
    await people.post.send({ kind: KINDS[to], to: emailAddress, values });
  }
}

function countryOf({ countryPrefix }: SenderApplication): string {
  return listCountries().find(({ prefix }) => prefix === countryPrefix)?.names[0] ?? `+${countryPrefix}`;
}
