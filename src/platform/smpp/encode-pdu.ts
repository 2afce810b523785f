/** PDUs as octets (SMPP 3.4 §4): the mandatory parameters in their order, then the optional ones. */
import type { ByteWriter } from "./byte-writer.ts";
import { COMMAND_IDS } from "./commands.ts";
import {
  ADDRESS_MAX_BYTES,
  ADDRESS_RANGE_MAX_BYTES,
  HEADER_BYTES,
  LONG_ADDRESS_MAX_BYTES,
  MESSAGE_ID_MAX_BYTES,
  PASSWORD_MAX_BYTES,
  SERVICE_TYPE_MAX_BYTES,
  SHORT_MESSAGE_MAX_BYTES,
  SYSTEM_ID_MAX_BYTES,
  SYSTEM_TYPE_MAX_BYTES,
  TIME_MAX_BYTES,
} from "./field-limits.ts";
import type {
  Alert,
  BindRequest,
  BindResponse,
  CancelRequest,
  DataRequest,
  MessageResponse,
  Outbind,
  Pdu,
  QueryRequest,
  QueryResponse,
  ReplaceRequest,
  ShortMessageRequest,
} from "./pdu.ts";
import type { Tlv } from "./tlvs.ts";

/** More than all fields of fixed greatest length take in any PDU. */
const FIXED_FIELDS_MAX_BYTES = 512;
const TLV_HEADER_BYTES = 4;

/**
 * Appends one PDU to `writer`. Throws a RangeError, having written nothing, where a value does not fit its field.
 */
export function encodePdu(writer: ByteWriter, pdu: Pdu, sequence: number): void {
  writer.reserve(greatestLength(pdu));
  const start = writer.position;
  try {
    writer.uint32(0);
    writer.uint32(COMMAND_IDS[pdu.command]);
    writer.uint32("status" in pdu ? pdu.status : 0);
    writer.uint32(sequence);
    putBody(writer, pdu);
  } catch (error) {
    writer.rewind(start);
    throw error;
  }
  writer.uint32At(start, writer.position - start);
}

function greatestLength(pdu: Pdu): number {
  const short = "shortMessage" in pdu ? pdu.shortMessage.length : 0;
  return HEADER_BYTES + FIXED_FIELDS_MAX_BYTES + short + ("tlvs" in pdu ? lengthOfTlvs(pdu.tlvs) : 0);
}

function lengthOfTlvs(tlvs: readonly Tlv[]): number {
  let length = 0;
  for (const tlv of tlvs) length += TLV_HEADER_BYTES + tlv.value.length;
  return length;
}

type PduOf<Command, P = Pdu> = P extends { command: infer C } ? (Command extends C ? P : never) : never;
type Put<P> = (writer: ByteWriter, pdu: P) => void;

const nothing = () => {};

const BODIES: { [Command in Pdu["command"]]: Put<PduOf<Command>> } = {
  submit_sm: putShortMessage,
  deliver_sm: putShortMessage,
  submit_sm_resp: putMessageResponse,
  deliver_sm_resp: putMessageResponse,
  data_sm_resp: putMessageResponse,
  data_sm: putData,
  bind_transmitter: putBind,
  bind_receiver: putBind,
  bind_transceiver: putBind,
  bind_transmitter_resp: putBindResponse,
  bind_receiver_resp: putBindResponse,
  bind_transceiver_resp: putBindResponse,
  query_sm: putQuery,
  query_sm_resp: putQueryResponse,
  cancel_sm: putCancel,
  replace_sm: putReplace,
  outbind: putOutbind,
  alert_notification: putAlert,
  enquire_link: nothing,
  unbind: nothing,
  enquire_link_resp: nothing,
  unbind_resp: nothing,
  cancel_sm_resp: nothing,
  replace_sm_resp: nothing,
  generic_nack: nothing,
};

function putBody(writer: ByteWriter, pdu: Pdu): void {
  // The table's type has just proved that each command meets its own shape; the compiler cannot follow that through a look-up.
  (BODIES[pdu.command] as Put<Pdu>)(writer, pdu);
}

function putShortMessage(writer: ByteWriter, pdu: ShortMessageRequest): void {
  writer.cString(pdu.serviceType, SERVICE_TYPE_MAX_BYTES);
  writer.address(pdu.source, ADDRESS_MAX_BYTES);
  writer.address(pdu.destination, ADDRESS_MAX_BYTES);
  writer.uint8(pdu.esmClass);
  writer.uint8(pdu.protocolId);
  writer.uint8(pdu.priority);
  writer.cString(pdu.scheduleDeliveryTime, TIME_MAX_BYTES);
  writer.cString(pdu.validityPeriod, TIME_MAX_BYTES);
  writer.uint8(pdu.registeredDelivery);
  writer.uint8(pdu.replaceIfPresent);
  writer.uint8(pdu.dataCoding);
  writer.uint8(pdu.defaultMessageId);
  putShortMessageField(writer, pdu.shortMessage);
  writer.tlvs(pdu.tlvs);
}

function putShortMessageField(writer: ByteWriter, shortMessage: Uint8Array): void {
  if (shortMessage.length > SHORT_MESSAGE_MAX_BYTES) throw new RangeError("A short_message was longer than 254 octets");
  writer.uint8(shortMessage.length);
  writer.bytes(shortMessage);
}

/** A failed submit_sm has no body (§4.4.2); neither does any failed answer of this kind. */
function putMessageResponse(writer: ByteWriter, pdu: MessageResponse): void {
  if (pdu.status !== 0) return;
  writer.cString(pdu.messageId, MESSAGE_ID_MAX_BYTES);
  writer.tlvs(pdu.tlvs);
}

function putData(writer: ByteWriter, pdu: DataRequest): void {
  writer.cString(pdu.serviceType, SERVICE_TYPE_MAX_BYTES);
  writer.address(pdu.source, LONG_ADDRESS_MAX_BYTES);
  writer.address(pdu.destination, LONG_ADDRESS_MAX_BYTES);
  writer.uint8(pdu.esmClass);
  writer.uint8(pdu.registeredDelivery);
  writer.uint8(pdu.dataCoding);
  writer.tlvs(pdu.tlvs);
}

function putBind(writer: ByteWriter, pdu: BindRequest): void {
  writer.cString(pdu.systemId, SYSTEM_ID_MAX_BYTES);
  writer.cString(pdu.password, PASSWORD_MAX_BYTES);
  writer.cString(pdu.systemType, SYSTEM_TYPE_MAX_BYTES);
  writer.uint8(pdu.interfaceVersion);
  writer.address(pdu.addressRange, ADDRESS_RANGE_MAX_BYTES);
}

/** A refused bind has no body (§4.1.2). */
function putBindResponse(writer: ByteWriter, pdu: BindResponse): void {
  if (pdu.status !== 0) return;
  writer.cString(pdu.systemId, SYSTEM_ID_MAX_BYTES);
  writer.tlvs(pdu.tlvs);
}

function putQuery(writer: ByteWriter, pdu: QueryRequest): void {
  writer.cString(pdu.messageId, MESSAGE_ID_MAX_BYTES);
  writer.address(pdu.source, ADDRESS_MAX_BYTES);
}

function putQueryResponse(writer: ByteWriter, pdu: QueryResponse): void {
  writer.cString(pdu.messageId, MESSAGE_ID_MAX_BYTES);
  writer.cString(pdu.finalDate, TIME_MAX_BYTES);
  writer.uint8(pdu.messageState);
  writer.uint8(pdu.errorCode);
}

function putCancel(writer: ByteWriter, pdu: CancelRequest): void {
  writer.cString(pdu.serviceType, SERVICE_TYPE_MAX_BYTES);
  writer.cString(pdu.messageId, MESSAGE_ID_MAX_BYTES);
  writer.address(pdu.source, ADDRESS_MAX_BYTES);
  writer.address(pdu.destination, ADDRESS_MAX_BYTES);
}

function putReplace(writer: ByteWriter, pdu: ReplaceRequest): void {
  writer.cString(pdu.messageId, MESSAGE_ID_MAX_BYTES);
  writer.address(pdu.source, ADDRESS_MAX_BYTES);
  writer.cString(pdu.scheduleDeliveryTime, TIME_MAX_BYTES);
  writer.cString(pdu.validityPeriod, TIME_MAX_BYTES);
  writer.uint8(pdu.registeredDelivery);
  writer.uint8(pdu.defaultMessageId);
  putShortMessageField(writer, pdu.shortMessage);
}

function putOutbind(writer: ByteWriter, pdu: Outbind): void {
  writer.cString(pdu.systemId, SYSTEM_ID_MAX_BYTES);
  writer.cString(pdu.password, PASSWORD_MAX_BYTES);
}

function putAlert(writer: ByteWriter, pdu: Alert): void {
  writer.address(pdu.source, LONG_ADDRESS_MAX_BYTES);
  writer.address(pdu.esme, LONG_ADDRESS_MAX_BYTES);
  writer.tlvs(pdu.tlvs);
}
