/** The parts of `oidc-provider` that the tests use; the package has no types of its own. */
declare module "oidc-provider" {
  import type { RequestListener } from "node:http";

  export interface Account {
    accountId: string;
    claims(): Record<string, unknown>;
  }

  export interface Configuration {
    clients: { client_id: string; client_secret: string; redirect_uris: string[] }[];
    claims: Record<string, string[]>;
    pkce: { required: () => boolean };
    features: { devInteractions: { enabled: boolean } };
    cookies: { keys: string[] };
    findAccount(context: unknown, id: string): Account | undefined;
  }

  class Provider {
    constructor(issuer: string, configuration: Configuration);
    callback(): RequestListener;
  }

  // biome-ignore lint/style/noDefaultExport: it is the package's own
  export { Provider as default };
}
