/** The public REST API: that of GOV.UK Notify, version 2, and what we add to it. */
import type { FastifyInstance } from "fastify";
import type { Intake } from "../../flow/intake/accept.ts";
import type { ApiWatch } from "../../flow/keys/api-watch.ts";
import { createPrintTimetable } from "../../records/deployment/print-settings.ts";
import { tokenCheck } from "./auth/check-token.ts";
import { slowGuessing } from "./auth/slow-guessing.ts";
import { getAreas } from "./contacts/areas.ts";
import {
  deleteContactGroup,
  deleteGroupMember,
  getContactGroup,
  getContactGroups,
  getGroupMembers,
  patchContactGroup,
  postContactGroup,
  postGroupMembers,
} from "./contacts/contact-groups.ts";
import { getContactsCsv, postContactImport } from "./contacts/contact-tables.ts";
import {
  deleteContact,
  deleteContactSuppression,
  getContact,
  getContacts,
  patchContact,
  postConsent,
  postContact,
  postContactSuppression,
  postWithdrawal,
  searchContacts,
} from "./contacts/contacts.ts";
import {
  getGroupMessage,
  getGroupMessages,
  postGroupMessage,
  postGroupMessageCancellation,
  postGroupMessageResumption,
} from "./contacts/group-messages.ts";
import { getFrontPage, getOpenApi, getReference, getStyle, redirectToReference } from "./docs/pages.ts";
import { postDocument } from "./documents/post-document.ts";
import type { Api, Endpoint } from "./http/call.ts";
import { openResource, refuseUnknownPaths, serviceResource } from "./http/resource.ts";
import { getBalance } from "./money/get-balance.ts";
import { postPriceEstimate } from "./money/post-price-estimate.ts";
import { checkContent } from "./notifications/check-content.ts";
import { cancelNotification, getNotification, getPdf } from "./notifications/get-notification.ts";
import { getNotifications } from "./notifications/list-notifications.ts";
import { postNumberLookups } from "./number-lookups/number-lookups.ts";
import { withBasicAccess } from "./omnimessage/basic-access.ts";
import { deleteOmnimessage, getOmnimessageStatus, postOmnimessage } from "./omnimessage/omnimessages.ts";
import { inTheirWords } from "./omnimessage/refusals.ts";
import {
  deleteTheirBlacklisted,
  getTheirBlacklist,
  getTheirBlacklisted,
  postTheirBlacklist,
} from "./phonebook/blacklist.ts";
import {
  deleteTheirContact,
  deleteTheirMember,
  getTheirContact,
  getTheirContactGroups,
  getTheirContacts,
  patchTheirContact,
  postTheirContact,
  postTheirMember,
} from "./phonebook/contacts.ts";
import { deleteTheirGroup, getTheirGroup, getTheirGroups, postTheirGroup, putTheirGroup } from "./phonebook/groups.ts";
import { inPhonebookWords } from "./phonebook/refusals.ts";
import { getQuality } from "./quality/get-quality.ts";
import { getReach, getReaches, postConfirmation, postReach, postReachCancellation } from "./reach/reach.ts";
import { getReceivedTexts } from "./received-texts/list-received-texts.ts";
import { sendNotification } from "./send/send-notification.ts";
import { getLiveCounts, getStatus } from "./status/status.ts";
import {
  checkSuppressed,
  deleteSuppression,
  getSuppression,
  getSuppressions,
  postSuppressions,
} from "./suppressions/suppressions.ts";
import { getTemplate, getTemplates, getTemplateVersion, previewTemplate } from "./templates/templates.ts";
import { getVerification, postCheck, postResend, postVerification } from "./verifications/verifications.ts";

/** Below these, what nothing answers at is refused in JSON. */
const PREFIXES = ["/v1", "/v2", "/_status", "/notifications"];

/** Puts the API on a server, at the root of its origin. */
export function registerApi(server: FastifyInstance, { intake, watch }: { intake: Intake; watch?: ApiWatch }): void {
  const api: Api = {
    intake,
    watch,
    checkToken: slowGuessing(tokenCheck({ findService: intake.services.find })),
    printTimetable: createPrintTimetable(intake.db),
  };
  registerSending(server, api);
  registerVerifications(server, api);
  registerReaches(server, api);
  registerSuppressions(server, api);
  registerContacts(server, api);
  registerContactGroups(server, api);
  registerMoney(server, api);
  registerOmnimessages(server, api);
  registerPhonebook(server, api);
  registerTemplates(server, api);
  registerStatus(server, api);
  registerDocs(server, api);
  for (const prefix of PREFIXES) {
    server.register(async (scope) => refuseUnknownPaths(scope, api), { prefix });
  }
}

function registerSending(server: FastifyInstance, api: Api): void {
  serviceResource(server, api, { path: "/v2/notifications", GET: getNotifications });
  // What a POST there names is what to send, what a GET names is which to show.
  serviceResource(server, api, { path: "/v2/notifications/:id", GET: getNotification, POST: sendNotification });
  serviceResource(server, api, { path: "/v2/notifications/:id/pdf", GET: getPdf });
  serviceResource(server, api, { path: "/v2/notifications/:id/cancellation", POST: cancelNotification });
  serviceResource(server, api, { path: "/v2/notifications/:id/content-check", POST: checkContent });
  serviceResource(server, api, { path: "/services/:sid/documents", POST: postDocument });
  serviceResource(server, api, { path: "/v2/number-lookups", POST: postNumberLookups });
  serviceResource(server, api, { path: "/v2/quality", GET: getQuality });
  serviceResource(server, api, { path: "/v2/received-text-messages", GET: getReceivedTexts });
}

function registerVerifications(server: FastifyInstance, api: Api): void {
  serviceResource(server, api, { path: "/v2/verifications", POST: postVerification });
  serviceResource(server, api, { path: "/v2/verifications/:id", GET: getVerification });
  serviceResource(server, api, { path: "/v2/verifications/:id/check", POST: postCheck });
  serviceResource(server, api, { path: "/v2/verifications/:id/resend", POST: postResend });
}

function registerReaches(server: FastifyInstance, api: Api): void {
  serviceResource(server, api, { path: "/v2/reach", GET: getReaches, POST: postReach });
  serviceResource(server, api, { path: "/v2/reach/:id", GET: getReach });
  serviceResource(server, api, { path: "/v2/reach/:id/confirmation", POST: postConfirmation });
  serviceResource(server, api, { path: "/v2/reach/:id/cancellation", POST: postReachCancellation });
}

function registerSuppressions(server: FastifyInstance, api: Api): void {
  serviceResource(server, api, { path: "/v2/suppressions", GET: getSuppressions, POST: postSuppressions });
  serviceResource(server, api, { path: "/v2/suppressions/check", POST: checkSuppressed });
  serviceResource(server, api, { path: "/v2/suppressions/:id", GET: getSuppression, DELETE: deleteSuppression });
}

function registerContacts(server: FastifyInstance, api: Api): void {
  serviceResource(server, api, { path: "/v2/contacts", GET: getContacts, POST: postContact });
  serviceResource(server, api, { path: "/v2/contacts/search", POST: searchContacts });
  serviceResource(server, api, { path: "/v2/contacts.csv", GET: getContactsCsv });
  serviceResource(server, api, { path: "/v2/contact-imports", POST: postContactImport });
  const methods = { GET: getContact, PATCH: patchContact, DELETE: deleteContact };
  serviceResource(server, api, { path: "/v2/contacts/:id", ...methods });
  serviceResource(server, api, { path: "/v2/contacts/:id/consents", POST: postConsent });
  serviceResource(server, api, { path: "/v2/contacts/:id/consents/:purpose/withdrawal", POST: postWithdrawal });
  serviceResource(server, api, {
    path: "/v2/contacts/:id/suppression",
    POST: postContactSuppression,
    DELETE: deleteContactSuppression,
  });
}

function registerContactGroups(server: FastifyInstance, api: Api): void {
  serviceResource(server, api, { path: "/v2/contact-groups", GET: getContactGroups, POST: postContactGroup });
  const methods = { GET: getContactGroup, PATCH: patchContactGroup, DELETE: deleteContactGroup };
  serviceResource(server, api, { path: "/v2/contact-groups/:id", ...methods });
  const members = { GET: getGroupMembers, POST: postGroupMembers };
  serviceResource(server, api, { path: "/v2/contact-groups/:id/members", ...members });
  serviceResource(server, api, { path: "/v2/contact-groups/:id/members/:contact_id", DELETE: deleteGroupMember });
  serviceResource(server, api, { path: "/v2/areas", GET: getAreas });
  const messages = "/v2/contact-groups/:id/messages";
  serviceResource(server, api, { path: messages, GET: getGroupMessages, POST: postGroupMessage });
  serviceResource(server, api, { path: `${messages}/:message_id`, GET: getGroupMessage });
  serviceResource(server, api, { path: `${messages}/:message_id/cancellation`, POST: postGroupMessageCancellation });
  serviceResource(server, api, { path: `${messages}/:message_id/resumption`, POST: postGroupMessageResumption });
}

function registerMoney(server: FastifyInstance, api: Api): void {
  serviceResource(server, api, { path: "/v2/balance", GET: getBalance });
  serviceResource(server, api, { path: "/v2/price-estimates", POST: postPriceEstimate });
}

/** As Messente's API has them. */
function registerOmnimessages(server: FastifyInstance, api: Api): void {
  const theirs = (endpoint: Endpoint) => inTheirWords(withBasicAccess(endpoint));
  openResource(server, api, { path: "/v1/omnimessage", POST: theirs(postOmnimessage) });
  openResource(server, api, { path: "/v1/omnimessage/:id", DELETE: theirs(deleteOmnimessage) });
  openResource(server, api, { path: "/v1/omnimessage/:id/status", GET: theirs(getOmnimessageStatus) });
}

/** As Messente's API has it. */
function registerPhonebook(server: FastifyInstance, api: Api): void {
  const theirs = (endpoint: Endpoint) => inPhonebookWords(withBasicAccess(endpoint));
  const resource = (
    path: string,
    endpoints: Partial<Record<"GET" | "POST" | "PUT" | "PATCH" | "DELETE", Endpoint>>,
  ) => {
    const methods = Object.entries(endpoints).map(([method, endpoint]) => [method, theirs(endpoint)]);
    openResource(server, api, { path: `/v1/phonebook${path}`, ...Object.fromEntries(methods) });
  };
  resource("/contacts", { GET: getTheirContacts, POST: postTheirContact });
  resource("/contacts/:phone", { GET: getTheirContact, PATCH: patchTheirContact, DELETE: deleteTheirContact });
  resource("/contacts/:phone/groups", { GET: getTheirContactGroups });
  resource("/groups", { GET: getTheirGroups, POST: postTheirGroup });
  resource("/groups/:id", { GET: getTheirGroup, PUT: putTheirGroup, DELETE: deleteTheirGroup });
  resource("/groups/:id/contacts/:phone", { POST: postTheirMember, DELETE: deleteTheirMember });
  resource("/blacklist", { GET: getTheirBlacklist, POST: postTheirBlacklist });
  resource("/blacklist/:phone", { GET: getTheirBlacklisted, DELETE: deleteTheirBlacklisted });
}

function registerTemplates(server: FastifyInstance, api: Api): void {
  serviceResource(server, api, { path: "/v2/templates", GET: getTemplates });
  serviceResource(server, api, { path: "/v2/template/:id", GET: getTemplate });
  serviceResource(server, api, { path: "/v2/template/:id/version/:version(^\\d+$)", GET: getTemplateVersion });
  serviceResource(server, api, { path: "/v2/template/:id/preview", POST: previewTemplate });
}

function registerStatus(server: FastifyInstance, api: Api): void {
  openResource(server, api, { path: "/_status", GET: getStatus, POST: getStatus });
  openResource(server, api, { path: "/_status/live-service-and-organisation-counts", GET: getLiveCounts });
}

function registerDocs(server: FastifyInstance, api: Api): void {
  openResource(server, api, { path: "/", GET: getFrontPage });
  openResource(server, api, { path: "/docs", GET: redirectToReference });
  openResource(server, api, { path: "/docs/api", GET: getReference });
  openResource(server, api, { path: "/docs/api.css", GET: getStyle });
  openResource(server, api, { path: "/v2/openapi.json", GET: getOpenApi });
}
