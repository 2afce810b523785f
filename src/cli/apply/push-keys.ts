/** Keys for web push, made once where a file names none: browsers that have subscribed with a key know us by it. */
import { newVapidKeys } from "../../platform/vapid-keys.ts";
import type { ProviderRecord } from "../../records/providers/provider-store.ts";
import type { DeclaredProvider } from "./declaration.ts";

export function withPushKeys(declared: DeclaredProvider, current: readonly ProviderRecord[]): DeclaredProvider {
  const { kind, settings, secrets } = declared;
  if (kind !== "web-push" || settings["publicKey"] !== undefined || secrets?.["privateKey"] !== undefined)
    return declared;
  const known = current.find(({ id, name }) => id === declared.id || name === declared.name);
  const publicKey = known?.settings["publicKey"];
  if (known?.secrets["privateKey"] !== undefined && publicKey !== undefined)
    return { ...declared, settings: { ...settings, publicKey } };
  const made = newVapidKeys();
  return {
    ...declared,
    settings: { ...settings, publicKey: made.publicKey },
    secrets: { ...secrets, privateKey: made.privateKey },
  };
}
