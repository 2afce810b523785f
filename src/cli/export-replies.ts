/** What becomes of texts from the public, as a declaration says it. */
import { listForwardedTo } from "../flow/replies/set-replies.ts";
import type { Db } from "../platform/db.ts";
import { listAllKeywords } from "../records/inbound-numbers/keyword-store.ts";
import { getReplySettings } from "../records/replies/reply-settings-store.ts";
import { NONE } from "./apply/read.ts";

export async function repliesOf(db: Db, serviceId: string) {
  const { isOn, words, answers } = await getReplySettings(db, serviceId);
  const answer = (text: string | undefined) => (text === "" ? NONE : text);
  return {
    ...{ on: isOn, stop_words: words.stop, start_words: words.start, help_words: words.help },
    stop_answer: answer(answers.stop),
    start_answer: answer(answers.start),
    help_answer: answer(answers.help),
    forward_to: await listForwardedTo(db, serviceId),
  };
}

export async function keywordsOf(db: Db) {
  return (await listAllKeywords(db)).map(({ number, keyword, serviceId }) => ({ number, keyword, service: serviceId }));
}
