/** What a service has set for texts that ask for something, and who gets what is written to it by email. */
import type { Asked } from "../../core/replies/reply-words.ts";
import type { Db, Tx } from "../../platform/db.ts";

export interface ReplySettings {
  /** STOP, START and HELP do something. */
  isOn: boolean;
  /** None: the product's own. */
  words: Readonly<Record<Asked, readonly string[]>>;
  /** Undefined: the product's own; empty: nothing is answered. */
  answers: Readonly<Record<Asked, string | undefined>>;
  /** Addresses that get each text. */
  forwardTo: readonly string[];
}

export const USUAL_REPLIES: ReplySettings = {
  isOn: true,
  words: { stop: [], start: [], help: [] },
  answers: { stop: undefined, start: undefined, help: undefined },
  forwardTo: [],
};

interface Row {
  isOn: boolean;
  stopWords: string[];
  startWords: string[];
  helpWords: string[];
  stopAnswer: string | undefined;
  startAnswer: string | undefined;
  helpAnswer: string | undefined;
  forwardTo: string[];
}

export async function getReplySettings(db: Db, serviceId: string): Promise<ReplySettings> {
  const [row] = await db.query<Row>`
    select r.is_on, r.stop_words, r.start_words, r.help_words, r.stop_answer, r.start_answer, r.help_answer, r.forward_to
    from reply_settings r where r.service_id = ${serviceId}`;
  if (!row) return USUAL_REPLIES;
  return {
    isOn: row.isOn,
    words: { stop: row.stopWords, start: row.startWords, help: row.helpWords },
    answers: { stop: row.stopAnswer, start: row.startAnswer, help: row.helpAnswer },
    forwardTo: row.forwardTo,
  };
}

export async function putReplySettings(tx: Tx, serviceId: string, settings: ReplySettings): Promise<void> {
  const { isOn, words, answers, forwardTo } = settings;
  await tx.query`
    insert into reply_settings (service_id, is_on, stop_words, start_words, help_words, stop_answer, start_answer, help_answer, forward_to)
    values (${serviceId}, ${isOn}, ${words.stop}, ${words.start}, ${words.help}, ${answers.stop ?? null}, ${answers.start ?? null},
      ${answers.help ?? null}, ${forwardTo})
    on conflict (service_id) do update set is_on = excluded.is_on, stop_words = excluded.stop_words,
      start_words = excluded.start_words, help_words = excluded.help_words, stop_answer = excluded.stop_answer,
      start_answer = excluded.start_answer, help_answer = excluded.help_answer, forward_to = excluded.forward_to`;
}
