/** Makes a list in the database what a list in a file says: finds each thing by id, else by name, and creates, updates or leaves it. */
import { isDeepStrictEqual } from "node:util";
import { type Place, refuseAt } from "./read.ts";
import type { Change, Fields, Run } from "./run.ts";

/** How one kind of thing is compared and written. */
export interface Noun<Wanted, Current> {
  kind: string;
  serviceId?: string | undefined;
  /** Its own id is the service's. */
  isService?: boolean;
  /** Whose it is, for people: ` of Northwold Libraries`. */
  owner?: string;
  nameOf(thing: Wanted | Current): string;
  idOf?(thing: Wanted | Current): string | undefined;
  placeOf?(wanted: Wanted): Place;
  /** Two things may have the same name, so an id that nothing has makes a new one. */
  hasTwins?: boolean;
  /** What can be seen of it, with every secret replaced by a word. */
  fieldsOf(current: Current): Fields;
  /** The same of what is wanted; what it does not say is undefined. A secret that is to change has another word. */
  wishesOf(wanted: Wanted, current: Current | undefined): Fields;
  insert(wanted: Wanted): Promise<void>;
  update(current: Current, wanted: Wanted): Promise<void>;
  /** Without it, what the list does not name is left alone even when the run prunes. */
  remove?(current: Current): Promise<void>;
}

export async function reconcile<Wanted, Current>(
  run: Run,
  noun: Noun<Wanted, Current>,
  lists: { wanted: readonly Wanted[]; current: readonly Current[] },
): Promise<void> {
  refuseTwice(noun, lists.wanted);
  const left = new Set(lists.current);
  for (const wanted of lists.wanted) {
    const current = findMatch(noun, wanted, [...left]);
    if (current !== undefined) left.delete(current);
    await settle(run, noun, { wanted, current });
  }
  if (run.prunes && noun.remove) for (const current of left) await removeOne(run, noun, current);
}

/** Which of those that are there is meant: the one with its id, else the one with its name. */
export function findMatch<Wanted, Current>(
  noun: Noun<Wanted, Current>,
  wanted: Wanted,
  among: readonly Current[],
): Current | undefined {
  const id = noun.idOf?.(wanted);
  const byId = id === undefined ? undefined : among.find((current) => noun.idOf?.(current) === id);
  if (byId !== undefined) return byId;
  if (id !== undefined && noun.hasTwins) return undefined;
  const named = among.filter((current) => noun.nameOf(current) === noun.nameOf(wanted));
  const place = noun.placeOf?.(wanted);
  if (named.length > 1 && place) refuseAt(place, `could be any of ${named.length} things of that name: give its id`);
  const [match] = named;
  if (match !== undefined && id !== undefined && place) {
    refuseAt(place, `has another id here (${noun.idOf?.(match)}): leave the id out, or take that one`);
  }
  return match;
}

/** The second of two entries for one thing would undo the first. */
export function refuseTwice<Wanted, Current>(noun: Noun<Wanted, Current>, all: readonly Wanted[]): void {
  const seen = new Set<string>();
  for (const wanted of all) {
    const [place, key] = [noun.placeOf?.(wanted), noun.idOf?.(wanted) ?? noun.nameOf(wanted)];
    if (place !== undefined && seen.has(key)) refuseAt(place, "is in the list twice");
    seen.add(key);
  }
}

async function settle<Wanted, Current>(
  run: Run,
  noun: Noun<Wanted, Current>,
  { wanted, current }: { wanted: Wanted; current: Current | undefined },
): Promise<void> {
  const wishes = said(noun.wishesOf(wanted, current));
  if (current === undefined) {
    await noun.insert(wanted);
    run.changes.push({ ...describe(noun, wanted), action: "created", after: wishes });
    return;
  }
  const { before, after } = differences(noun.fieldsOf(current), wishes);
  if (Object.keys(after).length === 0) {
    run.unchanged.count += 1;
    return;
  }
  await noun.update(current, wanted);
  run.changes.push({ ...describe(noun, current), action: "updated", before, after });
}

async function removeOne<Wanted, Current>(run: Run, noun: Noun<Wanted, Current>, current: Current): Promise<void> {
  await noun.remove?.(current);
  run.changes.push({ ...describe(noun, current), action: "removed", before: said(noun.fieldsOf(current)) });
}

function describe<Wanted, Current>(
  noun: Noun<Wanted, Current>,
  thing: Wanted | Current,
): Pick<Change, "kind" | "name" | "serviceId"> {
  const serviceId = noun.isService ? noun.idOf?.(thing) : noun.serviceId;
  return { kind: noun.kind, name: `${noun.nameOf(thing)}${noun.owner ?? ""}`, serviceId };
}

/** Only what differs, before and after. */
export function differences(before: Fields, wishes: Fields): { before: Fields; after: Fields } {
  const names = Object.keys(wishes).filter((name) => !isDeepStrictEqual(before[name], wishes[name]));
  const pick = (fields: Fields) => Object.fromEntries(names.map((name) => [name, fields[name] ?? null]));
  return { before: pick(before), after: pick(wishes) };
}

/** Without the fields that say nothing. */
export function said<Of extends Fields>(fields: Of): Partial<Of> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Of>;
}

const KEPT = "(a secret)";
const CHANGED = "(another secret)";

/** A secret as it may be shown: whether it is another than before. Undefined when nothing is said of it. */
export function secretWord(wanted: string | undefined, current: string | undefined): string | undefined {
  if (wanted === undefined) return undefined;
  return current === undefined || current === wanted ? KEPT : CHANGED;
}

/** The word for a secret that is there. */
export const keptSecret = KEPT;
