/** Octets as PDUs (SMPP 3.4 §4). Whatever arrives, nothing throws: what cannot be read is a value that says how to answer it. */
import { ByteReader } from "./byte-reader.ts";
import { STATUS } from "./command-statuses.ts";
import { type CommandName, commandName } from "./commands.ts";
import {
  ADDRESS_MAX_BYTES,
  ADDRESS_RANGE_MAX_BYTES,
  HEADER_BYTES,
  LONG_ADDRESS_MAX_BYTES,
  MESSAGE_ID_MAX_BYTES,
  PASSWORD_MAX_BYTES,
  SERVICE_TYPE_MAX_BYTES,
  SYSTEM_ID_MAX_BYTES,
  SYSTEM_TYPE_MAX_BYTES,
  TIME_MAX_BYTES,
} from "./field-limits.ts";
import type {
  BindRequest,
  BindResponse,
  CancelRequest,
  DataRequest,
  MessageResponse,
  Pdu,
  QueryResponse,
  ReplaceRequest,
  ShortMessageRequest,
} from "./pdu.ts";
import { NO_TLVS } from "./pdu.ts";

export type Decoded =
  | { kind: "pdu"; sequence: number; pdu: Pdu }
  | { kind: "malformed"; sequence: number; commandId: number; status: number };

/** Reads one whole PDU: `frame` is as long as its command_length says. */
export function decodePdu(frame: Buffer): Decoded {
  if (frame.length < HEADER_BYTES) {
    return { kind: "malformed", sequence: 0, commandId: 0, status: STATUS.ESME_RINVCMDLEN };
  }
  const commandId = frame.readUInt32BE(4);
  const sequence = frame.readUInt32BE(12);
  const command = commandName(commandId);
  if (!command) return { kind: "malformed", sequence, commandId, status: STATUS.ESME_RINVCMDID };
  const reader = new ByteReader(frame, HEADER_BYTES);
  const pdu = readBody(reader, command, frame.readUInt32BE(8));
  if (reader.fault !== STATUS.ESME_ROK) return { kind: "malformed", sequence, commandId, status: reader.fault };
  return { kind: "pdu", sequence, pdu };
}

function readBody(reader: ByteReader, command: CommandName, status: number): Pdu {
  switch (command) {
    case "submit_sm":
    case "deliver_sm":
      return readShortMessage(reader, command);
    case "submit_sm_resp":
    case "deliver_sm_resp":
    case "data_sm_resp":
      return readMessageResponse(reader, command, status);
    case "data_sm":
      return readData(reader);
    case "bind_transmitter":
    case "bind_receiver":
    case "bind_transceiver":
      return readBind(reader, command);
    case "bind_transmitter_resp":
    case "bind_receiver_resp":
    case "bind_transceiver_resp":
      return readBindResponse(reader, command, status);
    case "query_sm":
      return { command, messageId: reader.cString(MESSAGE_ID_MAX_BYTES), source: reader.address(ADDRESS_MAX_BYTES) };
    case "query_sm_resp":
      return readQueryResponse(reader, status);
    case "cancel_sm":
      return readCancel(reader);
    case "replace_sm":
      return readReplace(reader);
    case "outbind":
      return { command, systemId: reader.cString(SYSTEM_ID_MAX_BYTES), password: reader.cString(PASSWORD_MAX_BYTES) };
    case "alert_notification":
      return {
        command,
        source: reader.address(LONG_ADDRESS_MAX_BYTES),
        esme: reader.address(LONG_ADDRESS_MAX_BYTES),
        tlvs: reader.tlvs(),
      };
    case "enquire_link":
    case "unbind":
      return { command };
    default:
      return { command, status };
  }
}

function readShortMessage(reader: ByteReader, command: ShortMessageRequest["command"]): ShortMessageRequest {
  return {
    command,
    serviceType: reader.cString(SERVICE_TYPE_MAX_BYTES),
    source: reader.address(ADDRESS_MAX_BYTES),
    destination: reader.address(ADDRESS_MAX_BYTES),
    esmClass: reader.uint8(),
    protocolId: reader.uint8(),
    priority: reader.uint8(),
    scheduleDeliveryTime: reader.cString(TIME_MAX_BYTES),
    validityPeriod: reader.cString(TIME_MAX_BYTES),
    registeredDelivery: reader.uint8(),
    replaceIfPresent: reader.uint8(),
    dataCoding: reader.uint8(),
    defaultMessageId: reader.uint8(),
    shortMessage: reader.bytes(reader.uint8()),
    tlvs: reader.tlvs(),
  };
}

/** Some carriers send a message id with a failure, most send no body: both are read. */
function readMessageResponse(reader: ByteReader, command: MessageResponse["command"], status: number): MessageResponse {
  if (reader.isAtEnd) return { command, status, messageId: "", tlvs: NO_TLVS };
  return { command, status, messageId: reader.cString(MESSAGE_ID_MAX_BYTES), tlvs: reader.tlvs() };
}

function readData(reader: ByteReader): DataRequest {
  return {
    command: "data_sm",
    serviceType: reader.cString(SERVICE_TYPE_MAX_BYTES),
    source: reader.address(LONG_ADDRESS_MAX_BYTES),
    destination: reader.address(LONG_ADDRESS_MAX_BYTES),
    esmClass: reader.uint8(),
    registeredDelivery: reader.uint8(),
    dataCoding: reader.uint8(),
    tlvs: reader.tlvs(),
  };
}

function readBind(reader: ByteReader, command: BindRequest["command"]): BindRequest {
  return {
    command,
    systemId: reader.cString(SYSTEM_ID_MAX_BYTES),
    password: reader.cString(PASSWORD_MAX_BYTES),
    systemType: reader.cString(SYSTEM_TYPE_MAX_BYTES),
    interfaceVersion: reader.uint8(),
    addressRange: reader.address(ADDRESS_RANGE_MAX_BYTES),
  };
}

function readBindResponse(reader: ByteReader, command: BindResponse["command"], status: number): BindResponse {
  if (reader.isAtEnd) return { command, status, systemId: "", tlvs: NO_TLVS };
  return { command, status, systemId: reader.cString(SYSTEM_ID_MAX_BYTES), tlvs: reader.tlvs() };
}

function readQueryResponse(reader: ByteReader, status: number): QueryResponse {
  const command = "query_sm_resp";
  if (reader.isAtEnd) return { command, status, messageId: "", finalDate: "", messageState: 0, errorCode: 0 };
  return {
    command,
    status,
    messageId: reader.cString(MESSAGE_ID_MAX_BYTES),
    finalDate: reader.cString(TIME_MAX_BYTES),
    messageState: reader.uint8(),
    errorCode: reader.uint8(),
  };
}

function readCancel(reader: ByteReader): CancelRequest {
  return {
    command: "cancel_sm",
    serviceType: reader.cString(SERVICE_TYPE_MAX_BYTES),
    messageId: reader.cString(MESSAGE_ID_MAX_BYTES),
    source: reader.address(ADDRESS_MAX_BYTES),
    destination: reader.address(ADDRESS_MAX_BYTES),
  };
}

function readReplace(reader: ByteReader): ReplaceRequest {
  return {
    command: "replace_sm",
    messageId: reader.cString(MESSAGE_ID_MAX_BYTES),
    source: reader.address(ADDRESS_MAX_BYTES),
    scheduleDeliveryTime: reader.cString(TIME_MAX_BYTES),
    validityPeriod: reader.cString(TIME_MAX_BYTES),
    registeredDelivery: reader.uint8(),
    defaultMessageId: reader.uint8(),
    shortMessage: reader.bytes(reader.uint8()),
  };
}
