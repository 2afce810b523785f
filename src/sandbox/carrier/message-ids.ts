/** Ids that the carrier gives messages: numbers that never come back, not even after a restart. */
import type { CarrierFaults } from "./faults.ts";

/** Room for so many messages a millisecond since the start. */
const IDS_PER_MILLISECOND = 1_000;

export interface MessageId {
  inAnswer: string;
  inReceipt: string;
}

/** Makes ids one after another, from one that no earlier start has reached. */
export function messageIds(startedAt: Date): (format: CarrierFaults["messageIds"]) => MessageId {
  let last = startedAt.getTime() * IDS_PER_MILLISECOND;
  return (format) => {
    last++;
    return write(last, format);
  };
}

function write(number: number, format: CarrierFaults["messageIds"]): MessageId {
  const decimal = String(number);
  switch (format) {
    case "as-is":
      return { inAnswer: decimal, inReceipt: decimal };
    case "hex-in-answer":
      return { inAnswer: number.toString(16), inReceipt: decimal };
    case "decimal-in-answer":
      return { inAnswer: decimal, inReceipt: number.toString(16) };
  }
}
