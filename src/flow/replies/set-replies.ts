/** What a service sets for texts that ask for something, and who gets what is written to it by email. */
import { ASKED, plainWords, REPLY_WORD_MAX_CHARACTERS, REPLY_WORDS_MAX } from "../../core/replies/reply-words.ts";
import { SMS_CHARACTER_LIMIT } from "../../core/sms/text-mode.ts";
import type { Db } from "../../platform/db.ts";
import { getReplySettings, putReplySettings, type ReplySettings } from "../../records/replies/reply-settings-store.ts";
import { listReplyToAddresses } from "../../records/senders/reply-to-store.ts";
import { listTeam } from "../../records/services/team-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { type FieldProblem, refuseProblems } from "../form-refusal.ts";

const FORWARD_TO_MAX = 10;

/** Addresses that have been proven: those of the team, and those that replies to emails go to. */
export async function listForwardable(db: Db, serviceId: string): Promise<string[]> {
  const [team, replyTos] = await Promise.all([listTeam(db, serviceId), listReplyToAddresses(db, serviceId)]);
  const all = [...team.map(({ emailAddress }) => emailAddress), ...replyTos.map(({ address }) => address)];
  return [...new Map(all.map((address) => [address.toLowerCase(), address])).values()].toSorted();
}

/** Who has left the team since gets nothing more, whatever is set. */
export async function listForwardedTo(db: Db, serviceId: string): Promise<string[]> {
  const { forwardTo } = await getReplySettings(db, serviceId);
  if (forwardTo.length === 0) return [];
  const known = new Set((await listForwardable(db, serviceId)).map((address) => address.toLowerCase()));
  return forwardTo.filter((address) => known.has(address.toLowerCase()));
}

/** Fields: `stopWords`, `startWords`, `helpWords`, `stopAnswer`, `startAnswer`, `helpAnswer`, `forwardTo`. */
export async function setReplies(
  { db }: Pick<App, "db">,
  actor: Actor,
  { serviceId, settings }: { serviceId: string; settings: ReplySettings },
): Promise<void> {
  await db.transaction(async (tx) => {
    refuseProblems(replyProblems(settings, await listForwardable(tx, serviceId)));
    const before = { ...(await getReplySettings(tx, serviceId)) };
    await putReplySettings(tx, serviceId, settings);
    const deed = { serviceId, action: "service.replies-set", subject: "replies" };
    await recordDeed(tx, actor, { ...deed, before: shown(before), after: shown(settings) });
  });
}

/** Addresses of people are counted, not named. */
function shown({ forwardTo, ...settings }: ReplySettings): Record<string, unknown> {
  return { ...settings, forwardedTo: forwardTo.length };
}

export function replyProblems(settings: ReplySettings, forwardable: readonly string[]): FieldProblem[] {
  const problem = (field: string, code: string, message: string): FieldProblem => ({ field, problem: code, message });
  const { words, answers, forwardTo } = settings;
  const problems = ASKED.flatMap((asked) => [
    ...(words[asked].every(isReplyWord) && words[asked].length <= REPLY_WORDS_MAX
      ? []
      : [
          problem(
            `${asked}Words`,
            "reply-words",
            `Enter up to ${REPLY_WORDS_MAX} words of up to 20 letters and digits`,
          ),
        ]),
    ...((answers[asked]?.length ?? 0) <= SMS_CHARACTER_LIMIT
      ? []
      : [problem(`${asked}Answer`, "reply-answer-long", `Enter ${SMS_CHARACTER_LIMIT} characters or fewer`)]),
  ]);
  const all = ASKED.flatMap((asked) => [...new Set(words[asked].map(plainWords))]);
  if (new Set(all).size < all.length)
    problems.push(problem("stopWords", "reply-words-twice", "A word can ask for one thing only"));
  const known = new Set(forwardable.map((address) => address.toLowerCase()));
  if (forwardTo.length > FORWARD_TO_MAX || forwardTo.some((address) => !known.has(address.toLowerCase())))
    problems.push(problem("forwardTo", "forward-to", `Choose up to ${FORWARD_TO_MAX} of these addresses`));
  return problems;
}

function isReplyWord(word: string): boolean {
  const { length } = plainWords(word);
  return length > 0 && length <= REPLY_WORD_MAX_CHARACTERS;
}
