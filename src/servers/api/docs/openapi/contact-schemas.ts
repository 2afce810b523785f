/** Contacts and their groups, as requests and answers have them. */
import { CORNERS_MAX } from "../../../../core/places/area.ts";
import { SUPPRESSION_REASONS } from "../../../../core/suppression/suppression-reason.ts";
import { AREAS_MAX } from "../../../../flow/contacts/areas.ts";
import { IMPORTED_AT_ONCE_MAX, MEMBERS_AT_ONCE_MAX } from "../../schema/contact-requests.ts";
import { moment, momentOrNull, whole } from "./answer-schemas.ts";
import { orNull, ref } from "./parts.ts";
import type { Schema } from "./types.ts";

export const TEXT: Schema = { type: "string" };
const COUNT: Schema = { type: "integer" };
const URI: Schema = { type: "string", format: "uri" };
export const ID: Schema = { type: "string", format: "uuid" };
const REASON: Schema = { type: ["string", "null"], enum: [...SUPPRESSION_REASONS, null] };

const details = {
  phone_number: orNull("string", { description: "One contact has it." }),
  email_address: orNull("string", { description: "One contact has it." }),
  first_name: orNull("string"),
  last_name: orNull("string"),
  company: orNull("string"),
  title: orNull("string"),
  address_lines: { type: "array", items: TEXT, maxItems: 7 },
  language: orNull("string", { description: "Preferred: `en`, `cy`." }),
  latitude: orNull("number", {
    description: "Of where they live: WGS 84, in decimal degrees. Together with `longitude`.",
  }),
  longitude: orNull("number"),
  fields: {
    type: "object",
    description: "Your own, up to 30, by names of up to 50 characters; values of up to 1,000.",
    additionalProperties: TEXT,
  },
} satisfies Record<string, Schema>;

const consent = {
  purpose: { type: "string", description: "Such as `marketing`: up to 40 lower-case letters, digits and hyphens." },
  how: { type: "string", description: "How it was said, up to 500 characters." },
  given_at: moment("Now, if left out."),
} satisfies Record<string, Schema>;

const contact = whole({
  id: ID,
  ...details,
  groups: { type: "array", items: whole({ id: ID, name: TEXT }) },
  consents: {
    type: "array",
    items: whole({
      ...consent,
      withdrawn_at: momentOrNull("When it was taken back."),
      withdrawn_how: orNull("string"),
    }),
  },
  suppressed: whole({ sms: REASON, email: REASON }, "Why nothing is sent there; null where nothing keeps it back."),
  created_at: moment("When it was made."),
  updated_at: moment("When it was changed."),
  uri: URI,
});

const circle = body({ latitude: { type: "number" }, longitude: { type: "number" }, radius_km: { type: "number" } }, [
  ...["latitude", "longitude", "radius_km"],
]);

const group = whole({
  id: ID,
  name: TEXT,
  members: { type: "integer" },
  created_at: moment("When it was made."),
  uri: URI,
});

const links = {
  type: "object",
  required: ["current"],
  properties: { current: URI, next: URI },
} satisfies Schema;

function body(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  return {
    type: "object",
    additionalProperties: false,
    ...(required.length > 0 ? { required } : {}),
    properties,
  };
}

export const contactSchemas = {
  ContactRequest: body({
    ...details,
    consents: { type: "array", maxItems: 20, items: body(consent, ["purpose"]) },
  }),
  ContactSearch: body({ phone_number: TEXT, email_address: TEXT }),
  Contact: contact,
  ContactFound: whole({ contact: { anyOf: [ref("Contact"), { type: "null" }] } }),
  Contacts: whole({ contacts: { type: "array", items: ref("Contact") }, links }),
  ConsentRequest: body(consent, ["purpose"]),
  WithdrawalRequest: body({ how: { type: "string", description: "How it was taken back." } }),
  ContactSuppressionRequest: body({ reason: { type: "string", enum: ["asked-to-stop", "by-hand"] } }),
  ContactImport: body({ contacts: { type: "array", maxItems: IMPORTED_AT_ONCE_MAX, items: ref("ContactRequest") } }, [
    "contacts",
  ]),
  ContactsImported: whole({
    made: COUNT,
    changed: COUNT,
    unchanged: COUNT,
    refused: COUNT,
    rows: {
      type: "array",
      items: whole({
        row: { type: "integer", description: "Of a table, as a spreadsheet counts it; of a list, from 1." },
        outcome: { type: "string", enum: ["made", "changed", "unchanged", "refused"] },
        contact_id: orNull("string"),
        problems: { type: "array", items: whole({ column: orNull("string"), message: TEXT }) },
      }),
    },
  }),
  ContactGroupRequest: body({ name: { type: "string", maxLength: 100 } }, ["name"]),
  ContactGroup: group,
  ContactGroups: whole({ groups: { type: "array", items: ref("ContactGroup") }, links }),
  GroupMessageRequest: body(
    {
      template_id: ID,
      personalisation: { type: "object", additionalProperties: true, description: "The same for everybody." },
      reference: TEXT,
      consent: { type: "string", description: "Only to members who have said yes to this." },
      area: {
        description: `Only to members whose position lies in it: a circle, a GeoJSON Polygon or MultiPolygon, or corners as text, \`latitude,longitude\` with spaces between them as in CAP 1.2. ${CORNERS_MAX} corners at most.`,
        anyOf: [circle, { type: "object", required: ["type"], additionalProperties: true }, TEXT],
      },
      area_id: {
        ...ID,
        description: "One that the service has saved, in the place of `area`. The message keeps it as it is now.",
      },
      sms_sender_id: ID,
      email_reply_to_id: ID,
      scheduled_for: orNull("string", { format: "date-time" }),
      priority: { type: "string", enum: ["high", "normal", "low"], description: "`low` if left out." },
      valid_for_seconds: { type: "integer", minimum: 1, maximum: 259_200 },
      callback_url: URI,
    },
    ["template_id"],
  ),
  GroupMessage: whole({
    id: ID,
    group_id: ID,
    template_id: ID,
    type: { type: "string", enum: ["sms", "email"] },
    status: { type: "string", enum: ["sending", "sent", "stopped", "cancelled"] },
    stopped_because: orNull("string"),
    members: { ...COUNT, description: "In the group when it was asked for." },
    accepted: { ...COUNT, description: "A notification was made for so many." },
    suppressed: { ...COUNT, description: "On the suppression list." },
    unreachable: { ...COUNT, description: "Without a number, or an address." },
    without_consent: COUNT,
    outside: { ...COUNT, description: "Whose position is outside the area." },
    without_position: { ...COUNT, description: "Of whom it is not known whether they are in the area." },
    refused: { ...COUNT, description: "For any other reason, such as a missing value." },
    created_at: moment("When it was asked for."),
    finished_at: momentOrNull("When it ended."),
    uri: URI,
  }),
  Areas: whole({
    areas: {
      type: "array",
      maxItems: AREAS_MAX,
      items: whole({
        id: ID,
        name: TEXT,
        area: { description: "A circle, or corners as text: as a request may have it.", anyOf: [circle, TEXT] },
        created_at: moment("When it was saved."),
        updated_at: moment("When it was changed."),
      }),
    },
  }),
  GroupMessages: whole({ messages: { type: "array", items: ref("GroupMessage") } }),
  MembersRequest: body({ contact_ids: { type: "array", maxItems: MEMBERS_AT_ONCE_MAX, items: ID } }, ["contact_ids"]),
  MembersAdded: whole({ added: { type: "integer" }, group: ref("ContactGroup") }),
};
