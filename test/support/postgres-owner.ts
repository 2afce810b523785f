/** A process that owns the embedded server of the data folder it is given, until it is killed. For tests that kill it. */
import { silentLog } from "../../src/platform/log.ts";
import { startEmbeddedPostgres } from "../../src/platform/postgres/embedded.ts";
import { THROW_AWAY_SETTINGS } from "../../src/platform/postgres/settings.ts";

const [, , dataDir = ""] = process.argv;
const { url, adopted, guest } = await startEmbeddedPostgres({
  dataDir,
  log: silentLog,
  settings: THROW_AWAY_SETTINGS,
});
console.log(JSON.stringify({ url, adopted, guest }));
setInterval(() => {}, 60_000);
