/** What becomes of texts from the public: of each service, and of numbers that several share. */
import type { Asked } from "../../core/replies/reply-words.ts";
import { listForwardable, replyProblems } from "../../flow/replies/set-replies.ts";
import { listSharers } from "../../flow/replies/share-number.ts";
import {
  deleteKeyword,
  listAllKeywords,
  type NumberKeyword,
  putKeyword,
} from "../../records/inbound-numbers/keyword-store.ts";
import { findHolder } from "../../records/inbound-numbers/number-pool-store.ts";
import { getReplySettings, putReplySettings, type ReplySettings } from "../../records/replies/reply-settings-store.ts";
import type { Declaration, DeclaredService } from "./declaration.ts";
import { answerOf } from "./declare-replies.ts";
import { refuseAt } from "./read.ts";
import { differences, type Noun, reconcile } from "./reconcile.ts";
import type { Owner, Run } from "./run.ts";

type DeclaredReplies = NonNullable<DeclaredService["replies"]>;
type DeclaredKeyword = NonNullable<Declaration["inbound_keywords"]>[number];

/** After the members and the reply-to addresses, which texts may be forwarded to. */
export async function applyReplies(run: Run, owner: Owner, declared: DeclaredService["replies"]): Promise<void> {
  if (!declared) return;
  const { serviceId, name } = owner;
  const current = await getReplySettings(run.tx, serviceId);
  const settings = settingsIn(declared, current);
  const [problem] = replyProblems(settings, await listForwardable(run.tx, serviceId));
  if (problem) refuseAt(declared.at, `cannot be so (${problem.field}): ${problem.message}`);
  const { before, after } = differences(shown(current), shown(settings));
  if (Object.keys(after).length === 0) {
    run.unchanged.count += 1;
    return;
  }
  await putReplySettings(run.tx, serviceId, settings);
  run.changes.push({ action: "updated", kind: "replies", name: `of ${name}`, serviceId, before, after });
}

function settingsIn(declared: DeclaredReplies, current: ReplySettings): ReplySettings {
  const words = (asked: Asked) => declared[`${asked}_words`] ?? current.words[asked];
  const answer = (asked: Asked) => answerOf(declared[`${asked}_answer`]) ?? current.answers[asked];
  return {
    isOn: declared.on ?? current.isOn,
    words: { stop: words("stop"), start: words("start"), help: words("help") },
    answers: { stop: answer("stop"), start: answer("start"), help: answer("help") },
    forwardTo: declared.forward_to ?? current.forwardTo,
  };
}

/** An empty answer is none, which is not the same as the product's own. */
function shown({ isOn, words, answers, forwardTo }: ReplySettings) {
  return { isOn, words, answers: { ...answers }, forwardTo: forwardTo.toSorted() };
}

export async function applyInboundKeywords(run: Run, wanted: readonly DeclaredKeyword[] | undefined): Promise<void> {
  if (!wanted) return;
  const { tx } = run;
  const put = async (declared: DeclaredKeyword): Promise<void> => {
    const { number, keyword } = declared;
    await putKeyword(tx, number, { keyword, serviceId: await serviceIdOf(run, declared) });
  };
  const ids = new Map<DeclaredKeyword, string>();
  for (const one of wanted) ids.set(one, await serviceIdOf(run, one));
  const noun: Noun<DeclaredKeyword, NumberKeyword> = {
    kind: "inbound keyword",
    nameOf: ({ number, keyword }) => `${keyword} on ${number}`,
    placeOf: ({ at }) => at,
    fieldsOf: ({ serviceId }) => ({ serviceId }),
    wishesOf: (declared) => ({ serviceId: ids.get(declared) }),
    insert: put,
    update: (_, declared) => put(declared),
    remove: ({ number, keyword }) => deleteKeyword(tx, number, keyword),
  };
  await reconcile(run, noun, { wanted, current: await listAllKeywords(tx) });
}

async function serviceIdOf({ tx }: Run, { number, service, at }: DeclaredKeyword): Promise<string> {
  const place = (field: string) => ({ source: at.source, path: [...at.path, field] });
  if (!(await findHolder(tx, number))) return refuseAt(place("number"), "is not a number of a service");
  const found = (await listSharers(tx, number)).filter(
    ({ id, name }) => id === service.toLowerCase() || name === service,
  );
  if (found.length === 1 && found[0]) return found[0].id;
  return refuseAt(place("service"), "is not one service of the organisation that has the number");
}
