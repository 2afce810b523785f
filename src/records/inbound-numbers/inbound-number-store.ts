/** Numbers that the public can write to, each of one service. */
import { parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import type { Db, Tx } from "../../platform/db.ts";

export interface InboundNumber {
  /** As its service knows it: 07… for a home number. */
  number: string;
  isActive: boolean;
}

const HOME_CALLING_CODE = "44";
const SHORT_CODE = /^\d{3,6}$/;

/** A number in the one spelling it is kept in.  parseInboundNumber("+44 7700 900500") → "07700900500"; undefined when it is none */
export function parseInboundNumber(text: string): string | undefined {
  if (SHORT_CODE.test(text)) return text;
  const number = parsePhoneNumber(text);
  if (typeof number === "string") return undefined;
  const isHome = number.digits.startsWith(HOME_CALLING_CODE);
  return isHome ? `0${number.digits.slice(HOME_CALLING_CODE.length)}` : number.digits;
}

export function listInboundNumbers(db: Db, serviceId: string): Promise<InboundNumber[]> {
  return db.query<InboundNumber>`
    select i.number, i.is_active from inbound_numbers i where i.service_id = ${serviceId} order by i.number`;
}

export async function insertInboundNumber(tx: Tx, serviceId: string, inbound: InboundNumber): Promise<void> {
  await tx.query`
    insert into inbound_numbers (number, service_id, is_active) values (${inbound.number}, ${serviceId}, ${inbound.isActive})`;
}

export async function updateInboundNumber(tx: Tx, serviceId: string, inbound: InboundNumber): Promise<void> {
  await tx.query`
    update inbound_numbers set is_active = ${inbound.isActive}
    where number = ${inbound.number} and service_id = ${serviceId}`;
}

export async function deleteInboundNumber(tx: Tx, serviceId: string, number: string): Promise<void> {
  await tx.query`delete from inbound_numbers where number = ${number} and service_id = ${serviceId}`;
}
