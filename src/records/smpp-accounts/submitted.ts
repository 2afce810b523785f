/** What is kept of a submit for its receipt: the addresses as they were written, and its first words. Sealed under its message id. */

import type { Alphabet } from "../../core/sms/decode-text.ts";
import { open, seal } from "../../platform/sealing.ts";
import type { Address } from "../../platform/smpp/pdu.ts";
import type { Service } from "../services/service.ts";

export interface Submitted {
  source: Address;
  destination: Address;
  beginning: string;
  /** Of a part of a long text, in which its octets are read when the others have come. */
  alphabet?: Alphabet | undefined;
}

type Owner = Pick<Service, "dataKey">;

export function sealSubmitted({ dataKey }: Owner, messageId: string, submitted: Submitted): Buffer {
  return seal({ key: dataKey, belongsTo: belonging(messageId) }, JSON.stringify(submitted));
}

export function openSubmitted({ dataKey }: Owner, messageId: string, sealed: Buffer): Submitted {
  return JSON.parse(open({ key: dataKey, belongsTo: belonging(messageId) }, sealed).toString()) as Submitted;
}

/** The same wherever it is kept, so that it goes from one table to the next unopened. */
function belonging(messageId: string): string {
  return `smpp_submit:${messageId}`;
}
