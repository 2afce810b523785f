/** Senders for a populated world: two that wait, a group, and what the platform has set up for all services. */
import { applyForCountry } from "../../src/flow/senders/sender-applications.ts";
import { addSharedSender, setSharing } from "../../src/flow/senders/shared-senders.ts";
import { newId } from "../../src/platform/ids.ts";
import { putCountryRule } from "../../src/records/senders/country-rule-store.ts";
import { insertProtectedName } from "../../src/records/senders/protected-name-store.ts";
import { insertSenderPool } from "../../src/records/senders/sender-pool-store.ts";
import { insertSenderRequest } from "../../src/records/senders/sender-request-store.ts";
import { insertTextSender } from "../../src/records/senders/text-sender-store.ts";
import type { World, WorldService } from "./world.ts";

/** What a council says of itself where it asks for a registration. */
export const APPLICATION_ANSWERS = {
  ...{ organisationName: "Northwold Council", registerNumber: "", website: "https://northwold.example" },
  ...{ purpose: "Books that are due", example: "Your book is due on Monday", monthlyTexts: "500" },
};

export async function makeSenders(
  { app }: World,
  { service, organisationId, userId }: { service: WorldService; organisationId: string; userId: string },
): Promise<Readonly<Record<string, string>>> {
  const [requestId, numberId, nameId, poolId, secondId] = [newId(), newId(), newId(), newId(), newId()];
  const senderIds = [service.textSenders[0]?.id ?? "", secondId];
  const asked = { serviceId: service.id, requestedBy: userId, createdAt: app.clock.now() };
  const rule = {
    countryPrefix: "32",
    senderTypes: ["long-number"],
    registeredOnly: true,
    needsSignature: true,
  } as const;
  const owners = { organisationIds: [organisationId], serviceIds: [service.id] };
  await app.db.transaction(async (tx) => {
    const wanted = { sender: "N-wold", wantsDefault: false, replacesId: undefined };
    await insertSenderRequest(tx, { ...asked, ...wanted, id: requestId });
    await insertSenderRequest(tx, { ...asked, ...wanted, id: numberId, sender: "07700900321" });
    await insertTextSender(tx, service.id, { id: secondId, sender: "Libraries", isDefault: false });
    const pool = { id: poolId, name: "Both", senderIds, isDefault: false, isSticky: true };
    await insertSenderPool(tx, service.id, pool);
    await insertProtectedName(tx, { id: nameId, name: "Fenbank", coversLonger: true, ...owners });
    await putCountryRule(tx, rule);
  });
  const actor = { userId, ip: undefined };
  const sharedId = await addSharedSender(app, actor, { organisationId, sender: "60006" });
  await setSharing(app, actor, { id: sharedId, serviceIds: [service.id], countries: ["353"] });
  const applied = { service, senderId: secondId, countryPrefix: "32", answers: APPLICATION_ANSWERS };
  const applicationId = await applyForCountry(app, actor, applied);
  return {
    "/senders/requests/:id": requestId,
    "/text-senders/requests/:rid": numberId,
    "/text-senders/groups/:gid": poolId,
    "/senders/applications/:id": applicationId,
    "/text-senders/applications/:aid": applicationId,
    "/registration/:country": "32",
    "/senders/names/:id": nameId,
    "/senders/countries/:country": "32",
    "/senders/registrations/:id": secondId,
    "/senders/shared/:id": sharedId,
  };
}
