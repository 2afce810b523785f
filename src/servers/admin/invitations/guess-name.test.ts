import { expect, it } from "vitest";
import { guessName } from "./guess-name.ts";

it.each([
  ["amala.osei@example.gov.uk", "Amala Osei"],
  ["amala.osei2@example.gov.uk", "Amala Osei"],
  ["AMALA_OSEI+test@example.gov.uk", "Amala Osei"],
  ["jean-luc.martin@example.gov.uk", "Jean Luc Martin"],
  ["enquiries@example.gov.uk", ""],
  ["12345@example.gov.uk", ""],
  ["@", ""],
])("of %s the name is guessed as “%s”", (address, name) => {
  expect(guessName(address)).toBe(name);
});
