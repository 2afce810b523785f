/** How letters were posted, in words. */
import type { PostageUsage } from "../../../flow/statistics/charges.ts";
import type { Visit } from "../http/visit.ts";

export function postageWords({ text }: Pick<Visit, "text">, postage: PostageUsage["postage"]): string {
  return postage === "" ? text("usage.unknownPostage") : text(`letter.postage.${postage}`);
}
