/** Whom networks are asked through about numbers. */
export const platformLookups = {
  "platformLookups.title": "Number look-ups",
  "platformLookups.back": "Providers",
  "platformLookups.explain":
    "Services look numbers up from number data, which costs nothing. Networks are asked through a supplier, which costs money: it is declared under lookup_suppliers with pennypost apply.",
  "platformLookups.asked": {
    one: "{count} number was asked about today (UTC).",
    other: "{count} numbers were asked about today (UTC).",
  },
  "platformLookups.none": "No supplier is declared, so no network is asked.",
  "platformLookups.column.name": "Supplier",
  "platformLookups.column.preset": "Preset",
  "platformLookups.column.state": "State",
  "platformLookups.column.change": "Change",
  "platformLookups.ownDescription": "A description of its own",
  "platformLookups.state.asked": "On: it is asked",
  "platformLookups.state.on": "On: another comes before it",
  "platformLookups.state.off": "Off",
  "platformLookups.switchOn": "Switch on",
  "platformLookups.switchOff": "Switch off",
  "platformLookups.on.done": "The supplier is switched on.",
  "platformLookups.off.done": "The supplier is switched off.",
} as const;
