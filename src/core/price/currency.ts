/** Of all amounts (ISO 4217). */
export const CURRENCY = "GBP";
