/**
 * The public writes to a service: find whose number it is, put long texts together, keep what was written with the callback about it.
 * What is done here is durable when it resolves; only then may a provider acknowledge the text to its carrier.
 */
import { parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import { newId } from "../../platform/ids.ts";
import { blindIndex } from "../../platform/sealing.ts";
import type { InboundText } from "../../providers/provider.ts";
import type { PartSet } from "../../records/inbound-messages/inbound-part-store.ts";
import { listKeywords } from "../../records/inbound-numbers/keyword-store.ts";
import { findNumberOwner } from "../../records/inbound-numbers/number-owner-store.ts";
import { mayUse, type Service } from "../../records/services/service.ts";
import { mayAsk } from "../replies/act-on-words.ts";
import { keepText } from "./keep-text.ts";
import type { Inbound, Keeping } from "./keeping.ts";
import { takePart } from "./take-part.ts";

/** Numbers at home are kept as they are dialled there: 07… for 447… */
const HOME_CALLING_CODE = "44";
const TRUNK_PREFIX = "0";

/** A text to a number of a service that takes texts. */
interface Addressed {
  service: Service;
  notifyNumber: string;
  userNumber: string;
  senderIndex: Buffer;
  provider: string;
  text: InboundText;
}

/** Keeps a text, or a part of one. One to a number that nobody has, or whose service takes no texts, is dropped. */
export async function receiveText(app: Inbound, provider: string, text: InboundText): Promise<void> {
  const owner = await findNumberOwner(app.db, spellingsOf(text.to));
  const service = owner && (await app.services.find(owner.serviceId));
  if (!owner || !service || service.archivedAt || !mayUse(service, "inbound_sms")) {
    app.log.warn("inbound.nobody-takes-texts", { provider, serviceId: service?.id });
    return;
  }
  const userNumber = internationalIfNumber(text.from);
  const senderIndex = blindIndex(app.keys.searchIndex, userNumber);
  const addressed = { service, notifyNumber: owner.number, userNumber, senderIndex, provider, text };
  await app.db.transaction((tx) => take({ app, tx, service }, addressed));
  // It may have put somebody on a list, or taken them off it: of another service, where the number is shared.
  if (mayAsk(text.text)) for (const id of await sharersOf(app, owner)) app.services.forget(id);
  app.wakeCallbacks();
}

async function sharersOf({ db }: Inbound, { number, serviceId }: { number: string; serviceId: string }) {
  return [serviceId, ...(await listKeywords(db, number)).map((keyword) => keyword.serviceId)];
}

async function take(keeping: Keeping, addressed: Addressed): Promise<void> {
  const { notifyNumber, userNumber, senderIndex, provider, text } = addressed;
  const createdAt = keeping.app.clock.now();
  const sentAt = text.sentAt ?? createdAt;
  const set = partSetOf(addressed);
  if (set) {
    const part = { number: text.part?.number ?? 1, userNumber, text: text.text, sentAt, createdAt, isPassedOn: false };
    return takePart(keeping, set, part);
  }
  const written = { notifyNumber, userNumber, senderIndex, provider, content: text.text, sentAt, createdAt };
  const { id: serviceId } = keeping.service;
  await keepText(keeping, { ...written, id: newId(), serviceId, providerReference: text.reference });
}

/** Undefined for a text that came whole. */
function partSetOf({ service, notifyNumber, senderIndex, provider, text }: Addressed): PartSet | undefined {
  const { part } = text;
  if (!part || part.total < 2 || part.number < 1 || part.number > part.total) return undefined;
  const { reference, total } = part;
  return { serviceId: service.id, provider, senderIndex, notifyNumber, reference, total };
}

/** spellingsOf("447700900500") → ["447700900500", "07700900500"] */
function spellingsOf(number: string): string[] {
  if (!number.startsWith(HOME_CALLING_CODE)) return [number];
  return [number, TRUNK_PREFIX + number.slice(HOME_CALLING_CODE.length)];
}

/** Short codes and names stay as the carrier wrote them. */
function internationalIfNumber(from: string): string {
  const number = parsePhoneNumber(from);
  return typeof number === "string" ? from : number.digits;
}
