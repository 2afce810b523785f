/** What becomes of a text, by its recipient: two numbers fail, as they do with Notify's test keys. */
import {
  MESSAGE_STATES,
  type MessageStateWord,
  networkErrorTlv,
  numberTlv,
  TAG,
  type Tlv,
} from "../../platform/smpp/tlvs.ts";

const NETWORK_GSM = 3;

const TEMPORARY_FAILURE_SUFFIX = "7700900003";
const PERMANENT_FAILURE_SUFFIX = "7700900002";

export interface Fate {
  stat: MessageStateWord;
  /** The network's error code: 3GPP TS 29.002 §17.6.6 absent subscriber (27), unknown subscriber (1). */
  err: string;
  /** The same two as parameters of a receipt. */
  tlvs: readonly Tlv[];
}

const DELIVERED = fate("DELIVRD", "000");
const TEMPORARY_FAILURE = fate("EXPIRED", "027");
const PERMANENT_FAILURE = fate("UNDELIV", "001");

function fate(stat: MessageStateWord, err: string): Fate {
  const state = numberTlv(TAG.message_state, MESSAGE_STATES[stat], 1);
  return { stat, err, tlvs: [state, networkErrorTlv(NETWORK_GSM, Number(err))] };
}

export function fateOf(recipient: string): Fate {
  if (recipient.endsWith(TEMPORARY_FAILURE_SUFFIX)) return TEMPORARY_FAILURE;
  if (recipient.endsWith(PERMANENT_FAILURE_SUFFIX)) return PERMANENT_FAILURE;
  return DELIVERED;
}
