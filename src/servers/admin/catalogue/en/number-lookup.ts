/** What is known of a number. */
export const numberLookup = {
  "numberLookup.title": "Look up a number",
  "numberLookup.explain":
    "Whether a text message can go to a number, of which type it is, and where it belongs. Nothing is sent, and no network is asked.",
  "numberLookup.number": "Phone number",
  "numberLookup.button": "Look up",
  "numberLookup.missing": "Enter a phone number",
  "numberLookup.result": "What is known of this number",
  "numberLookup.row.number": "Number",
  "numberLookup.row.type": "Type",
  "numberLookup.row.country": "Country",
  "numberLookup.row.charge": "A text message there costs",
  "numberLookup.row.suppressed": "Suppression list",
  "numberLookup.type.mobile": "Mobile",
  "numberLookup.type.landline": "Landline",
  "numberLookup.type.mobile-or-landline": "Mobile or landline: numbers there do not tell",
  "numberLookup.type.personal-number": "Personal number, which leads to another",
  "numberLookup.charge": { one: "As much as at home", other: "{count} times as much as at home" },
  "numberLookup.noCountry": "No country: +{prefix}",
  "numberLookup.suppressed.no": "Not on it",
} as const;
