/** A choice of sender in plain words, for commands; pages have their own in their catalogue. */
import type { SenderChoice } from "./choose-text-sender.ts";

/** "60006, as the country does not let Northwold through" */
export function senderWords(choice: SenderChoice): string {
  switch (choice.kind) {
    case "unknown":
      return "unknown";
    case "not-in-country":
      return "none: the service has no sender that the country lets through";
    case "sender": {
      const { pool, isSticky, instead, isSigned } = choice.note ?? {};
      return [
        choice.sender,
        ...(instead === undefined ? [] : [`as the country does not let ${instead} through`]),
        ...(pool === undefined ? [] : [`of the group ${pool}`]),
        ...(isSticky ? ["always the same for this recipient"] : []),
        ...(isSigned ? ["with the service's name in front of the text"] : []),
      ].join(", ");
    }
  }
}
