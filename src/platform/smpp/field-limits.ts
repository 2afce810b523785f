/** Longest values of C-octet string fields, with the NUL that ends them (SMPP 3.4 §4), in octets. */
export const SYSTEM_ID_MAX_BYTES = 16;
/** The standard says 9, but carriers hand out longer ones. */
export const PASSWORD_MAX_BYTES = 65;
export const SYSTEM_TYPE_MAX_BYTES = 13;
export const ADDRESS_RANGE_MAX_BYTES = 41;
export const SERVICE_TYPE_MAX_BYTES = 6;
export const ADDRESS_MAX_BYTES = 21;
/** Addresses in data_sm and alert_notification may be longer. */
export const LONG_ADDRESS_MAX_BYTES = 65;
export const TIME_MAX_BYTES = 17;
export const MESSAGE_ID_MAX_BYTES = 65;
export const SHORT_MESSAGE_MAX_BYTES = 254;
export const HEADER_BYTES = 16;
/** A message_payload of 64 KB, with room for the rest. */
export const PDU_MAX_BYTES = 72 * 1024;
