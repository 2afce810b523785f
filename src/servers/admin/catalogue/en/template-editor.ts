/** Writing a template. Those of the preview are given to the browser with the page. */
export const templateEditor = {
  "templateEditor.cost": {
    one: "{count} text message: {price} for each recipient in the United Kingdom",
    other: "{count} text messages: {price} for each recipient in the United Kingdom",
  },
  "templateEditor.gsm7": "Encoding: GSM-7. One text holds 160 characters; longer ones are cut into parts of 153.",
  "templateEditor.ucs2": "Encoding: UCS-2. One text holds 70 characters; longer ones are cut into parts of 67.",
  "templateEditor.room": {
    one: "Room for {count} more character before it costs more.",
    other: "Room for {count} more characters before it costs more.",
  },
  "templateEditor.over": {
    one: "Cut {count} character, and it costs one text message less.",
    other: "Cut {count} characters, and it costs one text message less.",
  },
  "templateEditor.double": "Each of these counts as two characters: {characters}",
  "templateEditor.forcing": "Because of these the whole text needs UCS-2: {characters}",
  "templateEditor.replaced": "{from} is sent as {to}",
  "templateEditor.tooLong":
    "This is too long: {count} characters, and a text may have {limit}. Make it shorter before you save it.",
  "templateEditor.withoutValues": "Values that you have not given below are not counted. They can make a text longer.",
  "templateEditor.offer": "Replace {from} with {to}",
  "templateEditor.offerAll": "Replace all of them",
  "templateEditor.saving": "Saving a draft…",
  "templateEditor.notSaved": "The draft could not be saved. We will try again as you go on.",
} as const;
