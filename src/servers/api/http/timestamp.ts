/** A moment as the API writes it: UTC with six decimals. Null for none.  timestamp(new Date(0)) → "1970-01-01T00:00:00.000000Z" */
export function timestamp(moment: Date | undefined): string | null {
  return moment === undefined ? null : `${moment.toISOString().slice(0, -1)}000Z`;
}
