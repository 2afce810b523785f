/** Providers, as configured. */
import type { Db } from "../../platform/db.ts";
import { deriveKey, type MasterKey, open } from "../../platform/sealing.ts";
import type { Channel } from "../services/service.ts";

export const PROVIDER_KINDS = [
  "smpp",
  "smtp",
  "http",
  "print-sftp",
  "print-http",
  "whatsapp",
  "telegram",
  "viber",
  "web-push",
  "chat-gateway",
] as const;
export type ProviderKind = (typeof PROVIDER_KINDS)[number];

export interface ProviderRecord {
  id: string;
  name: string;
  channel: Channel;
  kind: ProviderKind;
  settings: Record<string, unknown>;
  secrets: Record<string, string>;
  isSandbox: boolean;
  isActive: boolean;
  updatedAt: Date;
}

/** Seals and opens providers' secrets and DKIM keys: they belong to the deployment, not to a service. */
export function platformKey(master: MasterKey): Buffer {
  return deriveKey(master, "platform secrets");
}

export const sealedProviderSecrets = (id: string) => `providers:${id}`;
export const sealedDkimKey = (domain: string) => `sending_domains:${domain}`;

export async function listProviders(db: Db, master: MasterKey): Promise<ProviderRecord[]> {
  const rows = await db.query<Omit<ProviderRecord, "secrets"> & { sealedSecrets: Buffer }>`
    select p.id, p.name, p.channel, p.kind, p.settings, p.sealed_secrets, p.is_sandbox, p.is_active, p.updated_at
    from providers p order by p.name`;
  const key = platformKey(master);
  return rows.map(({ sealedSecrets, ...row }) => {
    const secrets = open({ key, belongsTo: sealedProviderSecrets(row.id) }, sealedSecrets);
    return { ...row, secrets: JSON.parse(secrets.toString()) as Record<string, string> };
  });
}

/** Whether nothing can leave the sandbox as things are set up now. */
export async function isOnlySandboxActive(db: Db): Promise<boolean> {
  const [row] = await db.query<{ isOnlySandbox: boolean | undefined }>`
    select bool_and(p.is_sandbox) as is_only_sandbox from providers p where p.is_active`;
  return row?.isOnlySandbox ?? false;
}

export interface SendingDomain {
  domain: string;
  isDefault: boolean;
  dkimSelector: string;
  dkimPrivateKey: string;
  dkimPublicKey: string;
  bounceDomain: string;
}

export async function listSendingDomains(db: Db, master: MasterKey): Promise<SendingDomain[]> {
  const rows = await db.query<Omit<SendingDomain, "dkimPrivateKey"> & { sealedDkimPrivateKey: Buffer }>`
    select d.domain, d.is_default, d.dkim_selector, d.sealed_dkim_private_key, d.dkim_public_key, d.bounce_domain
    from sending_domains d order by d.domain`;
  const key = platformKey(master);
  return rows.map(({ sealedDkimPrivateKey, ...row }) => ({
    ...row,
    dkimPrivateKey: open({ key, belongsTo: sealedDkimKey(row.domain) }, sealedDkimPrivateKey).toString(),
  }));
}
