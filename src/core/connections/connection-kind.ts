/** Which product is at the other end of a connection, how it proves itself, and what is usual for it. */

export const CONNECTION_KINDS = ["pipedrive", "salesforce", "woocommerce", "json"] as const;
export type ConnectionKind = (typeof CONNECTION_KINDS)[number];

/** Name and password or a bearer token; a signature of the body; or a part of the address, where a product can send neither. */
export type Proof = "password" | "signature" | "address";

export interface Preset {
  proof: Proof;
  /** Where the recipient usually stands, by what is sent. */
  recipientPath: Readonly<Record<"sms" | "email", string>>;
  /** Conditions as people write them. */
  conditions: readonly string[];
  /** What tells one event from another; "" where there is nothing usual. */
  eventPath: string;
  /** Where values of a template's fields usually stand, by names they often have. */
  fields: Readonly<Record<string, string>>;
  /** The product takes any answer but a good one for an outage, and switches itself off after a few. */
  givesUpOnRefusals: boolean;
}

export const PRESETS: Readonly<Record<ConnectionKind, Preset>> = {
  // Webhooks v2, of a person: pipedrive.readme.io/docs/guide-for-webhooks-v2.
  pipedrive: {
    proof: "password",
    recipientPath: { sms: "data.phones[primary=true].value", email: "data.emails[primary=true].value" },
    conditions: ["meta.entity is person", "meta.action is create"],
    eventPath: "meta.id",
    fields: { name: "data.name", "first name": "data.first_name", "last name": "data.last_name" },
    givesUpOnRefusals: true,
  },
  // Outbound messages, of a contact: SOAP 1.1 with the namespace http://soap.sforce.com/2005/09/outbound.
  salesforce: {
    proof: "address",
    recipientPath: { sms: "sObject.MobilePhone", email: "sObject.Email" },
    conditions: [],
    eventPath: "Id",
    fields: { name: "sObject.Name", "first name": "sObject.FirstName", "last name": "sObject.LastName" },
    givesUpOnRefusals: true,
  },
  // Webhooks of an order: the order as the shop's own API has it.
  woocommerce: {
    proof: "signature",
    recipientPath: { sms: "billing.phone", email: "billing.email" },
    conditions: ["status is processing"],
    eventPath: "id",
    fields: {
      ...{ name: "billing.first_name", "first name": "billing.first_name", "last name": "billing.last_name" },
      ...{ order: "number", "order number": "number", number: "number", total: "total", currency: "currency" },
    },
    givesUpOnRefusals: true,
  },
  json: {
    proof: "password",
    recipientPath: { sms: "phone", email: "email" },
    conditions: [],
    eventPath: "",
    fields: {},
    givesUpOnRefusals: false,
  },
};
