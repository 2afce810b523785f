/** What the part of a long text means, beside the parts of its set that are kept already. */
import type { InboundPart } from "../../records/inbound-messages/inbound-part-store.ts";

/** A carrier that did not hear our answer sends a part again within this time; the same words later are another text. */
const REPEATED_WITHIN_MS = 10 * 60_000;

export interface Placement {
  /** It came before, and changes nothing. */
  isRepeat: boolean;
  /** Parts whose reference another text now uses: what has come of them is all that will. */
  abandoned: InboundPart[];
  /** All parts in order, when this one completes its text. */
  complete: InboundPart[] | undefined;
}

/** References are short, so a sender uses one again after a while: a part that differs from the one in its place is another text's. */
export function placePart(known: readonly InboundPart[], arriving: InboundPart, total: number): Placement {
  const inItsPlace = known.find(({ number }) => number === arriving.number);
  if (inItsPlace && isRepeat(inItsPlace, arriving)) return { isRepeat: true, abandoned: [], complete: undefined };
  const waiting = known.filter(({ isPassedOn }) => !isPassedOn);
  const isTaken = inItsPlace?.isPassedOn === false;
  const together = [...(isTaken ? [] : waiting), arriving].sort((one, other) => one.number - other.number);
  return {
    isRepeat: false,
    abandoned: isTaken ? waiting : [],
    complete: together.length === total ? together : undefined,
  };
}

function isRepeat(kept: InboundPart, arriving: InboundPart): boolean {
  if (kept.text !== arriving.text) return false;
  return !kept.isPassedOn || arriving.createdAt.getTime() - kept.createdAt.getTime() < REPEATED_WITHIN_MS;
}
