/** One message of an omnimessage: by which channel, what it says, from whom, and after how long the next one is tried. */
import { isJsonObject, type JsonObject, type JsonValue } from "../../../core/json/json-value.ts";
import { normaliseSender } from "../../../core/phone/format-phone-number.ts";
import { toGsmOnly } from "../../../core/sms/text-mode.ts";
import type { Service } from "../../../records/services/service.ts";
import { fits, type Rule, wrong } from "../schema/checker.ts";
import { oneOf, wholeNumber } from "../schema/rules.ts";
import { Reader } from "./reader.ts";
import type { Problem } from "./refusals.ts";

const VALID_MAX_SECONDS = 72 * 60 * 60;
const CHANNELS = ["sms", "whatsapp", "viber"] as const;
export type MessageChannel = (typeof CHANNELS)[number];
const COMMON_FIELDS = ["channel", "text", "sender", "validity", "ttl"];
/** What Messente's messages in apps may have beside words. */
const MEDIA = ["image", "document", "audio", "image_url", "document_url", "audio_url", "button_url", "button_text"];

export interface OmnimessagePart {
  channel: MessageChannel;
  text: string;
  senderId: string | undefined;
  ttlSeconds: number | undefined;
}

export interface Circumstances {
  service: Pick<Service, "name" | "textSenders">;
  now: Date;
  problems: Problem[];
  /** Of this message: "messages.0.". */
  path: string;
}

export function readMessage(message: JsonObject, circumstances: Circumstances): OmnimessagePart {
  const read = new Reader(message, circumstances);
  const channel = read.optional("channel", channelRule) ?? "sms";
  const words = channel === "sms" ? readText(read, circumstances) : readChat(read, channel, circumstances);
  return { channel, ...words, ttlSeconds: readValidity(read) };
}

/** A number says nothing of who somebody is to a bot of Telegram's. */
const channelRule: Rule<MessageChannel> = (value, now) =>
  value === "telegram"
    ? wrong("telegram cannot be sent to a telephone number: its bots know people by another id")
    : oneOf(CHANNELS)(value, now);

type Words = Pick<OmnimessagePart, "text" | "senderId">;

function readText(read: Reader, { service }: Circumstances): Words {
  read.refuseOthers([...COMMON_FIELDS, "autoconvert", "udh"]);
  read.optional("udh", () => wrong("is not taken: headers are ours to make"));
  const text = read.required("text", words) ?? "";
  const senderId = read.optional("sender", senderOf(service));
  const autoconvert = read.optional("autoconvert", oneOf(["full", "on", "off"]));
  return { text: autoconvert === "full" ? toGsmOnly(text) : text, senderId };
}

/** It comes from the account that carries it: a sender can only name what that is called. */
function readChat(read: Reader, channel: Exclude<MessageChannel, "sms">, { service }: Circumstances): Words {
  read.refuseOthers([...COMMON_FIELDS, ...MEDIA]);
  for (const name of MEDIA) read.optional(name, () => wrong("is not taken: a chat message is words"));
  read.optional("sender", ownName(service));
  const text = read.required("text", channel === "whatsapp" ? wordsOfWhatsApp : words) ?? "";
  return { text, senderId: undefined };
}

function words(value: JsonValue) {
  return typeof value === "string" && value.trim() !== "" ? fits(value) : wrong("is not a text");
}

/** `{"body": "…", "preview_url": true}`: their client for Node always asks for previews of links, which we do not show. */
function wordsOfWhatsApp(value: JsonValue) {
  if (!isJsonObject(value)) return wrong("is not an object with a body");
  const unknown = Object.keys(value).find((name) => name !== "body" && name !== "preview_url");
  if (unknown !== undefined) return wrong(`has ${unknown}, which is not known`);
  if (!["boolean", "undefined"].includes(typeof value["preview_url"]))
    return wrong("has a preview_url that is no boolean");
  const body = words(value["body"] ?? null);
  return body.kind === "fits" ? body : wrong("has no body that is a text");
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

type Owner = Circumstances["service"];

/** However the number or the name is written. */
function senderOf({ textSenders }: Pick<Owner, "textSenders">): Rule<string> {
  return (value) => {
    const named = textSenders.find(({ sender }) => isSame(value, sender));
    return named ? fits(named.id) : wrong("is not a text sender of the service");
  };
}

function ownName({ name, textSenders }: Owner): Rule<JsonValue> {
  const names = [name, ...textSenders.map(({ sender }) => sender)];
  return (value) =>
    names.some((one) => isSame(value, one))
      ? fits(value)
      : wrong("is neither the service’s name nor one of its text senders");
}

function isSame(value: JsonValue, name: string): boolean {
  return typeof value === "string" && normaliseSender(value).toLowerCase() === normaliseSender(name).toLowerCase();
}
