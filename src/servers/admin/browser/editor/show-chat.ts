/** Shows the chat message on the phone. */
import type { Example } from "../../templates/preview/examples.ts";
import { previewChat } from "../../templates/preview/preview-chat.ts";
import { nodesOf } from "./pieces.ts";

export function showChat(body: string, examples: readonly Example[]): void {
  document.querySelector("[data-phone-text]")?.replaceChildren(...nodesOf(previewChat(body, examples)));
}
