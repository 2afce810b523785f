/** Sender names that a hurried reader takes for one another: `HM-RC`, `HMRC` and `hmrc`; `PayPaI` and `PayPal`. */

/** A name that only some may send under, as it is set up. */
export interface ProtectedName {
  id: string;
  name: string;
  /** Also names that have it inside: "HMRC Tax" beside "HMRC". */
  coversLonger: boolean;
  /** Who may use it: any service of these organisations, and these services. */
  organisationIds: readonly string[];
  serviceIds: readonly string[];
}

/** Who wants to send under a name. */
interface Claimant {
  serviceId: string;
  organisationId: string | undefined;
}

/** Characters of sender names that small screens show much the same (Unicode TR39 §4 lists more, which no sender may have). */
const CONFUSABLE: Readonly<Record<string, string>> = {
  ...{ "0": "o", "1": "l", i: "l", "2": "z", "3": "e", "4": "a", "5": "s", "8": "b" },
};
const PAIRS: readonly (readonly [string, string])[] = [
  ["rn", "m"],
  ["vv", "w"],
];

/** What is left of a name when nothing counts but how it looks.  foldSender("Bar-Clay5") → "barclays" */
export function foldSender(name: string): string {
  return foldLookAlikes(name.toLowerCase().replace(/[^a-z0-9]/g, ""));
}

/** Small letters and digits as they look.  foldLookAlikes("c1ick") → "cllck", and so does "click" */
export function foldLookAlikes(plain: string): string {
  const folded = plain.replace(/[a-z0-9]/g, (character) => CONFUSABLE[character] ?? character);
  return PAIRS.reduce((text, [pair, one]) => text.replaceAll(pair, one), folded);
}

/** The first protected name that a sender looks like, and that whoever wants it may not use. */
export function protectedNameIn(
  names: readonly ProtectedName[],
  sender: string,
  claimant: Claimant,
): ProtectedName | undefined {
  const folded = foldSender(sender);
  return names.find((one) => !mayUseName(one, claimant) && looksAlike(one, folded));
}

/** Senders that are there already although they look like names that their services may not use, by the name's id. */
export function strangersUnder<Sender extends Claimant & { sender: string }>(
  names: readonly ProtectedName[],
  senders: readonly Sender[],
): Map<string, Sender[]> {
  const folded = senders.map((one) => ({ one, folded: foldSender(one.sender) }));
  return new Map(
    names.map((name) => {
      const own = foldSender(name.name);
      const alike = folded.filter((sender) =>
        name.coversLonger ? sender.folded.includes(own) : sender.folded === own,
      );
      return [name.id, alike.map(({ one }) => one).filter((one) => !mayUseName(name, one))];
    }),
  );
}

function looksAlike({ name, coversLonger }: ProtectedName, folded: string): boolean {
  const own = foldSender(name);
  return coversLonger ? folded.includes(own) : folded === own;
}

function mayUseName({ organisationIds, serviceIds }: ProtectedName, { serviceId, organisationId }: Claimant): boolean {
  return serviceIds.includes(serviceId) || (organisationId !== undefined && organisationIds.includes(organisationId));
}
