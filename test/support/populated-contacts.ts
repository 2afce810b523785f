/** Contacts of the world that sweeps look at: somebody who has said yes, in a group that was sent a message. */
import { addArea } from "../../src/flow/contacts/areas.ts";
import { addGroup, addMembers } from "../../src/flow/contacts/contact-groups.ts";
import { startGroupSend } from "../../src/flow/contacts/group-send.ts";
import { keepDraft } from "../../src/flow/contacts/import-draft.ts";
import { writeContact } from "../../src/flow/contacts/phonebook.ts";
import type { World, WorldService } from "./world.ts";

const ACTOR = { userId: "populate", ip: undefined };
const TABLE = "Mobile,First name\n07700 900988,Ann\n12,Bob\n";

export async function makeContacts({ app }: World, service: WorldService): Promise<Record<string, string>> {
  const change = { number: "447700900989", firstName: "Ann", lastName: "Ash", fields: { Branch: "North" } };
  const consents = [{ purpose: "marketing", how: "at the counter", givenAt: app.clock.now() }];
  const { id: contactId } = await writeContact(app, ACTOR, { service, wish: { change, consents } });
  const group = await addGroup(app, ACTOR, { service, name: "Volunteers" });
  await addMembers(app, ACTOR, { service, id: group.id, contactIds: [contactId] });
  const [template] = await app.db.query<{ id: string }>`
    select t.id from templates t where t.service_id = ${service.id} and t.channel = 'sms' and not t.is_hidden limit 1`;
  const templateId = template?.id ?? "";
  const said = { personalisation: {}, reference: undefined, senderId: undefined, priority: undefined } as const;
  const rest = { scheduledFor: undefined, validForSeconds: undefined, callbackUrl: undefined, consent: undefined };
  const { id: messageId } = await startGroupSend(app, ACTOR, {
    ...{ service, groupId: group.id, templateId, by: { name: "Ada Lovelace" } },
    message: { ...said, ...rest },
  });
  const area = { kind: "circle", centre: { latitude: 51.752, longitude: -1.2577 }, radiusKm: 5 } as const;
  const { id: areaId } = await addArea(app, ACTOR, { service, name: "Riverside", area });
  return {
    "/contacts/:cid": contactId,
    "/members/:cid": contactId,
    "/groups/:gid": group.id,
    "/messages/:mid": messageId,
    "/areas/:aid": areaId,
  };
}

/** A table that somebody has brought. */
export async function makeImportDraft(app: World["app"], service: WorldService, userId: string): Promise<string> {
  return keepDraft(app, { service, userId }, { bytes: Buffer.from(TABLE), groupId: undefined });
}
