/** The octets of an inbound text as characters. */
import { decodeGsm7 } from "../../core/sms/gsm-alphabet.ts";
import { decodeUcs2 } from "../../core/sms/ucs2.ts";
import { alphabetOf } from "../../platform/smpp/short-message.ts";

/** The text, or undefined where its data_coding says that the octets are data, not text. */
export function decodeText(octets: Uint8Array, dataCoding: number): string | undefined {
  switch (alphabetOf(dataCoding)) {
    case "gsm7":
      return decodeGsm7(octets);
    case "latin1":
      return Buffer.from(octets).toString("latin1");
    case "ucs2":
      return decodeUcs2(octets);
    case "binary":
      return undefined;
  }
}
