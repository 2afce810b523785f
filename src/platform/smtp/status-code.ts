/**
 * Finds the code in what a mail system says. Only the code is kept: the words around it usually repeat the recipient.
 *
 *     findStatusCode("550 5.1.1 <ada@example.org>: no such user") → "5.1.1"
 */

/** Words beyond this are somebody's quoted mail. */
const SEARCHED_CHARACTERS = 16_384;
/** A reply code and the enhanced code of the same class beside it: certainly a mail system speaking (RFC 2034 §4). */
const REPLY_WITH_ENHANCED = /(?<![\d.])([45])\d\d[ -](?:\S{1,64} )?#?(\1\.\d{1,3}\.\d{1,3})(?![\d.]*\d)/;
/** An enhanced code alone. Its subject is 0 to 7 (RFC 3463 §3); with more digits or dots it is a version, a date or an IP address. */
const ENHANCED = /(?<![\d.])([45]\.[0-7]\.\d{1,3})(?!\.?\d)/;
/** A reply code alone, said the way a server says it (RFC 5321 §4.2). */
const REPLY = /(?<![\d.])([45])\d\d[ -](?=\D)/;
/** Words of failures for good that very old or very small mail systems use instead of a code. */
const NO_SUCH_RECIPIENT =
  /user unknown|unknown user|no such (?:user|mailbox|recipient)|mailbox (?:not found|unavailable)|does ?n[o']t (?:exist|have an? (?:account|mailbox))/i;

/** The enhanced status code of a failure, in a reply, diagnostic or bounce text; `x.0.0` where only a reply code is there; else undefined. */
export function findStatusCode(text: string): string | undefined {
  const searched = text.slice(0, SEARCHED_CHARACTERS);
  const certain = REPLY_WITH_ENHANCED.exec(searched)?.[2] ?? ENHANCED.exec(searched)?.[1];
  if (certain !== undefined) return certain;
  if (NO_SUCH_RECIPIENT.test(searched)) return "5.1.1";
  const replyClass = REPLY.exec(searched)?.[1];
  return replyClass === undefined ? undefined : `${replyClass}.0.0`;
}
