/**
 * Long texts come in parts, each a submit of its own. A part is acknowledged when it is kept; with the last to come the text is whole,
 * and is accepted as one message. Each part has a message id of its own, and the receipt of the whole is the receipt of each.
 */

import { Refusal } from "../../core/refusal.ts";
import { type Alphabet, decodeText } from "../../core/sms/decode-text.ts";
import type { Tx } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { blindIndex } from "../../platform/sealing.ts";
import { createTurns, type Turns } from "../../platform/turns.ts";
import {
  deleteKeptParts,
  hasKeptParts,
  insertKeptPart,
  type KeptPart,
  listKeptParts,
  lockSubmittedSet,
  type SubmittedSet,
} from "../../records/smpp-accounts/smpp-part-store.ts";
import { openSubmitted } from "../../records/smpp-accounts/submitted.ts";
import type { App } from "../app.ts";
import type { Intake } from "../intake/accept.ts";
import type { Customer } from "./customer.ts";
import { planLostParts } from "./plan-deliveries.ts";
import { type SubmittedText, sealSubmit, takeText } from "./take-text.ts";

/** Parts of one account that may wait for others. */
const WAITING_MAX = 5_000;
const SETS_AT_ONCE_MAX = 3;

/** `words` are those of the part alone. */
export interface SubmittedPart extends SubmittedText {
  part: { reference: number; total: number; number: number };
  octets: Uint8Array;
  alphabet: Alphabet;
}

/** The message id to acknowledge it with: the part is kept, or the text it completes is. Throws a `Refusal`. */
export async function takePart(intake: Intake, customer: Customer, submitted: SubmittedPart): Promise<string> {
  const set = setOf(intake, customer, submitted);
  const taken = await turnsOf(intake).take(() =>
    intake.db.transaction(async (tx) => {
      await lockSubmittedSet(tx, set);
      const kept = await listKeptParts(tx, customer.service, set);
      const inItsPlace = kept.find(({ number }) => number === submitted.part.number);
      if (inItsPlace?.octets.equals(submitted.octets)) return inItsPlace.messageId;
      const waiting = inItsPlace ? [] : kept;
      if (inItsPlace) await loseParts(intake, tx, { set, parts: kept, state: "EXPIRED" });
      if (waiting.length + 1 < submitted.part.total) return keep(tx, { customer, set, submitted });
      return complete(intake, tx, { customer, set, submitted, waiting });
    }),
  );
  if (taken instanceof Refusal) throw taken;
  return taken;
}

/** Accepting the whole takes a connection of the database beside the one that holds the set: never all of them may be held so. */
const turns = new WeakMap<Intake, Turns>();

function turnsOf(intake: Intake): Turns {
  const known = turns.get(intake) ?? createTurns(SETS_AT_ONCE_MAX);
  turns.set(intake, known);
  return known;
}

/** A reference is one of its sender's to its recipient; and it comes round again after a while. */
function setOf({ keys }: Pick<App, "keys">, { service, account }: Customer, submitted: SubmittedPart): SubmittedSet {
  const { source, destination } = submitted.addresses;
  const { reference, total } = submitted.part;
  const name = JSON.stringify([source.address, destination.address, reference, total]);
  return { accountId: account.id, serviceId: service.id, setIndex: blindIndex(keys.searchIndex, name) };
}

interface Taking {
  customer: Customer;
  set: SubmittedSet;
  submitted: SubmittedPart;
}

async function keep(tx: Tx, { customer, set, submitted }: Taking): Promise<string> {
  if (await hasKeptParts(tx, set.accountId, WAITING_MAX))
    throw new Refusal("rate-limited", "Too many parts of texts wait for the others");
  const messageId = newId();
  const part: KeptPart = {
    messageId,
    number: submitted.part.number,
    registeredDelivery: submitted.registeredDelivery,
    sealedSubmit: sealSubmit(customer, messageId, submitted),
    octets: Buffer.from(submitted.octets),
  };
  await insertKeptPart(tx, customer.service, { set, part });
  return messageId;
}

/** Resolves with a refusal that will stay one: what was kept of the text is given up with it. */
async function complete(
  intake: Intake,
  tx: Tx,
  { customer, set, submitted, waiting }: Taking & { waiting: readonly KeptPart[] },
): Promise<string | Refusal> {
  const text = { ...submitted, words: joinedWords(customer, submitted, waiting) };
  try {
    return await takeText(intake, customer, { text, parts: waiting });
  } catch (error) {
    if (!(error instanceof Refusal) || mayBeTakenLater(error)) throw error;
    await loseParts(intake, tx, { set, parts: waiting, state: "REJECTD" });
    return error;
  }
}

/** Each part in its own alphabet. Of octets, not of words, where neighbours have the same: a part may end inside a character. */
function joinedWords({ service }: Customer, submitted: SubmittedPart, waiting: readonly KeptPart[]): string {
  const { alphabet: ofLast, octets, part } = submitted;
  const kept = waiting.map(({ number, octets, messageId, sealedSubmit }) => {
    const { alphabet = ofLast } = openSubmitted(service, messageId, sealedSubmit);
    return { number, octets, alphabet };
  });
  const all = [...kept, { number: part.number, octets, alphabet: ofLast }];
  return runsOf(all.sort((one, other) => one.number - other.number))
    .map((run) => decodeText(Buffer.concat(run.octets), run.alphabet) ?? "")
    .join("");
}

interface Run {
  alphabet: Alphabet;
  octets: Uint8Array[];
}

function runsOf(parts: readonly { octets: Uint8Array; alphabet: Alphabet }[]): Run[] {
  const runs: Run[] = [];
  for (const { octets, alphabet } of parts) {
    const last = runs.at(-1);
    if (last?.alphabet === alphabet) last.octets.push(octets);
    else runs.push({ alphabet, octets: [octets] });
  }
  return runs;
}

function mayBeTakenLater({ kind }: Refusal): boolean {
  return kind === "rate-limited" || kind === "unavailable";
}

interface Losing {
  set: SubmittedSet;
  parts: readonly KeptPart[];
  state: "EXPIRED" | "REJECTD";
}

async function loseParts({ clock }: Pick<App, "clock">, tx: Tx, { set, parts, state }: Losing): Promise<void> {
  await deleteKeptParts(
    tx,
    parts.map(({ messageId }) => messageId),
  );
  await planLostParts(tx, set.accountId, { parts, state, at: clock.now() });
}

/** Gives up what has come of a set whose other parts do not come any more; says of how many parts. */
export async function giveUpSet(app: Pick<App, "db" | "clock" | "services">, set: SubmittedSet): Promise<number> {
  const service = await app.services.find(set.serviceId);
  if (!service) return 0;
  return app.db.transaction(async (tx) => {
    await lockSubmittedSet(tx, set);
    const parts = await listKeptParts(tx, service, set);
    await loseParts(app, tx, { set, parts, state: "EXPIRED" });
    return parts.length;
  });
}
