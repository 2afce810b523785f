/** API keys as their holders write them: `{name}-{service id}-{secret}`, of which the name is for people and the two ids are read. */
const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const SECRET = new RegExp(`${UUID}$`);
const SERVICE_AND_SECRET = new RegExp(`(${UUID})-(${UUID})$`);

/** The key to hand to its holder, who sees it this once. */
export function fullApiKey(name: string, serviceId: string, secret: string): string {
  return `${name}-${serviceId}-${secret}`;
}

/** What a whole key says; undefined when it is none. */
export function parseFullApiKey(text: string): { serviceId: string; secret: string } | undefined {
  const [, serviceId, secret] = SERVICE_AND_SECRET.exec(text.trim().toLowerCase()) ?? [];
  return serviceId !== undefined && secret !== undefined ? { serviceId, secret } : undefined;
}

/** The secret of a key, given whole or as the secret alone. */
export function secretOfApiKey(text: string): string | undefined {
  return SECRET.exec(text.trim().toLowerCase())?.[0];
}
