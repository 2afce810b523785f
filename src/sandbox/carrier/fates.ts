/** What becomes of a text, by its recipient: two numbers fail, as they do with Notify's test keys. */
import type { MessageStateWord } from "../../platform/smpp/tlvs.ts";

const TEMPORARY_FAILURE_SUFFIX = "7700900003";
const PERMANENT_FAILURE_SUFFIX = "7700900002";

export interface Fate {
  stat: MessageStateWord;
  /** The network's error code: 3GPP TS 29.002 §17.6.6 absent subscriber (27), unknown subscriber (1). */
  err: string;
}

const DELIVERED: Fate = { stat: "DELIVRD", err: "000" };
const TEMPORARY_FAILURE: Fate = { stat: "EXPIRED", err: "027" };
const PERMANENT_FAILURE: Fate = { stat: "UNDELIV", err: "001" };

export function fateOf(recipient: string): Fate {
  if (recipient.endsWith(TEMPORARY_FAILURE_SUFFIX)) return TEMPORARY_FAILURE;
  if (recipient.endsWith(PERMANENT_FAILURE_SUFFIX)) return PERMANENT_FAILURE;
  return DELIVERED;
}
