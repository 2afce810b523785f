/**
 * A process that owns the embedded server of the data folder it is given: until it is killed, or, when the word `briefly`
 * follows, until the server runs. For tests.
 */
import { silentLog } from "../../src/platform/log.ts";
import { startEmbeddedPostgres } from "../../src/platform/postgres/embedded.ts";
import { THROW_AWAY_SETTINGS } from "../../src/platform/postgres/settings.ts";

const [, , dataDir = "", howLong] = process.argv;
const { url, adopted, guest, stop } = await startEmbeddedPostgres({
  dataDir,
  log: silentLog,
  settings: THROW_AWAY_SETTINGS,
});
console.log(JSON.stringify({ url, adopted, guest }));
if (howLong === "briefly") await stop();
else setInterval(() => {}, 60_000);
