/**
 * Another product tells a connection what happened in it: who calls is proved, its events are read, and a message is sent of each that the
 * connection wants. What comes a second time sends nothing more. Neither what was posted nor whom it was about is kept here.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { type ConnectionKind, PRESETS } from "../../core/connections/connection-kind.ts";
import { judgeEvent } from "../../core/connections/judge-event.ts";
import { isSameOrganisation, readOutboundMessage } from "../../core/connections/outbound-message.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json/json-value.ts";
import { parseJsonBody } from "../../core/json/parse-json-body.ts";
import { Refusal, type RefusalKind } from "../../core/refusal.ts";
import { checkBasicAuth } from "../../platform/http/basic-auth.ts";
import { newId } from "../../platform/ids.ts";
import { readXml } from "../../platform/read-xml.ts";
import { blindIndex } from "../../platform/sealing.ts";
import type { NewConnectionCall } from "../../records/connections/connection.ts";
import { findCallOfEvent, insertConnectionCalls } from "../../records/connections/connection-call-store.ts";
import {
  type CalledConnection,
  findCalledConnection,
  openConnectionSecret,
} from "../../records/connections/connection-store.ts";
import type { Service } from "../../records/services/service.ts";
import type { Intake } from "../intake/accept.ts";
import { sendForEvent } from "./send-for-event.ts";

export const USERNAME = "pennypost";
const DAY_MS = 86_400_000;
const FORM_FIELDS_MAX = 200;
/** What another try may mend; all else is told as done, where a product would take a refusal for an outage. */
const PASSING: readonly RefusalKind[] = ["conflict", "rate-limited", "limit-reached", "not-covered", "unavailable"];

export interface Call {
  connectionId: string;
  /** In the address, for a product that can send no proof beside it. */
  addressSecret: string | undefined;
  authorization: string | undefined;
  /** Of the body: base64 of its HMAC-SHA256. */
  signature: string | undefined;
  contentType: string;
  body: Buffer;
}

export type EventOutcome = Pick<NewConnectionCall, "outcome" | "reason" | "notificationId"> & {
  /** It may be taken if it is posted again. */
  passing: Refusal | undefined;
};

export interface CallOutcome {
  kind: ConnectionKind;
  events: readonly EventOutcome[];
}

/** Throws a `Refusal` for a call of nobody's, of the wrong one's, or in which nothing can be read; nothing is kept of it. */
export async function takeCall(intake: Intake, call: Call): Promise<CallOutcome> {
  const connection = await findCalledConnection(intake.db, call.connectionId);
  const service = connection && (await intake.services.find(connection.serviceId));
  if (!connection || !service || service.archivedAt) throw new Refusal("not-found", "There is no such connection");
  const { kind } = connection;
  if (kind === "woocommerce" && isGreeting(call)) return { kind, events: [] };
  refuseUnproven(call, kind, openConnectionSecret(service, connection));
  const bodies = readBodies(call, connection);
  const events: EventOutcome[] = [];
  for (const body of bodies) events.push(await takeEvent(intake, { service, connection }, body));
  return { kind, events };
}

/** A shop tries out the address before it has signed anything, by a form with the webhook's number alone. */
function isGreeting({ signature, body }: Call): boolean {
  return signature === undefined && /^webhook_id=\d{1,20}$/.test(body.toString("latin1"));
}

function refuseUnproven(call: Call, kind: ConnectionKind, secret: string): void {
  if (isProven(call, kind, secret)) return;
  throw new Refusal("unauthenticated", "The secret of this connection is missing or wrong");
}

function isProven(
  { authorization, addressSecret, signature, body }: Call,
  kind: ConnectionKind,
  secret: string,
): boolean {
  switch (PRESETS[kind].proof) {
    case "address":
      return isSame(addressSecret ?? "", secret);
    case "signature":
      return isSame(signature ?? "", createHmac("sha256", secret).update(body).digest("base64"));
    default: {
      const [, bearer] = /^bearer +(\S+)$/i.exec(authorization ?? "") ?? [];
      if (bearer !== undefined) return isSame(bearer, secret);
      return checkBasicAuth(authorization, [{ username: USERNAME, password: secret }]) === "right";
    }
  }
}

/** In the same time wherever they differ. */
function isSame(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** The events in a body, for paths to lead through. */
export function readBodies(
  { body, contentType }: Pick<Call, "body" | "contentType">,
  { kind, organizationId }: Pick<CalledConnection, "kind" | "organizationId">,
): readonly JsonObject[] {
  if (kind === "salesforce") return readNotifications(body, organizationId);
  const isForm = kind === "json" && /^application\/x-www-form-urlencoded/i.test(contentType);
  const value: JsonValue | undefined = isForm ? readForm(body) : parseJsonBody(body);
  if (isJsonObject(value)) return [value];
  throw new Refusal("invalid", isForm ? "The form has no fields, or too many" : "The body is not a JSON object");
}

function readNotifications(body: Buffer, organizationId: string | undefined): readonly JsonObject[] {
  const envelope = readXml(body);
  const message = envelope && readOutboundMessage(envelope);
  if (!message) throw new Refusal("invalid", "The body is not an outbound message of Salesforce");
  if (!isSameOrganisation(message.organisationId, organizationId ?? ""))
    throw new Refusal("unauthenticated", "The message is of another organization than the connection's");
  return message.notifications;
}

function readForm(body: Buffer): JsonObject | undefined {
  const fields = [...new URLSearchParams(body.toString())];
  return fields.length > 0 && fields.length <= FORM_FIELDS_MAX ? Object.fromEntries(fields) : undefined;
}

interface Called {
  service: Service;
  connection: CalledConnection;
}

async function takeEvent(intake: Intake, called: Called, body: JsonObject): Promise<EventOutcome> {
  const { connection, service } = called;
  if (!connection.isOn) return noted(intake, connection, { outcome: "left-out", reason: "It is switched off" });
  const judged = judgeEvent(body, connection);
  if (judged.kind === "refused") return noted(intake, connection, { outcome: "refused", reason: judged.reason });
  if (judged.kind === "left-out") return noted(intake, connection, { outcome: "left-out", reason: judged.condition });
  const eventIndex =
    judged.event === undefined
      ? undefined
      : blindIndex(intake.keys.searchIndex, `connection ${connection.id} ${judged.event}`);
  const before = eventIndex && (await findEarlier(intake, connection, eventIndex));
  if (before) return noted(intake, connection, { outcome: "repeated", notificationId: before.notificationId });
  try {
    const notificationId = await sendForEvent(intake, { service, connection, found: judged, eventIndex });
    return await noted(intake, connection, { outcome: "sent", notificationId, eventIndex });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const passing = PASSING.includes(error.kind) ? error : undefined;
    return noted(intake, connection, { outcome: "refused", reason: error.message, passing });
  }
}

function findEarlier({ db, clock }: Intake, { id: connectionId, repeatDays }: CalledConnection, eventIndex: Buffer) {
  const since = new Date(clock.now().getTime() - repeatDays * DAY_MS);
  return findCallOfEvent(db, { connectionId, eventIndex, since });
}

type Noted = Pick<NewConnectionCall, "outcome"> & Partial<NewConnectionCall & EventOutcome>;

async function noted({ db, clock }: Intake, { id }: CalledConnection, what: Noted): Promise<EventOutcome> {
  const { outcome, reason, notificationId, eventIndex, passing } = what;
  const call = { id: newId(clock.now()), connectionId: id, outcome, reason, notificationId, eventIndex };
  await insertConnectionCalls(db, [call]);
  return { outcome, reason, notificationId, passing };
}
