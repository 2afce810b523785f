/** Somebody on the suppression list of the world that sweeps look at. */
import { parsePhoneNumber } from "../../src/core/phone/parse-phone-number.ts";
import { suppress } from "../../src/flow/suppressions/suppress.ts";
import { newRandomId } from "../../src/platform/ids.ts";
import { putLookupSupplier } from "../../src/records/number-lookups/lookup-supplier-store.ts";
import type { World, WorldService } from "./world.ts";

export async function makeSuppression({ app }: World, service: WorldService): Promise<Record<string, string>> {
  const number = parsePhoneNumber("07700 900987");
  if (typeof number === "string") throw new Error(number);
  const source = { kind: "import", id: undefined } as const;
  const wishes = [{ recipient: { channel: "sms", number }, reason: "asked-to-stop", source } as const];
  const [id = ""] = await app.db.transaction((tx) => suppress(app, tx, { service, wishes }));
  return { "/suppressions/:id": id, "/platform/number-lookups/:id": await makeLookupSupplier(app) };
}

/** Whom networks could be asked through. */
async function makeLookupSupplier({ db, keys }: World["app"]): Promise<string> {
  const id = newRandomId();
  const record = { id, name: "hlr", settings: { preset: "messente" }, secrets: {}, isActive: true, isSandbox: false };
  await db.transaction((tx) => putLookupSupplier(tx, keys.master, record));
  return id;
}
