/** The day it is at home. */
import { HOME_TIME_ZONE } from "./home.ts";

const homeDay = new Intl.DateTimeFormat("en-CA", { timeZone: HOME_TIME_ZONE });

/** dayOf(new Date("2026-06-01T23:30:00Z")) → "2026-06-02" */
export function dayOf(moment: Date): string {
  return homeDay.format(moment);
}
