/** What the part of a long text means, beside the parts of its set that are kept already. */
import type { InboundPart } from "../../records/inbound-messages/inbound-part-store.ts";

type NewPart = Omit<InboundPart, "isPassedOn">;

export interface Placement {
  /** It came before, and changes nothing. */
  isRepeat: boolean;
  /** Parts whose reference another text now uses: what has come of them is all that will. */
  abandoned: NewPart[];
  /** All parts in order, when this one completes its text. */
  complete: NewPart[] | undefined;
}

/** References are short, so a sender uses one again after a while: a part that differs from the one in its place begins another text. */
export function placePart(known: readonly InboundPart[], arriving: NewPart, total: number): Placement {
  const inItsPlace = known.find(({ number }) => number === arriving.number);
  if (inItsPlace?.text === arriving.text) return { isRepeat: true, abandoned: [], complete: undefined };
  const waiting = known.filter(({ isPassedOn }) => !isPassedOn);
  const abandoned = inItsPlace ? waiting : [];
  const together = [...(inItsPlace ? [] : waiting), arriving].sort((one, other) => one.number - other.number);
  return { isRepeat: false, abandoned, complete: together.length === total ? together : undefined };
}
