/** What products post, in the shape they document, about people there are not: to try a connection with. */
import type { JsonObject } from "../json/json-value.ts";

/** Webhooks v2: `meta`, `data`, `previous`. */
export const PIPEDRIVE_PERSON: JsonObject = {
  meta: {
    ...{ action: "create", entity: "person", entity_id: "91", id: "3f0bd2a1-7c5e-4a3b-9a52-2d5ecf1e8b10" },
    ...{
      company_id: "1234",
      user_id: "5678",
      type: "general",
      version: "2.0",
      attempt: 1,
      host: "example.pipedrive.com",
    },
    ...{ change_source: "app", is_bulk_edit: false, timestamp: "2026-01-05T09:30:00.000Z", webhook_id: "12" },
  },
  data: {
    ...{ id: 91, name: "Ada Lovelace", first_name: "Ada", last_name: "Lovelace", org_id: 4, owner_id: 5678 },
    phones: [
      { label: "work", primary: false, value: "020 7946 0000" },
      { label: "mobile", primary: true, value: "07700 900123" },
    ],
    emails: [{ label: "work", primary: true, value: "ada@example.com" }],
    custom_fields: {},
  },
  previous: null,
};

/** The order as the shop's API has it. */
export const WOOCOMMERCE_ORDER: JsonObject = {
  ...{
    id: 727,
    number: "727",
    status: "processing",
    currency: "GBP",
    total: "29.35",
    date_created: "2026-01-05T09:30:00",
  },
  billing: {
    ...{ first_name: "Ada", last_name: "Lovelace", email: "ada@example.com", phone: "07700 900123", country: "GB" },
  },
  shipping: { first_name: "Ada", last_name: "Lovelace", city: "Northwold" },
  line_items: [{ id: 315, name: "Library tote bag", quantity: 2, total: "24.40" }],
  meta_data: [{ id: 13106, key: "_collect_from", value: "Northwold" }],
};

export const JSON_EXAMPLE: JsonObject = { phone: "07700 900123", email: "ada@example.com", name: "Ada" };

/** One notification in its envelope. */
export const SALESFORCE_MESSAGE = `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <soapenv:Body>
  <notifications xmlns="http://soap.sforce.com/2005/09/outbound">
   <OrganizationId>00D000000000001EAA</OrganizationId>
   <ActionId>04k000000000001AAA</ActionId>
   <SessionId xsi:nil="true"/>
   <EnterpriseUrl>https://example.my.salesforce.com/services/Soap/c/60.0</EnterpriseUrl>
   <PartnerUrl>https://example.my.salesforce.com/services/Soap/u/60.0</PartnerUrl>
   <Notification>
    <Id>04l000000000001AAA</Id>
    <sObject xsi:type="sf:Contact" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">
     <sf:Id>003000000000001AAA</sf:Id>
     <sf:FirstName>Ada</sf:FirstName>
     <sf:LastName>Lovelace &amp; Co</sf:LastName>
     <sf:Email>ada@example.com</sf:Email>
     <sf:MobilePhone>07700 900123</sf:MobilePhone>
    </sObject>
   </Notification>
  </notifications>
 </soapenv:Body>
</soapenv:Envelope>`;
