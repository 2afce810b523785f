/** What becomes of a text, by its recipient, and how a carrier says so. */
import {
  MESSAGE_STATES,
  type MessageStateWord,
  networkErrorTlv,
  numberTlv,
  TAG,
  type Tlv,
} from "../../platform/smpp/tlvs.ts";
import { failureOf } from "../fates.ts";

const NETWORK_GSM = 3;

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
  const failure = failureOf(recipient);
  if (failure === undefined) return DELIVERED;
  return failure === "temporary" ? TEMPORARY_FAILURE : PERMANENT_FAILURE;
}
