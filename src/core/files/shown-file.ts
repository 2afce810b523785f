/** What a recipient is told of a file: how long it may be downloaded (whole weeks, the last day counts), and how large it is. */

const DAYS_PER_WEEK = 7;

/** Days are written 2026-11-30.  lastDayAvailable("2026-11-30", 1) → "2026-12-07" */
export function lastDayAvailable(createdOn: string, weeks: number): string {
  const day = new Date(`${createdOn}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + weeks * DAYS_PER_WEEK);
  return day.toISOString().slice(0, 10);
}

/** For a reader: day, month in words, year.  longDate("2026-12-07") → "7 December 2026" */
export function longDate(day: string): string {
  const [year = "", month = "1", date = ""] = day.split("-");
  return `${Number(date)} ${MONTHS[Number(month) - 1]} ${year}`;
}

const MONTHS = [
  ...["January", "February", "March", "April", "May", "June"],
  ...["July", "August", "September", "October", "November", "December"],
];

const BYTES_PER_KB = 1_024;
const BYTES_PER_MB = BYTES_PER_KB * 1_024;

/** For a reader.  fileSize(2_097_152) → "2.0 MB"; fileSize(900) → "1 KB" */
export function fileSize(bytes: number): string {
  if (bytes >= BYTES_PER_MB) return `${(bytes / BYTES_PER_MB).toFixed(1)} MB`;
  return `${Math.max(1, Math.round(bytes / BYTES_PER_KB))} KB`;
}
