/**
 * An omnimessage as Messente's API has it, read for the flow: whom to, which messages are tried one after the other, when and for how long.
 * What we would not do is refused by its field's name rather than passed over.
 */
import type { Keeping } from "../../../core/content/keeping.ts";
import { isJsonObject, type JsonValue } from "../../../core/json/json-value.ts";
import type { PhoneNumber } from "../../../core/phone/parse-phone-number.ts";
import { STEPS_MAX } from "../../../core/reach/reach-course.ts";
import type { SendRequest } from "../../../flow/intake/send-request.ts";
import { httpsUrl, oneOf, phoneNumber } from "../schema/rules.ts";
import { scheduledTime } from "../schema/scheduled-time.ts";
import { type Circumstances, type OmnimessagePart, readMessage } from "./read-message.ts";
import { Reader } from "./reader.ts";
import { OmnimessageProblems, type Problem } from "./refusals.ts";

const FIELDS = ["to", "messages", "dlr_url", "text_store", "time_to_send", "priority"];

const KEEPS: Record<"nostore" | "plaintext" | "sha256", Keeping> = {
  nostore: "nothing",
  plaintext: "everything",
  sha256: "hash",
};
const PRIORITIES = { low: "low", regular: "normal", high: "high" } as const;

export interface Omnimessage extends Pick<SendRequest, "priority" | "scheduledFor" | "callbackUrl"> {
  number: PhoneNumber;
  /** In the order in which they are tried. */
  messages: readonly OmnimessagePart[];
  keeps: Keeping;
}

/** Throws everything that is wrong with it at once. */
export function readOmnimessage(
  body: JsonValue | undefined,
  circumstances: Pick<Circumstances, "service" | "now">,
): Omnimessage {
  if (!isJsonObject(body))
    throw new OmnimessageProblems([{ code: "104", detail: "The body is not a JSON object", source: null }]);
  const problems: Problem[] = [];
  const read = new Reader(body, { problems, now: circumstances.now, path: "" });
  read.refuseOthers(FIELDS);
  const number = read.required("to", phoneNumber);
  const messages = readMessages(body["messages"], { ...circumstances, problems });
  const textStore = read.optional("text_store", oneOf(["nostore", "plaintext", "sha256"]));
  const priority = read.optional("priority", oneOf(["low", "regular", "high"]));
  const scheduledFor = read.optional("time_to_send", scheduledTime) ?? undefined;
  const callbackUrl = read.optional("dlr_url", httpsUrl);
  if (problems.length > 0 || !number) throw new OmnimessageProblems(problems);
  return {
    ...{ number, messages, scheduledFor, callbackUrl },
    keeps: KEEPS[textStore ?? "plaintext"],
    priority: priority && PRIORITIES[priority],
  };
}

function readMessages(
  messages: JsonValue | undefined,
  circumstances: Omit<Circumstances, "path">,
): readonly OmnimessagePart[] {
  const { problems } = circumstances;
  const refuse = (code: Problem["code"], detail: string) => {
    problems.push({ code, detail, source: "messages" });
    return [];
  };
  if (messages === undefined) return refuse("106", "messages is missing");
  if (!Array.isArray(messages) || messages.length === 0) return refuse("104", "messages must hold a message at least");
  if (messages.length > STEPS_MAX) return refuse("104", `messages must hold no more than ${STEPS_MAX}`);
  const objects = messages.filter(isJsonObject);
  if (objects.length < messages.length) return refuse("104", "messages must hold objects");
  return objects.map((message, at) => readMessage(message, { ...circumstances, path: `messages.${at}.` }));
}
