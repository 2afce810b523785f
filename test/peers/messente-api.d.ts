/** What the tests use of npm `messente_api`, a client we did not write, which comes without types. */
declare module "messente_api" {
  type Done<T> = (error: ResponseError | null, data: T, response: unknown) => void;

  interface ResponseError extends Error {
    status: number;
    response: { body: { errors: { title: string; detail: string; code: string; source: string | null }[] } };
  }

  interface OmniMessageCreated {
    to: string;
    omnimessage_id: string;
    messages: { channel: string; message_id: string; sender: string }[];
  }

  interface DeliveryReport {
    to: string;
    omnimessage_id: string;
    statuses: {
      status: string;
      channel: string;
      message_id: string;
      err: number;
      error: string | null;
      timestamp: Date;
    }[];
  }

  interface Model {
    constructFromObject(fields: object): object;
  }
  type Ask = (...given: [...unknown[], Done<unknown>]) => void;
  type Asks<Name extends string> = new () => Record<Name, Ask>;

  const messente: {
    ApiClient: {
      instance: { basePath: string; authentications: { basicAuth: { username?: string; password?: string } } };
    };
    Omnimessage: Model;
    SMS: Model;
    Viber: Model;
    WhatsApp: Model;
    WhatsAppText: Model;
    OmnimessageApi: new () => {
      sendOmnimessage(omnimessage: object, done: Done<OmniMessageCreated>): void;
      cancelScheduledMessage(id: string, done: Done<object>): void;
    };
    ContactsApi: Asks<
      | "createContact"
      | "fetchContact"
      | "fetchContacts"
      | "updateContact"
      | "deleteContact"
      | "fetchContactGroups"
      | "addContactToGroup"
      | "removeContactFromGroup"
    >;
    GroupsApi: Asks<"createGroup" | "fetchGroup" | "fetchGroups" | "updateGroup" | "deleteGroup">;
    BlacklistApi: Asks<"addToBlacklist" | "isBlacklisted" | "fetchBlacklist" | "deleteFromBlacklist">;
    DeliveryReportApi: new () => { retrieveDeliveryReport(id: string, done: Done<DeliveryReport>): void };
  };
  export = messente;
}
