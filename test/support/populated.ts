/**
 * A service with one of everything, and the address of each page in it: for tests that go through all the routes there are.
 *
 *     const populated = await populate(world, admin);
 *     const visitor = await populated.person({ in: populated.service, permissions: ["send_messages"] });
 *     await visitor.get(visitor.pathOf("/services/:sid/templates/:tid"));
 */
import { randomBytes } from "node:crypto";
import { chooseBrand } from "../../src/flow/brands/choose-brand.ts";
import { addToPool } from "../../src/flow/brands/pools.ts";
import { createSharedBrand } from "../../src/flow/brands/shared-brands.ts";
import { keepFiles, sealFile } from "../../src/flow/files/keep-file.ts";
import { recordKept, storeTemplateFile } from "../../src/flow/files/template-files.ts";
import { createSmppAccount } from "../../src/flow/keys/smpp-accounts.ts";
import { keepAttachment } from "../../src/flow/letters/letter-attachments.ts";
import { saveView } from "../../src/flow/messages/message-views.ts";
import { newToken, tokenHash } from "../../src/flow/people/secrets.ts";
import { keepUpload } from "../../src/flow/sending/letter-upload.ts";
import { startOneOff } from "../../src/flow/sending/one-off.ts";
import { saveLetterContact } from "../../src/flow/services/letter-contacts.ts";
import { createFolder } from "../../src/flow/templates/folders.ts";
import { newId } from "../../src/platform/ids.ts";
import { blindIndex } from "../../src/platform/sealing.ts";
import { BRANDED_CHANNELS } from "../../src/records/brands/brand.ts";
import { type CallbackAttempt, insertCallbackAttempts } from "../../src/records/callbacks/callback-attempt-store.ts";
import { findOrMakeDeployment } from "../../src/records/deployment/deployment-store.ts";
import { insertGoLiveComment, insertGoLiveRequest } from "../../src/records/go-live/go-live-store.ts";
import { noteNewText } from "../../src/records/inbound-messages/conversation-state-store.ts";
import { insertInboundMessage } from "../../src/records/inbound-messages/inbound-message-store.ts";
import { insertInvitation } from "../../src/records/invitations/invitation-store.ts";
import { insertJoinRequest } from "../../src/records/join-requests/join-request-store.ts";
import { insertComplaint } from "../../src/records/notifications/complaint-store.ts";
import {
  putOrganisationMember,
  replaceDomains,
  updateOrganisationSettings,
} from "../../src/records/organisations/organisation-people-store.ts";
import { insertOrganisation } from "../../src/records/organisations/organisation-store.ts";
import { insertProvider } from "../../src/records/providers/provider-write-store.ts";
import { insertRoute, NEW_ROUTE } from "../../src/records/routes/route-store.ts";
import {
  insertSandboxMessages,
  listSandboxMessages,
  type SandboxMessage,
  sandboxKeys,
} from "../../src/records/sandbox-outbox/sandbox-outbox-store.ts";
import { insertVerification } from "../../src/records/senders/reply-to-verification-store.ts";
import { setOrganisation } from "../../src/records/services/service-life-store.ts";
import { insertLink, type LinkPurpose } from "../../src/records/sign-in/account-link-store.ts";
import { insertFactor } from "../../src/records/sign-in/factor-store.ts";
import { insertPasskey } from "../../src/records/sign-in/passkey-store.ts";
import { USUAL_TERMS } from "../../src/records/smpp-accounts/smpp-account.ts";
import { keepUnsubscribeRequest } from "../../src/records/unsubscribe-requests/unsubscribe-request-store.ts";
import type { Person, PersonWish, TestAdmin } from "./admin.ts";
import { pagePdf } from "./page-pdf.ts";
import { pngOf } from "./pictures.ts";
import { makeChats } from "./populated-chats.ts";
import { makeConnection } from "./populated-connections.ts";
import { makeContacts, makeImportDraft } from "./populated-contacts.ts";
import { makeReach } from "./populated-reach.ts";
import { makeSenders } from "./populated-senders.ts";
import { makeSuppression } from "./populated-suppressions.ts";
import { readyLetter } from "./ready-letters.ts";
import type { World, WorldService } from "./world.ts";

const DAY_MS = 24 * 60 * 60_000;

export interface Visitor extends Person {
  /** The address of a route, with ids of what is there, their own where it is a person's. */
  pathOf(route: string): string;
}

export interface Populated {
  service: WorldService;
  organisationId: string;
  person(wish?: PersonWish & { inOrganisation?: boolean }): Promise<Visitor>;
  /** Somebody who has not signed in. */
  stranger(): Visitor;
}

/** Values of parameters, by the path that leads to them, or that goes on behind them: the longest ending that fits counts. */
type Parameters = Readonly<Record<string, string>>;

export async function populate(world: World, admin: TestAdmin): Promise<Populated> {
  const { db, keys } = world.app;
  await findOrMakeDeployment(db, { id: newId(), masterKeyFingerprint: keys.master.fingerprint });
  const organisationId = await makeOrganisation(world);
  const service = await makeService(world, organisationId);
  const shared = await makeContents(world, admin, { service, organisationId });
  return {
    service,
    organisationId,
    person: async ({ inOrganisation = false, ...wish } = {}) => {
      const person = await admin.person(wish);
      const templates = { text: shared["/send/:tid"] ?? "", letter: shared["/send/:tid/preview"] ?? "" };
      const own = await makePossessions(world, person, { service, templates });
      const member = { organisationId, userId: person.userId, mayMakeLive: true };
      if (inOrganisation) await db.transaction((tx) => putOrganisationMember(tx, member));
      return { ...person, pathOf: (route) => pathOf(route, { ...shared, ...own }) };
    },
    stranger: () => ({ ...admin.stranger(), pathOf: (route) => pathOf(route, shared) }),
  };
}

/** Fills in the parameters of a route. One that is not known gets an id of nothing; one of a single route is named with it. */
function pathOf(route: string, parameters: Parameters): string {
  return route.replace(/:\w+/g, (name: string, offset: number) => {
    const own = parameters[`${route} ${name}`];
    if (own !== undefined) return own;
    const path = route.slice(0, offset) + (/^:\w+/.exec(route.slice(offset))?.[0] ?? "");
    const isOn = (ending: string) =>
      !/:\w+$/.test(ending) &&
      route.endsWith(ending) &&
      ending.indexOf(":") === offset - (route.length - ending.length);
    const known = Object.keys(parameters).filter((ending) => path.endsWith(ending) || isOn(ending));
    const [closest] = known.toSorted((a, b) => Number(isOn(b)) - Number(isOn(a)) || b.length - a.length);
    return closest === undefined ? newId() : (parameters[closest] ?? "");
  });
}

async function makeOrganisation({ app }: World): Promise<string> {
  const id = newId();
  await app.db.transaction(async (tx) => {
    await insertOrganisation(tx, { id, name: "Northwold Council" });
    await updateOrganisationSettings(tx, { id, approvesOwnServices: true, takesJoinRequests: true });
    await replaceDomains(tx, id, ["example.gov.uk"]);
  });
  return id;
}

async function makeService(world: World, organisationId: string): Promise<WorldService> {
  const service = await world.service({
    name: "Northwold Libraries",
    isTrial: true,
    permissions: ["sms", "email", "letter", "inbound_sms", "international_sms", "free_text_replies"],
    textSender: "Northwold",
    replyTo: "libraries@northwold.example.gov.uk",
    callbacks: { "delivery-receipt": "https://northwold.example.gov.uk/receipts" },
  });
  await world.app.db.transaction((tx) => setOrganisation(tx, service.id, organisationId));
  await world.inboundNumber(service, "07700900100");
  await world.app.db.query`insert into inbound_numbers (number) values ('07700900199')`;
  await world.app.db.query`update services set monthly_budget = 60 where id = ${service.id}`;
  return { ...(await world.reload(service)), secrets: service.secrets };
}

interface Place {
  service: WorldService;
  organisationId: string;
}

async function makeContents(world: World, admin: TestAdmin, place: Place): Promise<Parameters> {
  const { service, organisationId } = place;
  const colleague = await admin.person({ name: "Bea Colleague", in: service, permissions: ["manage_service"] });
  const approver = await admin.person({ name: "Ola Approver" });
  const other = await world.service({ name: "Northwold Parking" });
  await world.app.db.transaction(async (tx) => {
    await setOrganisation(tx, other.id, organisationId);
    await putOrganisationMember(tx, { organisationId, userId: approver.userId, mayMakeLive: true });
  });
  return {
    "/services/:sid": service.id,
    "/orgs/:oid": organisationId,
    "/team/:uid": colleague.userId,
    "/orgs/:oid/team/:uid": approver.userId,
    "/users/:id": colleague.userId,
    "/platform/services/:id": service.id,
    "/services/join/:id": other.id,
    "/keys/:kid": service.keys[0]?.id ?? "",
    "/smpp/:account": await makeSmppAccount(world, service, colleague),
    "/callbacks/:eid": service.callbacks[0]?.endpointId ?? "",
    "/text-senders/:id": service.textSenders[0]?.id ?? "",
    "/reply-to/:id": service.replyToAddresses[0]?.id ?? "",
    "/returned-letters/:day": "2026-11-30",
    "/new/:channel": "letter",
    "/numbers/:number": "07700900100",
    "/versions/:version": "1",
    ...(await makeBrands(world, place, colleague)),
    ...(await makeTemplates(world, service, colleague)),
    ...(await makeSenders(world, { ...place, userId: colleague.userId })),
    ...(await makeConnection(world, { service, userId: colleague.userId })),
    ...(await makeLetterContact(world, service, colleague)),
    ...(await makeMessages(world, service)),
    ...(await makeSuppression(world, service)),
    ...(await makeContacts(world, service)),
    ...(await makeReach(world, service)),
    ...(await makeChats(world, service)),
    ...(await makeRequests(world, place, { colleague, newcomer: await admin.person({ name: "Cy Newcomer" }) })),
    ...(await makeInvitations(world, place, colleague)),
    ...(await makeVerification(world, service, colleague)),
    ...(await makeProvider(world)),
    ...(await makeSandboxMail(world)),
    ...(await makeLinks(world, colleague)),
  };
}

const PREVIEW = "/files/:fid/preview";
const FILE_PAGES = [
  ...["/files", "/files/:fid/remove", PREVIEW],
  ...[`${PREVIEW}/confirm-email-address`, `${PREVIEW}/download`, `${PREVIEW}/file`],
];

/** Shared ones, which the organisation offers; the service shows that for emails. */
async function makeBrands({ app }: World, { service, organisationId }: Place, by: Person): Promise<Parameters> {
  const actor = { userId: by.userId, ip: undefined };
  const letters = { set: async () => ({ pdf: new Uint8Array(), pages: 1, sheets: 1, isTooLong: false }) };
  const words = { alternativeText: "Northwold", colour: "#00573f", style: "banner", picture: pngOf(400, 108) };
  const parameters = BRANDED_CHANNELS.map(async (channel) => {
    const brandId = await createSharedBrand({ ...app, letters }, actor, { ...words, channel, name: "Northwold" });
    await addToPool(app, actor, { organisationId, channel, brandId });
    const ofService = { ...service, organisationId };
    if (channel === "email") await chooseBrand(app, actor, { service: ofService, channel, brandId });
    return { [`/${channel}-branding/:id`]: brandId, [`/${channel}-branding/choices/:choice`]: brandId };
  });
  return Object.assign({}, ...(await Promise.all(parameters)));
}

async function makeSmppAccount({ app }: World, service: WorldService, { userId }: Person): Promise<string> {
  const form = { systemId: "northwold", kind: "test", terms: USUAL_TERMS } as const;
  return (await createSmppAccount(app, { userId, ip: undefined }, { service, form })).id;
}

async function makeTemplates({ app, template }: World, service: WorldService, by: Person): Promise<Parameters> {
  const body = "Hello ((name)), the book you asked for is at ((library)).";
  const text = await template(service, { name: "Your book is here", body });
  await template(service, {
    channel: "email",
    name: "Your loans",
    subject: "Your loans this month",
    body: "# Loans\n\n((list))",
  });
  const letter = await template(service, {
    channel: "letter",
    name: "Your card has expired",
    subject: "Your library card",
    body: "Dear ((name)),\n\nyour card has expired.",
  });
  const attached = await template(service, { channel: "letter", name: "Your card is here", body: "Dear reader" });
  const file = { fileName: "terms.pdf", pages: 1, pdf: await pagePdf("Terms of use") };
  const { id: attachmentId } = await keepAttachment(app, service, file);
  await app.db
    .query`update template_versions set attachment_id = ${attachmentId} where template_id = ${attached.templateId}`;
  const mail = await template(service, { channel: "email", name: "Your map", body: "Hello\n\n((map.pdf))" });
  const map = { bytes: await pagePdf("A map"), extension: "pdf", mimeType: "application/pdf" } as const;
  const mapFile = await storeTemplateFile(app, service, {
    templateId: mail.templateId,
    fileName: "map.pdf",
    file: map,
  });
  await app.db.transaction((tx) => recordKept(tx, [mapFile], app.clock.now()));
  const actor = { userId: by.userId, ip: undefined };
  const folderId = await createFolder(app, actor, { serviceId: service.id, name: "Reminders" });
  return {
    "/templates/:tid": text.templateId,
    "/templates/:tid/letter.pdf": letter.templateId,
    ...Object.fromEntries(FILE_PAGES.map((path) => [`/templates/:tid${path}`, mail.templateId])),
    "/services/:sid/templates/:tid/files/:fid :tid": mail.templateId,
    "/files/:fid": mapFile.id,
    "/templates/:tid/attach-pages": attached.templateId,
    "/templates/:tid/attach-pages/remove": attached.templateId,
    "/templates/:tid/versions/:version/letter.pdf": letter.templateId,
    "/send/:tid/preview": letter.templateId,
    "/send/:tid/:did/pages": letter.templateId,
    "/send/:tid/:did/letter.pdf": letter.templateId,
    "/send/:tid": text.templateId,
    "/folders/:fid": folderId,
  };
}

async function makeLetterContact({ app }: World, { id: serviceId }: WorldService, by: Person): Promise<Parameters> {
  const author = { userId: by.userId, ip: undefined, emailAddress: by.emailAddress };
  const wish = { serviceId, contactBlock: "Northwold Libraries\nTown Hall\nNorthwold", isDefault: true };
  return { "/letter-contacts/:id": await saveLetterContact(app, author, wish) };
}

async function makeMessages(world: World, service: WorldService): Promise<Parameters> {
  const { app } = world;
  const message = await world.notification(service, {
    channel: "email",
    status: "delivered",
    reference: "loan-17",
    sentAt: app.clock.now(),
  });
  const email = await world.notification(service, {
    ...{ status: "permanent-failure", channel: "email", to: "ada@example.gov.uk" },
  });
  const asked = { notificationId: email.id, templateId: email.templateId, recipient: "ada@example.gov.uk" };
  await keepUnsubscribeRequest(app.db, service, asked);
  const documentId = await makeDocument(world, service, message.id);
  const letter = await readyLetter(world, service);
  const brought = await readyLetter(world, service);
  await app.db.query`update letters set is_precompiled = true where notification_id = ${brought.id}`;
  await app.db.query`
    update notifications set api_key_id = null, reference = 'loan-17.pdf', created_by_name = 'Sam Sender' where id = ${brought.id}`;
  const now = app.clock.now();
  const received = {
    ...{ id: newId(), serviceId: service.id, notifyNumber: "07700900100", userNumber: "447700900123" },
    ...{ content: "Thank you", senderIndex: blindIndex(app.keys.searchIndex, "447700900123") },
    ...{ provider: "sandbox", providerReference: undefined, sentAt: now, createdAt: now },
  };
  const attempt: CallbackAttempt = {
    ...{ callbackId: service.callbacks[0]?.id, serviceId: service.id, subjectId: message.id, attempt: 1 },
    ...{ kind: "delivery-receipt", outcome: "given-up", httpStatus: 500, problem: undefined, durationMs: 20 },
  };
  const complaint = { id: newId(), notificationId: message.id, serviceId: service.id, complainedAt: now };
  await app.db.transaction(async (tx) => {
    await insertInboundMessage(tx, service, received);
    await noteNewText(tx, received);
    await insertCallbackAttempts(tx, [attempt]);
    await insertComplaint(tx, complaint);
  });
  const [row] = await app.db.query<{
    id: string;
  }>`select a.id from callback_attempts a where a.service_id = ${service.id}`;
  const letters = { "/messages/:nid/pages": letter.id, "/messages/:nid/letter.pdf": letter.id };
  const ofMessage = { ...letters, "/messages/:nid": message.id, "/files/:did": documentId };
  return { ...ofMessage, "/inbox/:id": received.id, "/attempts/:aid": row?.id ?? "" };
}

/** A file that went with an email; who looks at its message sees what became of it. */
async function makeDocument({ app }: World, service: WorldService, notificationId: string): Promise<string> {
  const file = { bytes: Buffer.from("a,b"), filename: "loans.csv", extension: "csv", mimeType: "text/csv" } as const;
  const goesWith = { notificationId, placeholder: "link to loans" };
  const sealed = sealFile(app, file, { service, goesWith, recipientHash: "hash", weeks: undefined });
  await keepFiles(app, [sealed]);
  return sealed.document.id;
}

async function makeRequests(
  { app }: World,
  { service }: Place,
  { colleague, newcomer }: { colleague: Person; newcomer: Person },
): Promise<Parameters> {
  const createdAt = app.clock.now();
  const goLive = { id: newId(), serviceId: service.id, requestedBy: colleague.userId, createdAt };
  const join = { id: newId(), serviceId: service.id, userId: newcomer.userId, reason: "I lend books too", createdAt };
  const comment = { id: newId(), requestId: goLive.id, userId: colleague.userId, body: "From September", createdAt };
  await app.db.transaction(async (tx) => {
    await insertGoLiveRequest(tx, goLive);
    await insertGoLiveComment(tx, comment);
    await insertJoinRequest(tx, { ...join, managerIds: [colleague.userId] });
  });
  return { "/approvals/:id": goLive.id, "/approvals/:rid": goLive.id, "/join-requests/:id": join.id };
}

async function makeInvitations({ app }: World, place: Place, by: Person): Promise<Parameters> {
  const createdAt = app.clock.now();
  const invitation = (to: { serviceId?: string; organisationId?: string }, token: string) => ({
    ...{ id: newId(), serviceId: undefined, organisationId: undefined, permissions: [], hiddenFolderIds: [], ...to },
    ...{
      emailAddress: "dee@example.gov.uk",
      mayMakeLive: false,
      status: "pending" as const,
      invitedBy: by.userId,
      createdAt,
    },
    ...{ expiresAt: new Date(createdAt.getTime() + 2 * DAY_MS), tokenHash: tokenHash(token) },
  });
  const [serviceToken, organisationToken] = [newToken(), newToken()];
  const toService = invitation({ serviceId: place.service.id }, serviceToken);
  const toOrganisation = invitation({ organisationId: place.organisationId }, organisationToken);
  await app.db.transaction(async (tx) => {
    await insertInvitation(tx, toService);
    await insertInvitation(tx, toOrganisation);
  });
  return {
    "/services/:sid/team/invitations/:iid": toService.id,
    "/orgs/:oid/team/invitations/:iid": toOrganisation.id,
    "/invitation/:token": serviceToken,
    "/organisation-invitation/:token": organisationToken,
  };
}

async function makeVerification({ app }: World, service: WorldService, by: Person): Promise<Parameters> {
  const token = newToken();
  const verification = {
    ...{ id: newId(), serviceId: service.id, address: "desk@northwold.example.gov.uk", isDefault: false },
    ...{ replacesId: undefined, tokenHash: tokenHash(token), requestedBy: by.userId, createdAt: app.clock.now() },
  };
  await app.db.transaction((tx) => insertVerification(tx, verification));
  return { "/reply-to/:vid": verification.id, "/reply-to/:vid/:token": token };
}

async function makeProvider({ app }: World): Promise<Parameters> {
  const [id, routeId] = [newId(), newId()];
  const settings = { host: "127.0.0.1", port: 2775, systemId: "us" };
  await app.db.transaction(async (tx) => {
    const provider = { id, name: "fenland-mobile", channel: "sms", kind: "smpp", settings, secrets: {} } as const;
    await insertProvider(tx, app.keys.master, { ...provider, isSandbox: false, isActive: true });
    const route = { ...NEW_ROUTE, id: routeId, name: "fenland-france", channel: "sms", providerId: id } as const;
    await insertRoute(tx, { ...route, keyKinds: ["live"], countryPrefixes: ["33"], position: 1 });
  });
  return { "/providers/:id": id, "/routes/:id": routeId };
}

/** What stands for a PDF, in base64. */
const LETTER_PDF = Buffer.from("%PDF-1.7").toString("base64");

async function makeSandboxMail({ app }: World): Promise<Parameters> {
  const sealing = sandboxKeys(app.keys.master);
  const mail: SandboxMessage = {
    ...{
      channel: "email",
      to: "ada@example.gov.uk",
      from: "libraries@northwold.example.gov.uk",
      subject: "Your loans",
    },
    ...{
      text: "Loans",
      html: "<!doctype html><html lang=en><title>Loans</title><body><main><h1>Loans</h1></main></body></html>",
    },
  } as const;
  const text = { channel: "sms", to: "447700900123", from: "Northwold", text: "Your book is here", parts: 1 } as const;
  const letter = { channel: "letter", to: "Ada", from: "", text: "Ada\n1 High Street\nSW1A 1AA", pages: 1 } as const;
  await insertSandboxMessages(app.db, sealing, [mail, text, { ...letter, pdf: LETTER_PDF }]);
  const [kept] = await listSandboxMessages(app.db, sealing, { channel: "email", limit: 1 });
  const [posted] = await listSandboxMessages(app.db, sealing, { channel: "letter", limit: 1 });
  return { "/emails/:eid": kept?.id ?? "", "/letters/:lid": posted?.id ?? "" };
}

async function makeLinks({ app }: World, { userId }: Person): Promise<Parameters> {
  const createdAt = app.clock.now();
  const link = async (purpose: LinkPurpose, emailAddress?: string) => {
    const token = newToken();
    const times = { createdAt, expiresAt: new Date(createdAt.getTime() + DAY_MS) };
    await app.db.transaction((tx) =>
      insertLink(tx, { tokenHash: tokenHash(token), userId, purpose, emailAddress, ...times }),
    );
    return token;
  };
  return {
    "/email-auth/:token": await link("sign-in"),
    "/new-password/:token": await link("password"),
    "/email/confirm/:token": await link("email-address", "bea@example.gov.uk"),
  };
}

/** What belongs to a person: a draft, a passkey, a factor, a telephone, a view of messages. */
async function makePossessions(
  { app }: World,
  { userId }: Person,
  { service, templates }: { service: WorldService; templates: { text: string; letter: string } },
): Promise<Parameters> {
  const passkey = {
    ...{ id: newId(), userId, name: "Laptop", credentialId: randomBytes(16).toString("base64url"), signCount: 0 },
    ...{ publicKey: randomBytes(32), transports: ["internal"], createdAt: app.clock.now() },
  };
  await app.db.transaction(async (tx) => {
    await insertPasskey(tx, passkey);
    await insertFactor(tx, { userId, kind: "email-link", now: app.clock.now() });
    await tx.query`update users set mobile_number = '07700 900456' where id = ${userId}`;
  });
  const values = { name: "Ada", library: "Northwold" };
  const writer = { service, userId };
  const draft = { templateId: templates.text, values, recipient: "07700 900123" };
  const draftId = await startOneOff(app, writer, draft);
  const recipient = "Ada Lovelace\n12 St James’s Square\nSW1Y 4JH";
  const letterId = await startOneOff(app, writer, { templateId: templates.letter, values, recipient });
  const details = { fileName: "loan-18.pdf", addressLines: recipient.split("\n") };
  const upload = { service, pdf: await pagePdf("Dear Ada"), pages: 1, details };
  const uploadId = await keepUpload(app, { userId, ip: undefined, name: "Sam Sender" }, upload);
  const viewer = { service, userId, managesService: false };
  const viewed = { text: "07700 900123", facets: { channel: "sms", status: "failed" } };
  const wish = { name: "Failed texts", isShared: false };
  const viewId = await saveView(app, { userId, ip: undefined }, { viewer, wish, viewed });
  return {
    "/views/:vid": viewId,
    "/contacts/import/:did": await makeImportDraft(app, service, userId),
    "/upload-letter/:uid": uploadId,
    "/passkeys/:id": passkey.id,
    "/second-factors/:kind": "email-link",
    "/send/:tid/:did": draftId,
    "/:did/pages": letterId,
    "/:did/letter.pdf": letterId,
  };
}
