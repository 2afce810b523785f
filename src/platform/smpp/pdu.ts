/** What each SMPP 3.4 operation carries (§4), as values. Sequence numbers belong to the session and are kept beside the PDU. */
import { STATUS } from "./command-statuses.ts";
import type { Tlv } from "./tlvs.ts";

/** interface_version of SMPP 3.4 (§5.2.4). */
export const SMPP_3_4 = 0x34;

/** Type of number (§5.2.5). */
export const TON = { unknown: 0, international: 1, national: 2, networkSpecific: 3, alphanumeric: 5 } as const;
/** Numbering plan (§5.2.6). */
export const NPI = { unknown: 0, isdn: 1 } as const;

/** Bits of esm_class (§5.2.12). */
export const ESM_CLASS = {
  messageTypeMask: 0x3c,
  receipt: 0x04,
  intermediateReceipt: 0x20,
  userDataHeader: 0x40,
} as const;

/** registered_delivery (§5.2.17): the carrier reports success and failure. */
export const RECEIPT_WANTED = 0x01;

/** data_coding (§5.2.19). */
export const DATA_CODING = { default: 0, ascii: 1, latin1: 3, ucs2: 8 } as const;

export interface Address {
  ton: number;
  npi: number;
  address: string;
}

export interface BindRequest {
  command: "bind_transmitter" | "bind_receiver" | "bind_transceiver";
  systemId: string;
  password: string;
  systemType: string;
  interfaceVersion: number;
  addressRange: Address;
}

export interface BindResponse {
  command: "bind_transmitter_resp" | "bind_receiver_resp" | "bind_transceiver_resp";
  status: number;
  systemId: string;
  tlvs: readonly Tlv[];
}

/** submit_sm takes a message to the carrier, deliver_sm brings one (or a receipt) from it: the same fields (§4.4.1, §4.6.1). */
export interface ShortMessageRequest {
  command: "submit_sm" | "deliver_sm";
  serviceType: string;
  source: Address;
  destination: Address;
  esmClass: number;
  protocolId: number;
  priority: number;
  scheduleDeliveryTime: string;
  validityPeriod: string;
  registeredDelivery: number;
  replaceIfPresent: number;
  dataCoding: number;
  defaultMessageId: number;
  /** At most 254 octets; longer content goes in the message_payload parameter. */
  shortMessage: Uint8Array;
  tlvs: readonly Tlv[];
}

/** The message is in its message_payload parameter (§4.7.1). */
export interface DataRequest {
  command: "data_sm";
  serviceType: string;
  source: Address;
  destination: Address;
  esmClass: number;
  registeredDelivery: number;
  dataCoding: number;
  tlvs: readonly Tlv[];
}

export interface MessageResponse {
  command: "submit_sm_resp" | "deliver_sm_resp" | "data_sm_resp";
  status: number;
  messageId: string;
  tlvs: readonly Tlv[];
}

export interface QueryRequest {
  command: "query_sm";
  messageId: string;
  source: Address;
}

export interface QueryResponse {
  command: "query_sm_resp";
  status: number;
  messageId: string;
  finalDate: string;
  messageState: number;
  errorCode: number;
}

export interface CancelRequest {
  command: "cancel_sm";
  serviceType: string;
  messageId: string;
  source: Address;
  destination: Address;
}

export interface ReplaceRequest {
  command: "replace_sm";
  messageId: string;
  source: Address;
  scheduleDeliveryTime: string;
  validityPeriod: string;
  registeredDelivery: number;
  defaultMessageId: number;
  shortMessage: Uint8Array;
}

export interface Outbind {
  command: "outbind";
  systemId: string;
  password: string;
}

export interface Alert {
  command: "alert_notification";
  source: Address;
  esme: Address;
  tlvs: readonly Tlv[];
}

export interface BareRequest {
  command: "enquire_link" | "unbind";
}

export interface BareResponse {
  command: "generic_nack" | "enquire_link_resp" | "unbind_resp" | "cancel_sm_resp" | "replace_sm_resp";
  status: number;
}

export type RequestPdu =
  | BindRequest
  | ShortMessageRequest
  | DataRequest
  | QueryRequest
  | CancelRequest
  | ReplaceRequest
  | BareRequest;

/** Said without expecting an answer (§4.1.7, §4.12.1). */
export type OneWayPdu = Outbind | Alert;
export type ResponsePdu = BindResponse | MessageResponse | QueryResponse | BareResponse;
export type Pdu = RequestPdu | OneWayPdu | ResponsePdu;

/** No optional parameters: one list for all, since most PDUs have none. */
export const NO_TLVS: readonly Tlv[] = Object.freeze([]);
export const NO_ADDRESS: Address = Object.freeze({ ton: 0, npi: 0, address: "" });

type ShortMessageFields = Pick<ShortMessageRequest, "command" | "source" | "destination" | "shortMessage"> &
  Partial<ShortMessageRequest>;

/**
 * A submit_sm or deliver_sm with the fields that most leave alone filled in. Written out rather than spread: an object this wide
 * costs fifty times as much when it is spread together, and there is one for every message.
 */
export function shortMessage(fields: ShortMessageFields): ShortMessageRequest {
  return {
    command: fields.command,
    serviceType: fields.serviceType ?? "",
    source: fields.source,
    destination: fields.destination,
    esmClass: fields.esmClass ?? 0,
    protocolId: fields.protocolId ?? 0,
    priority: fields.priority ?? 0,
    scheduleDeliveryTime: fields.scheduleDeliveryTime ?? "",
    validityPeriod: fields.validityPeriod ?? "",
    registeredDelivery: fields.registeredDelivery ?? 0,
    replaceIfPresent: fields.replaceIfPresent ?? 0,
    dataCoding: fields.dataCoding ?? DATA_CODING.default,
    defaultMessageId: fields.defaultMessageId ?? 0,
    shortMessage: fields.shortMessage,
    tlvs: fields.tlvs ?? NO_TLVS,
  };
}

/** The answer to `request` that carries only a status.  responseTo(submit, STATUS.ESME_RINVBNDSTS) */
export function responseTo(request: RequestPdu, status: number = STATUS.ESME_ROK): ResponsePdu {
  const command = `${request.command}_resp` as const;
  switch (command) {
    case "bind_transmitter_resp":
    case "bind_receiver_resp":
    case "bind_transceiver_resp":
      return { command, status, systemId: "", tlvs: NO_TLVS };
    case "submit_sm_resp":
    case "deliver_sm_resp":
    case "data_sm_resp":
      return { command, status, messageId: "", tlvs: NO_TLVS };
    case "query_sm_resp":
      return { command, status, messageId: "", finalDate: "", messageState: 0, errorCode: 0 };
    default:
      return { command, status };
  }
}

export function isResponse(pdu: Pdu): pdu is ResponsePdu {
  return "status" in pdu;
}

export function isOneWay(pdu: Pdu): pdu is OneWayPdu {
  return pdu.command === "outbind" || pdu.command === "alert_notification";
}
