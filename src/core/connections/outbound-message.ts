/**
 * Salesforce's outbound messages: up to 100 notifications in one SOAP 1.1 envelope, each of one record, with one answer for all of them.
 *
 *     { Id: "04l…", sObject: { type: "Contact", Id: "003…", MobilePhone: "+44 7700 900123" } }
 */
import type { JsonObject, JsonValue } from "../json/json-value.ts";

export const NOTIFICATIONS_MAX = 100;
const ID_SHORT = 15;

/** An element of XML, its name without a prefix. */
export interface MarkedUp {
  name: string;
  /** By their names without a prefix. */
  attributes: Readonly<Record<string, string>>;
  children: readonly MarkedUp[];
  text: string;
}

export interface OutboundMessage {
  organisationId: string;
  notifications: readonly JsonObject[];
}

/** Undefined for what is no such message. The session, with which its reader could act there, is passed over. */
export function readOutboundMessage(envelope: MarkedUp): OutboundMessage | undefined {
  if (envelope.name !== "Envelope") return undefined;
  const message = childOf(childOf(envelope, "Body"), "notifications");
  const organisationId = childOf(message, "OrganizationId")?.text.trim() ?? "";
  const notifications = message?.children.filter(({ name }) => name === "Notification") ?? [];
  if (organisationId === "" || notifications.length === 0 || notifications.length > NOTIFICATIONS_MAX) return undefined;
  return { organisationId, notifications: notifications.map(notificationOf) };
}

function childOf(element: MarkedUp | undefined, name: string): MarkedUp | undefined {
  return element?.children.find((child) => child.name === name);
}

function notificationOf(notification: MarkedUp): JsonObject {
  const record = childOf(notification, "sObject");
  const type = (record?.attributes["type"] ?? "").replace(/^[^:]*:/, "");
  return { ...valuesOf(notification), sObject: { type, ...(record ? valuesOf(record) : {}) } };
}

/** What comes several times is a list. */
function valuesOf({ children }: MarkedUp): JsonObject {
  const values: JsonObject = Object.create(null);
  for (const child of children) {
    const [value, before] = [childValue(child), values[child.name]];
    values[child.name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return { ...values };
}

function childValue(element: MarkedUp): JsonValue {
  if (element.attributes["nil"] === "true") return null;
  return element.children.length > 0 ? valuesOf(element) : element.text;
}

/** The ids of an organisation have 15 characters, and 18 where three more make up for small and capital letters. */
export function isSameOrganisation(one: string, other: string): boolean {
  return one.length >= ID_SHORT && one.slice(0, ID_SHORT) === other.slice(0, ID_SHORT);
}

/** Sent again unless the answer says true. */
export function acknowledgement(isTaken: boolean): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>${isTaken}</Ack></notificationsResponse></soapenv:Body></soapenv:Envelope>`;
}
