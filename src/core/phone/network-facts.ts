/** What a network says of a number: whether it is in use, and where it is at this moment. */
export const NETWORK_STATUSES = ["ON", "OFF", "INVALID", "UNKNOWN"] as const;
/** Switched on · switched off or out of reach · nobody's number · the network does not say. */
export type NetworkStatus = (typeof NETWORK_STATUSES)[number];

export interface NetworkFacts {
  status: NetworkStatus;
  /** Undefined: it was not told. */
  isRoaming: boolean | undefined;
  isPorted: boolean | undefined;
  /** Mobile country code and network code (ITU-T E.212): `23415`. */
  currentNetwork: string | undefined;
  originalNetwork: string | undefined;
  portedNetwork: string | undefined;
  roamingNetwork: string | undefined;
}

/** Of what a supplier wrote only what is such a code is believed.  networkCode("234 15") → undefined */
export function networkCode(text: string | undefined): string | undefined {
  return text !== undefined && /^\d{5,6}$/.test(text) ? text : undefined;
}
