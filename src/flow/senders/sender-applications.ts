/** A service asks to have one of its senders registered with a country's networks, mends what it said, or takes it back. */
import { listCountries } from "../../core/phone/international-rates.ts";
import { Refusal } from "../../core/refusal.ts";
import { type ApplicationState, statesBefore } from "../../core/senders/application.ts";
import { type Db, type Tx, violatedUniqueConstraint } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { open, seal } from "../../platform/sealing.ts";
import {
  countOpenApplications,
  findApplication,
  insertApplication,
  insertApplicationMove,
  listApplicationMoves,
  type SenderApplication,
  setApplicationAnswers,
  setApplicationState,
} from "../../records/senders/sender-application-store.ts";
import { listTextSenders, lockTextSender } from "../../records/senders/text-sender-store.ts";
import type { Service } from "../../records/services/service.ts";
import { sealedAt } from "../../records/services/service-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { fieldRefusal } from "../form-refusal.ts";
import { type ApplicationAnswers, readAnswers } from "./application-form.ts";

const OPEN_MAX = 100;

type Keeper = Pick<App, "db" | "clock">;
type Owner = Pick<Service, "id" | "dataKey">;

export interface ApplicationWish {
  senderId: string;
  countryPrefix: string;
  answers: ApplicationAnswers;
}

/** Answers with its id. Fields: those of the answers. */
export async function applyForCountry(
  { db, clock }: Keeper,
  actor: Actor,
  { service, ...wish }: ApplicationWish & { service: Owner },
): Promise<string> {
  const answers = readAnswers(wish.answers);
  const id = newId();
  const { countryPrefix, senderId } = wish;
  try {
    await db.transaction(async (tx) => {
      const sender = await getOwnSender(tx, service.id, wish);
      const sealedAnswers = sealAnswers(service, id, answers);
      const createdAt = clock.now();
      const asked = { id, serviceId: service.id, senderId, sender, countryPrefix, createdAt, sealedAnswers };
      await insertApplication(tx, asked);
      await noteMove({ tx, actor, service }, { id, sender, to: "asked", now: createdAt, words: "" });
    });
  } catch (error) {
    if (violatedUniqueConstraint(error) !== "sender_applications_open") throw error;
    throw new Refusal("conflict", "There is an application of this sender for this country already");
  }
  return id;
}

/** By its words. It cannot be renamed or removed until the transaction has ended. */
async function getOwnSender(tx: Tx, serviceId: string, wish: Omit<ApplicationWish, "answers">): Promise<string> {
  const { senderId, countryPrefix } = wish;
  if (!listCountries().some(({ prefix }) => prefix === countryPrefix))
    throw fieldRefusal("country", "country-unknown", "Choose a country");
  await lockTextSender(tx, senderId);
  const sender = (await listTextSenders(tx, serviceId)).find((one) => one.id === senderId);
  if (!sender) throw notThere();
  if (sender.isShared)
    throw new Refusal("bad-request", "Your organisation shares this sender: ask those who run this Pennypost");
  if (sender.registeredCountries.includes(countryPrefix))
    throw new Refusal("bad-request", "This sender is registered there already");
  if ((await countOpenApplications(tx, serviceId)) >= OPEN_MAX)
    throw new Refusal("bad-request", `A service can have up to ${OPEN_MAX} applications under way`);
  return sender.sender;
}

/** What was missing is there: it waits for those who run the platform again. Fields: those of the answers. */
export async function handInAgain(
  { db, clock }: Keeper,
  actor: Actor,
  { service, id, answers: typed }: { service: Owner; id: string; answers: ApplicationAnswers },
): Promise<void> {
  const answers = readAnswers(typed);
  await db.transaction(async (tx) => {
    const { sender } = await getApplication(tx, id, service.id);
    const move = { id, from: statesBefore("service", "asked"), to: "asked", now: clock.now() } as const;
    if (!(await setApplicationState(tx, move))) throw movedOn();
    await setApplicationAnswers(tx, id, sealAnswers(service, id, answers));
    await noteMove({ tx, actor, service }, { ...move, sender, words: "" });
  });
}

export async function withdrawApplication(
  { db, clock }: Keeper,
  actor: Actor,
  { service, id }: { service: Owner; id: string },
): Promise<void> {
  await db.transaction(async (tx) => {
    const { sender } = await getApplication(tx, id, service.id);
    const move = { id, from: statesBefore("service", "withdrawn"), to: "withdrawn", now: clock.now() } as const;
    if (!(await setApplicationState(tx, move))) throw movedOn();
    await noteMove({ tx, actor, service }, { ...move, sender, words: "" });
  });
}

/** Of this service, or of any. */
export async function getApplication(db: Db, id: string, serviceId?: string): Promise<SenderApplication> {
  const found = await findApplication(db, id);
  if (!found || (serviceId !== undefined && found.serviceId !== serviceId)) throw notThere();
  return found;
}

export interface HistoryEntry {
  at: Date;
  state: ApplicationState;
  /** Undefined where it was closed because its sender went. */
  userName: string | undefined;
  words: string;
}

/** What the service said, and what has become of it, the newest first. */
export async function readApplication(
  { db }: Pick<App, "db">,
  { dataKey: key }: Pick<Owner, "dataKey">,
  { id, sealedAnswers }: SenderApplication,
): Promise<{ answers: ApplicationAnswers; history: HistoryEntry[] }> {
  const answers = JSON.parse(open({ key, belongsTo: sealedAt.senderApplication(id) }, sealedAnswers).toString());
  const history = (await listApplicationMoves(db, id)).map(({ id: moveId, sealedWords, at, state, userName }) => {
    const belongsTo = sealedAt.senderApplicationMove(moveId);
    return { at, state, userName, words: sealedWords ? open({ key, belongsTo }, sealedWords).toString() : "" };
  });
  return { answers, history };
}

/** In the history on its page, with its words, and in the audit log, without them: they may say whose texts these are. */
export async function noteMove(
  { tx, actor, service }: { tx: Tx; actor: Actor; service: Owner },
  move: { id: string; sender: string; to: ApplicationState; now: Date; words: string; reference?: string },
): Promise<void> {
  const { id: applicationId, to: state, now: at, words, sender: subject, reference } = move;
  const id = newId();
  const sealedWords = words
    ? seal({ key: service.dataKey, belongsTo: sealedAt.senderApplicationMove(id) }, words)
    : undefined;
  await insertApplicationMove(tx, { id, applicationId, at, state, userId: actor.userId, sealedWords });
  const after = { application: applicationId, state, ...(reference ? { reference } : {}) };
  await recordDeed(tx, actor, { serviceId: service.id, action: `sender-application.${state}`, subject, after });
}

function sealAnswers({ dataKey: key }: Owner, id: string, answers: ApplicationAnswers): Buffer {
  return seal({ key, belongsTo: sealedAt.senderApplication(id) }, JSON.stringify(answers));
}

export function movedOn(): Refusal {
  return new Refusal("conflict", "This cannot be done any more: the application has moved on");
}

function notThere(): Refusal {
  return new Refusal("not-found", "It is not there, or has been removed");
}
