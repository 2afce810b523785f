/** For the housekeeping, whose runs may break off: what was sent by the run before is not sent again. */
import { Refusal } from "../../core/refusal.ts";
import type { People } from "./people.ts";

export async function sendOnce(
  { post, log }: Pick<People, "post" | "log">,
  message: Parameters<People["post"]["send"]>[0],
): Promise<void> {
  try {
    await post.send(message);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.kind !== "conflict") log.warn("system-message.not-sent", { message: message.kind, reason: error.kind });
  }
}
