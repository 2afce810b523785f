/**
 * Where days begin and end for whoever runs Pennypost: in the counts of a day, how long things are kept, and what pages show as the time.
 * Printing alone has a time zone of its own, which is a setting. Counts are kept by the days of this zone, so it never changes under a database.
 */
export const HOME_TIME_ZONE = "Europe/London";

/** What people call the place: IANA zones are named for a city of theirs. */
export const HOME_CITY = HOME_TIME_ZONE.replace(/^.*\//, "").replaceAll("_", " ");
