/** Whose system is bound: a service, and the account of it that the system binds with, as they are now. */
import type { Service } from "../../records/services/service.ts";
import type { SmppAccount } from "../../records/smpp-accounts/smpp-account.ts";
import type { App } from "../app.ts";

export interface Customer {
  service: Service;
  account: SmppAccount;
}

/** Which account it is; its terms are looked up as they are needed. */
export interface CustomerIds {
  serviceId: string;
  accountId: string;
}

/** Undefined once the account is revoked, or its service is gone. */
export async function findCustomer(
  { services }: Pick<App, "services">,
  { serviceId, accountId }: CustomerIds,
): Promise<Customer | undefined> {
  const service = await services.find(serviceId);
  const account = service?.smppAccounts.find(({ id }) => id === accountId);
  return service && account && service.archivedAt === undefined ? { service, account } : undefined;
}
