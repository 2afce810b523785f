/** Contacts and their groups: what can be asked, and what is answered. */
import { AREAS_MAX } from "../../../../flow/contacts/areas.ts";
import { ID, TEXT } from "./contact-schemas.ts";
import { type ErrorExample, EXAMPLE_TEMPLATE_ID, jsonBody, olderThan, pathId, ref, responses } from "./parts.ts";
import type { Parameter, Paths, Response, Schema } from "./types.ts";

const NOT_FOR_TEST_KEYS: ErrorExample = [403, "BadRequestError", "Cannot use contacts with a test api key"];
const TOO_OFTEN: ErrorExample = [
  429,
  "RateLimitError",
  "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds",
];
const TAKEN: ErrorExample = [400, "BadRequestError", "phone_number is that of another contact"];
const WRONG: readonly ErrorExample[] = [
  [400, "ValidationError", "phone_number Not enough digits"],
  [400, "BadRequestError", "The service has as many contacts as it may have (1000000)"],
];
const NOT_THERE: readonly ErrorExample[] = [
  [400, "ValidationError", "id is not a valid UUID"],
  [404, "NoResultFound", "No result found"],
  NOT_FOR_TEST_KEYS,
];
const NAME_TAKEN: ErrorExample = [400, "ValidationError", "name is that of another group"];
const CONTACT = [pathId("The contact's id.")];
const GROUP = [pathId("The group's id.")];

const GROUP_ID: Parameter = { name: "group_id", in: "query", description: "Members of this group.", schema: ID };

function inPath(name: string, description: string, schema: Schema): Parameter {
  return { name, in: "path", required: true, description, schema };
}

function asked(name: string, example?: unknown) {
  return { required: true, content: jsonBody(ref(name), example) };
}

function answer(status: number, name: string, description: string): Record<string, Response> {
  return { [String(status)]: { description, content: jsonBody(ref(name)) } };
}

const contactOperations: Paths = {
  "/v2/contacts": {
    post: {
      operationId: "addContact",
      summary: "Add a contact",
      description:
        "Refused, with the `contact_id` of whoever has it, where the number or the address is a contact’s already.",
      tags: ["Contacts"],
      requestBody: asked("ContactRequest", { phone_number: "07700 900123", first_name: "Amala" }),
      responses: responses(answer(201, "Contact", "Added."), [...WRONG, TAKEN, NOT_FOR_TEST_KEYS, TOO_OFTEN]),
    },
    get: {
      operationId: "listContacts",
      summary: "List contacts",
      description: "Newest first, up to 250 at a time.",
      tags: ["Contacts"],
      parameters: [GROUP_ID, olderThan("a contact")],
      responses: responses(answer(200, "Contacts", "A page."), [
        [400, "ValidationError", "group_id is not a valid UUID"],
        NOT_FOR_TEST_KEYS,
      ]),
    },
  },
  "/v2/contacts/search": {
    post: {
      operationId: "findContact",
      summary: "Find a contact",
      description: "By the whole number or address. Asked by a body, so that neither stands in an address.",
      tags: ["Contacts"],
      requestBody: asked("ContactSearch", { phone_number: "07700 900123" }),
      responses: responses(answer(200, "ContactFound", "Whoever it is, or null."), [
        [400, "ValidationError", "phone_number or email_address is a required property"],
        NOT_FOR_TEST_KEYS,
        TOO_OFTEN,
      ]),
    },
  },
  "/v2/contacts/{id}": {
    get: {
      operationId: "getContact",
      summary: "Get a contact",
      description: "All that is kept of somebody here.",
      tags: ["Contacts"],
      parameters: CONTACT,
      responses: responses(answer(200, "Contact", "The contact."), NOT_THERE),
    },
    patch: {
      operationId: "changeContact",
      summary: "Change a contact",
      description: "What is not named stays as it is; null, or the empty text, takes away.",
      tags: ["Contacts"],
      parameters: CONTACT,
      requestBody: asked("ContactRequest", { last_name: "Mohan", fields: { Branch: "North" } }),
      responses: responses(answer(200, "Contact", "As it is now."), [...NOT_THERE, ...WRONG, TAKEN, TOO_OFTEN]),
    },
    delete: {
      operationId: "deleteContact",
      summary: "Delete a contact",
      description: "With groups, consents and all. Messages that were sent stay for as long as messages are kept.",
      tags: ["Contacts"],
      parameters: CONTACT,
      responses: responses({ "204": { description: "Deleted." } }, [...NOT_THERE, TOO_OFTEN]),
    },
  },
  "/v2/contacts/{id}/consents": {
    post: {
      operationId: "addConsent",
      summary: "Record a consent",
      description: "What a contact has said yes to, when and how. One that stands already stays as it was given.",
      tags: ["Contacts"],
      parameters: CONTACT,
      requestBody: asked("ConsentRequest", { purpose: "marketing", how: "ticked on the sign-up form" }),
      responses: responses(
        { ...answer(200, "Contact", "It stands already."), ...answer(201, "Contact", "Recorded.") },
        [
          ...NOT_THERE,
          [400, "ValidationError", "given_at must be a moment in the past, such as 2026-06-01T10:30:00Z"],
          TOO_OFTEN,
        ],
      ),
    },
  },
  "/v2/contacts/{id}/consents/{purpose}/withdrawal": {
    post: {
      operationId: "withdrawConsent",
      summary: "Take a consent back",
      description: "That it was given stays to be seen, and so does when and how it was taken back.",
      tags: ["Contacts"],
      parameters: [...CONTACT, inPath("purpose", "What the consent is for.", TEXT)],
      requestBody: { required: false, content: jsonBody(ref("WithdrawalRequest"), { how: "told us by phone" }) },
      responses: responses(answer(200, "Contact", "As it is now."), [...NOT_THERE, TOO_OFTEN]),
    },
  },
  "/v2/contacts/{id}/suppression": {
    post: {
      operationId: "suppressContact",
      summary: "Suppress a contact",
      description: "Puts the number and the address on the suppression list.",
      tags: ["Contacts"],
      parameters: CONTACT,
      requestBody: {
        required: false,
        content: jsonBody(ref("ContactSuppressionRequest"), { reason: "asked-to-stop" }),
      },
      responses: responses(answer(201, "Contact", "As it is now."), [...NOT_THERE, TOO_OFTEN]),
    },
    delete: {
      operationId: "releaseContact",
      summary: "Release a contact",
      description: "Takes the number and the address off the suppression list.",
      tags: ["Contacts"],
      parameters: CONTACT,
      responses: responses(answer(200, "Contact", "As it is now."), [...NOT_THERE, TOO_OFTEN]),
    },
  },
};

const tableOperations: Paths = {
  "/v2/contact-imports": {
    post: {
      operationId: "importContacts",
      summary: "Import contacts",
      description:
        "Changes those that are known by their number or address, makes the others, and refuses what is wrong row by row; the same again changes nothing. As `text/csv`, up to 20,000 rows: the first row names the columns, and a column of a name that is not ours is a field of your own. As `application/x-ndjson` or as JSON, up to 1,000 at once.",
      tags: ["Contacts"],
      parameters: [GROUP_ID],
      requestBody: {
        required: true,
        content: {
          ...jsonBody(ref("ContactImport"), { contacts: [{ phone_number: "07700 900123", first_name: "Amala" }] }),
          "text/csv": { schema: TEXT },
          "application/x-ndjson": { schema: TEXT },
        },
      },
      responses: responses(answer(200, "ContactsImported", "What became of each row."), [
        [400, "ValidationError", "The first row must name the columns, with one for phone number or email address"],
        [400, "ValidationError", "A table can have 20000 rows at most"],
        [404, "NoResultFound", "No result found"],
        NOT_FOR_TEST_KEYS,
        TOO_OFTEN,
      ]),
    },
  },
  "/v2/contacts.csv": {
    get: {
      operationId: "exportContacts",
      summary: "Export contacts",
      description: "All of them, or those of a group, as a table that can be imported again. It is in the audit log.",
      tags: ["Contacts"],
      parameters: [GROUP_ID],
      responses: responses({ "200": { description: "The table.", content: { "text/csv": { schema: TEXT } } } }, [
        [404, "NoResultFound", "No result found"],
        NOT_FOR_TEST_KEYS,
        TOO_OFTEN,
      ]),
    },
  },
};

const groupOperations: Paths = {
  "/v2/contact-groups": {
    post: {
      operationId: "addContactGroup",
      summary: "Add a group",
      description: "A service can have 1,000.",
      tags: ["Contacts"],
      requestBody: asked("ContactGroupRequest", { name: "Volunteers" }),
      responses: responses(answer(201, "ContactGroup", "Added."), [NAME_TAKEN, NOT_FOR_TEST_KEYS, TOO_OFTEN]),
    },
    get: {
      operationId: "listContactGroups",
      summary: "List groups",
      description: "Newest first, up to 250 at a time.",
      tags: ["Contacts"],
      parameters: [olderThan("a group")],
      responses: responses(answer(200, "ContactGroups", "A page."), [NOT_FOR_TEST_KEYS]),
    },
  },
  "/v2/contact-groups/{id}": {
    get: {
      operationId: "getContactGroup",
      summary: "Get a group",
      description: "Its name, and how many are in it.",
      tags: ["Contacts"],
      parameters: GROUP,
      responses: responses(answer(200, "ContactGroup", "The group."), NOT_THERE),
    },
    patch: {
      operationId: "renameContactGroup",
      summary: "Rename a group",
      description: "Gives it another name.",
      tags: ["Contacts"],
      parameters: GROUP,
      requestBody: asked("ContactGroupRequest", { name: "Helpers" }),
      responses: responses(answer(200, "ContactGroup", "As it is now."), [...NOT_THERE, NAME_TAKEN, TOO_OFTEN]),
    },
    delete: {
      operationId: "deleteContactGroup",
      summary: "Delete a group",
      description: "Its members stay contacts.",
      tags: ["Contacts"],
      parameters: GROUP,
      responses: responses({ "204": { description: "Deleted." } }, [...NOT_THERE, TOO_OFTEN]),
    },
  },
  "/v2/contact-groups/{id}/members": {
    get: {
      operationId: "listMembers",
      summary: "List members of a group",
      description: "Contacts, newest first, up to 250 at a time.",
      tags: ["Contacts"],
      parameters: [...GROUP, olderThan("a contact")],
      responses: responses(answer(200, "Contacts", "A page."), NOT_THERE),
    },
    post: {
      operationId: "addMembers",
      summary: "Add members to a group",
      description: "Who is in it already stays; who is no contact of the service is passed over.",
      tags: ["Contacts"],
      parameters: GROUP,
      requestBody: asked("MembersRequest"),
      responses: responses(answer(200, "MembersAdded", "How many were not in it before."), [...NOT_THERE, TOO_OFTEN]),
    },
  },
  "/v2/contact-groups/{id}/members/{contact_id}": {
    delete: {
      operationId: "removeMember",
      summary: "Remove a member from a group",
      description: "The contact stays.",
      tags: ["Contacts"],
      parameters: [...GROUP, inPath("contact_id", "The contact’s id.", ID)],
      responses: responses({ "204": { description: "Removed." } }, [...NOT_THERE, TOO_OFTEN]),
    },
  },
};

const MESSAGE_ID = inPath("message_id", "The message’s id.", ID);

const messageOperations: Paths = {
  "/v2/areas": {
    get: {
      operationId: "listAreas",
      summary: "List areas",
      description: `Those that the service has saved on its pages, ${AREAS_MAX} at most, by name. A message to a group names one by \`area_id\`.`,
      tags: ["Contacts"],
      responses: responses(answer(200, "Areas", "All of them."), [NOT_FOR_TEST_KEYS]),
    },
  },
  "/v2/contact-groups/{id}/messages": {
    post: {
      operationId: "sendToGroup",
      summary: "Send to a group",
      description:
        "Taken at once, and sent in the background to everybody who is in the group now, each once. Values for the template come from each contact, by name (`first name`, your own fields); values in the request win. Members on the suppression list are passed over and counted. It stops where a daily limit or a balance is used up. With an `Idempotency-Key` it is begun once.",
      tags: ["Contacts"],
      parameters: GROUP,
      requestBody: asked("GroupMessageRequest", { template_id: EXAMPLE_TEMPLATE_ID, consent: "marketing" }),
      responses: responses(answer(201, "GroupMessage", "Begun."), [
        ...NOT_THERE,
        [400, "BadRequestError", "Template not found"],
        [400, "ValidationError", "consent must be the purpose of a consent, such as marketing"],
        [400, "ValidationError", "area must have at least 3 corners that are not on one line"],
        [400, "ValidationError", "area and area_id cannot be given together"],
        [400, "BadRequestError", "Area not found"],
        [409, "IdempotencyKeyError", "This Idempotency-Key has been used with a different request"],
        TOO_OFTEN,
      ]),
    },
    get: {
      operationId: "listGroupMessages",
      summary: "List messages to a group",
      description: "Newest first, 250 at most.",
      tags: ["Contacts"],
      parameters: GROUP,
      responses: responses(answer(200, "GroupMessages", "The messages."), NOT_THERE),
    },
  },
  "/v2/contact-groups/{id}/messages/{message_id}": {
    get: {
      operationId: "getGroupMessage",
      summary: "Get a message to a group",
      description: "How far it has come.",
      tags: ["Contacts"],
      parameters: [...GROUP, MESSAGE_ID],
      responses: responses(answer(200, "GroupMessage", "The message."), NOT_THERE),
    },
  },
  "/v2/contact-groups/{id}/messages/{message_id}/cancellation": {
    post: {
      operationId: "cancelGroupMessage",
      summary: "Stop a message to a group",
      description: "Who was dealt with already keeps it; nobody else gets it.",
      tags: ["Contacts"],
      parameters: [...GROUP, MESSAGE_ID],
      responses: responses(answer(200, "GroupMessage", "As it is now."), [
        ...NOT_THERE,
        [400, "BadRequestError", "The message to the group has ended already"],
        TOO_OFTEN,
      ]),
    },
  },
  "/v2/contact-groups/{id}/messages/{message_id}/resumption": {
    post: {
      operationId: "resumeGroupMessage",
      summary: "Let a message to a group go on",
      description:
        "One that a limit, a balance or a right stopped goes on where it stopped, within six days: nobody is sent to twice. Where nothing has changed it stops again.",
      tags: ["Contacts"],
      parameters: [...GROUP, MESSAGE_ID],
      responses: responses(answer(200, "GroupMessage", "As it is now."), [
        ...NOT_THERE,
        [400, "BadRequestError", "Only a message that was stopped in the last 6 days can go on"],
        TOO_OFTEN,
      ]),
    },
  },
};

export const phonebookOperations: Paths = {
  ...contactOperations,
  ...tableOperations,
  ...groupOperations,
  ...messageOperations,
};
