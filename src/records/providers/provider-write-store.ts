/** Setting up providers, and the domains that emails come from. Workers notice within seconds. */
import type { Db, Tx } from "../../platform/db.ts";
import { type MasterKey, seal } from "../../platform/sealing.ts";
import {
  listProviders,
  type ProviderRecord,
  platformKey,
  type SendingDomain,
  sealedDkimKey,
  sealedProviderSecrets,
} from "./provider-store.ts";

export type StoredProvider = Omit<ProviderRecord, "updatedAt">;

export async function insertProvider(tx: Tx, master: MasterKey, provider: StoredProvider): Promise<void> {
  await tx.query`
    insert into providers (id, name, channel, kind, settings, sealed_secrets, is_sandbox, is_active)
    values (${provider.id}, ${provider.name}, ${provider.channel}, ${provider.kind}, ${JSON.stringify(provider.settings)}::jsonb,
      ${sealSecrets(master, provider)}, ${provider.isSandbox}, ${provider.isActive})`;
}

export async function updateProvider(tx: Tx, master: MasterKey, provider: StoredProvider): Promise<void> {
  await tx.query`
    update providers set name = ${provider.name}, channel = ${provider.channel}, kind = ${provider.kind},
      settings = ${JSON.stringify(provider.settings)}::jsonb, sealed_secrets = ${sealSecrets(master, provider)},
      is_sandbox = ${provider.isSandbox}, is_active = ${provider.isActive}, updated_at = now()
    where id = ${provider.id}`;
}

/** Its routes go with it. What it carried still names it. */
export async function deleteProvider(tx: Tx, id: string): Promise<void> {
  await tx.query`delete from routes where provider_id = ${id}`;
  await tx.query`delete from providers where id = ${id}`;
}

function sealSecrets(master: MasterKey, provider: StoredProvider): Buffer {
  const context = { key: platformKey(master), belongsTo: sealedProviderSecrets(provider.id) };
  return seal(context, JSON.stringify(provider.secrets));
}

/** The new default takes the place of the old. */
export async function putSendingDomain(tx: Tx, master: MasterKey, domain: SendingDomain): Promise<void> {
  if (domain.isDefault)
    await tx.query`update sending_domains set is_default = false where is_default and domain <> ${domain.domain}`;
  const context = { key: platformKey(master), belongsTo: sealedDkimKey(domain.domain) };
  const sealed = seal(context, domain.dkimPrivateKey);
  await tx.query`
    insert into sending_domains (domain, is_default, dkim_selector, sealed_dkim_private_key, dkim_public_key, bounce_domain)
    values (${domain.domain}, ${domain.isDefault}, ${domain.dkimSelector}, ${sealed}, ${domain.dkimPublicKey}, ${domain.bounceDomain})
    on conflict (domain) do update set is_default = excluded.is_default, dkim_selector = excluded.dkim_selector,
      sealed_dkim_private_key = excluded.sealed_dkim_private_key, dkim_public_key = excluded.dkim_public_key,
      bounce_domain = excluded.bounce_domain`;
}

export async function deleteSendingDomain(tx: Tx, domain: string): Promise<void> {
  await tx.query`delete from sending_domains where domain = ${domain}`;
}

/** Whom the sandbox's carrier lets in: read from the row that its caller reads. Undefined until that provider has been made. */
export async function findSandboxCredentials(
  db: Db,
  master: MasterKey,
): Promise<{ systemId: string; password: string } | undefined> {
  const providers = await listProviders(db, master);
  const carrier = providers.find(({ isSandbox, kind }) => isSandbox && kind === "smpp");
  const { systemId } = carrier?.settings ?? {};
  const { password } = carrier?.secrets ?? {};
  return typeof systemId === "string" && password !== undefined ? { systemId, password } : undefined;
}
