/**
 * An omnimessage as Messente's API has it, read for the flow: whom to, what it says, from whom, when and for how long. One message of it
 * is taken, a text; what we would not do is refused by its field's name rather than passed over.
 */
import type { Keeping } from "../../../core/content/keeping.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../core/json/json-value.ts";
import { normaliseSender } from "../../../core/phone/format-phone-number.ts";
import type { PhoneNumber } from "../../../core/phone/parse-phone-number.ts";
import { toGsmOnly } from "../../../core/sms/text-mode.ts";
import type { SendRequest } from "../../../flow/intake/send-request.ts";
import type { Service } from "../../../records/services/service.ts";
import { fits, type Rule, wrong } from "../schema/checker.ts";
import { httpsUrl, oneOf, phoneNumber, wholeNumber } from "../schema/rules.ts";
import { scheduledTime } from "../schema/scheduled-time.ts";
import { OmnimessageProblems, type Problem } from "./refusals.ts";

const VALID_MAX_SECONDS = 72 * 60 * 60;
const FIELDS = ["to", "messages", "dlr_url", "text_store", "time_to_send", "priority"];
const MESSAGE_FIELDS = ["channel", "text", "sender", "validity", "ttl", "autoconvert", "udh"];

const KEEPS: Record<"nostore" | "plaintext" | "sha256", Keeping> = {
  nostore: "nothing",
  plaintext: "everything",
  sha256: "hash",
};
const PRIORITIES = { low: "low", regular: "normal", high: "high" } as const;

export interface Omnimessage
  extends Pick<SendRequest, "senderId" | "priority" | "scheduledFor" | "validForSeconds" | "callbackUrl"> {
  number: PhoneNumber;
  text: string;
  keeps: Keeping;
}

type Circumstances = { service: Pick<Service, "textSenders">; now: Date };

/** Throws everything that is wrong with it at once. */
export function readOmnimessage(body: JsonValue | undefined, circumstances: Circumstances): Omnimessage {
  if (!isJsonObject(body))
    throw new OmnimessageProblems([{ code: "104", detail: "The body is not a JSON object", source: null }]);
  const problems: Problem[] = [];
  const read = new Reader(body, { problems, now: circumstances.now, path: "" });
  read.refuseOthers(FIELDS);
  const number = read.required("to", phoneNumber);
  const message = readMessage(body["messages"], { ...circumstances, problems });
  const textStore = read.optional("text_store", oneOf(["nostore", "plaintext", "sha256"]));
  const priority = read.optional("priority", oneOf(["low", "regular", "high"]));
  const scheduledFor = read.optional("time_to_send", scheduledTime) ?? undefined;
  const callbackUrl = read.optional("dlr_url", httpsUrl);
  if (problems.length > 0 || !number || !message) throw new OmnimessageProblems(problems);
  return {
    ...{ number, ...message, scheduledFor, callbackUrl },
    keeps: KEEPS[textStore ?? "plaintext"],
    priority: priority && PRIORITIES[priority],
  };
}

type Message = Pick<Omnimessage, "text" | "senderId" | "validForSeconds">;

function readMessage(
  messages: JsonValue | undefined,
  { problems, service, now }: Circumstances & { problems: Problem[] },
): Message | undefined {
  if (messages === undefined) problems.push({ code: "106", detail: "messages is missing", source: "messages" });
  const [message, ...others] = Array.isArray(messages) ? messages : [];
  if (messages !== undefined && (!isJsonObject(message) || others.length > 0))
    problems.push({ code: "104", detail: "messages must hold one message, a text", source: "messages" });
  if (!isJsonObject(message)) return undefined;
  const read = new Reader(message, { problems, now, path: "messages.0." });
  read.refuseOthers(MESSAGE_FIELDS);
  read.optional("channel", oneOf(["sms"]));
  read.optional("udh", () => wrong("is not taken: headers are ours to make"));
  const text = read.required("text", words);
  const senderId = read.optional("sender", senderOf(service));
  const autoconvert = read.optional("autoconvert", oneOf(["full", "on", "off"]));
  return {
    text: autoconvert === "full" ? toGsmOnly(text ?? "") : (text ?? ""),
    senderId,
    validForSeconds: readValidity(read),
  };
}

function readValidity(read: Reader): number | undefined {
  const minutes = read.optional("validity", wholeNumber({ min: 1, max: VALID_MAX_SECONDS / 60 }));
  const isOnly: Rule<number> =
    minutes === undefined
      ? wholeNumber({ min: 1, max: VALID_MAX_SECONDS })
      : () => wrong("cannot stand beside validity");
  const seconds = read.optional("ttl", isOnly);
  return minutes === undefined ? seconds : minutes * 60;
}

function words(value: JsonValue) {
  return typeof value === "string" && value.trim() !== "" ? fits(value) : wrong("is not a text");
}

/** However the number or the name is written. */
function senderOf({ textSenders }: Pick<Service, "textSenders">): Rule<string> {
  return (value) => {
    const wanted = typeof value === "string" ? normaliseSender(value).toLowerCase() : "";
    const named = textSenders.find(({ sender }) => normaliseSender(sender).toLowerCase() === wanted);
    return named ? fits(named.id) : wrong("is not a text sender of the service");
  };
}

/** Reads the fields of one object, and notes what is wrong with each. */
class Reader {
  readonly #json: JsonObject;
  readonly #to: { problems: Problem[]; now: Date; path: string };

  constructor(json: JsonObject, to: { problems: Problem[]; now: Date; path: string }) {
    this.#json = json;
    this.#to = to;
  }

  required<T>(name: string, rule: Rule<T>): T | undefined {
    if (this.#json[name] === undefined) this.#note("106", name, "is missing");
    return this.optional(name, rule);
  }

  optional<T>(name: string, rule: Rule<T>): T | undefined {
    const value = this.#json[name];
    if (value === undefined || value === null) return undefined;
    const judged = rule(value, this.#to.now);
    if (judged.kind === "fits") return judged.value;
    this.#note("104", name, judged.problems.join("; "));
    return undefined;
  }

  refuseOthers(names: readonly string[]): void {
    for (const name of Object.keys(this.#json)) if (!names.includes(name)) this.#note("104", name, "is not known");
  }

  #note(code: Problem["code"], name: string, what: string): void {
    const { problems, path } = this.#to;
    problems.push({ code, detail: `${name} ${what}`, source: path + name });
  }
}
