/** The systems that are bound to this process: whose they are, how many binds each account has, how fast it asks. */
import type { Customer, CustomerIds } from "../../flow/smpp/customer.ts";
import type { Bound } from "../../platform/smpp/listen.ts";
import { Pace } from "./pace.ts";
import { Rest } from "./rest.ts";

/** One bind of a customer's system. */
export interface Link extends CustomerIds {
  bound: Bound;
  /** Of its own that are not answered yet. */
  requests: number;
  /** Deliveries that are not acknowledged yet. */
  deliveries: number;
}

interface Present {
  links: Set<Link>;
  pace: Pace;
  rest: Rest;
}

export class Customers {
  /** Who has just been let in, by system id, until it is bound. */
  readonly #letIn = new Map<string, Customer>();
  readonly #links = new Map<Bound, Link>();
  readonly #present = new Map<string, Present>();

  letIn(customer: Customer): void {
    this.#letIn.set(customer.account.systemId, customer);
  }

  /** Whether there is room for one more bind of this system. */
  hasRoom(systemId: string): boolean {
    const customer = this.#letIn.get(systemId);
    if (!customer) return false;
    return (this.#present.get(customer.account.id)?.links.size ?? 0) < customer.account.bindsMax;
  }

  add(bound: Bound): Link | undefined {
    const customer = this.#letIn.get(bound.systemId);
    if (!customer) return undefined;
    const { service, account } = customer;
    const link = { bound, serviceId: service.id, accountId: account.id, requests: 0, deliveries: 0 };
    const present = this.#present.get(account.id) ?? { links: new Set(), pace: new Pace(), rest: new Rest() };
    present.links.add(link);
    this.#present.set(account.id, present);
    this.#links.set(bound, link);
    return link;
  }

  remove(bound: Bound): void {
    const link = this.#links.get(bound);
    if (!link) return;
    this.#links.delete(bound);
    const present = this.#present.get(link.accountId);
    present?.links.delete(link);
    if (present?.links.size !== 0) return;
    this.#present.delete(link.accountId);
    this.#letIn.delete(bound.systemId);
  }

  linkOf(bound: Bound): Link | undefined {
    return this.#links.get(bound);
  }

  links(): Link[] {
    return [...this.#links.values()];
  }

  paceOf(accountId: string): Pace | undefined {
    return this.#present.get(accountId)?.pace;
  }

  restOf(accountId: string): Rest | undefined {
    return this.#present.get(accountId)?.rest;
  }
}
