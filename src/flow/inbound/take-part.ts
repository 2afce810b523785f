/** Long texts come in parts, each for itself and in any order; the service is told of the whole. */
import { newId } from "../../platform/ids.ts";
import {
  type InboundPart,
  keepPart,
  listParts,
  lockPartSet,
  markPassedOn,
  type PartSet,
} from "../../records/inbound-messages/inbound-part-store.ts";
import { keepText } from "./keep-text.ts";
import type { Inbound, Keeping } from "./keeping.ts";
import { placePart } from "./place-part.ts";

/** Keeps a part; with the last to come, the text is whole and passed on. */
export async function takePart(keeping: Keeping, set: PartSet, part: InboundPart): Promise<void> {
  const { tx, service } = keeping;
  await lockPartSet(tx, set);
  const placement = placePart(await listParts(tx, service, set), part, set.total);
  if (placement.isRepeat) return;
  await passOn(keeping, set, placement.abandoned);
  await keepPart(tx, service, { set, part });
  await passOn(keeping, set, placement.complete ?? []);
}

/** Passes on what has come of a set whose other parts do not come any more. */
export async function passOnLeftOver(app: Inbound, set: PartSet): Promise<void> {
  const service = await app.services.find(set.serviceId);
  if (!service) return;
  await app.db.transaction(async (tx) => {
    await lockPartSet(tx, set);
    const parts = await listParts(tx, service, set);
    const waiting = parts.filter(({ isPassedOn }) => !isPassedOn);
    await passOn({ app, tx, service }, set, waiting);
  });
}

/** Makes one text of the parts of a set that waited, given in order. */
async function passOn(keeping: Keeping, set: PartSet, parts: readonly InboundPart[]): Promise<void> {
  const [first] = parts;
  if (!first) return;
  const id = newId();
  const { serviceId, provider, senderIndex, notifyNumber } = set;
  await keepText(keeping, {
    id,
    serviceId,
    provider,
    senderIndex,
    notifyNumber,
    userNumber: first.userNumber,
    content: parts.map(({ text }) => text).join(""),
    providerReference: undefined, // Each part had its own.
    sentAt: first.sentAt,
    createdAt: keeping.app.clock.now(),
  });
  await markPassedOn(keeping.tx, set, id);
}
