/** To whom something goes: a number or an address as it is, or one of the service's contacts. */
export interface ToContact {
  /** What it has for a template's placeholders need not be given. */
  contactId: string;
}

export function named(recipient: string | ToContact, field: string): Record<string, string> {
  return typeof recipient === "object" ? { contact_id: recipient.contactId } : { [field]: recipient };
}
