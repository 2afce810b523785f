/** What the demonstration world is made of: a council's library, as it would stand in a file. */
export interface DemoIds {
  service: string;
  templates: { sms: string; email: string; letter: string };
  keys: { test: string; team: string; live: string };
  adminPassword: string;
  /** Where the service's own system listens: the sandbox's receiver. */
  receiver: string;
  callbackToken: string;
}

export const DEMO_ADMIN_EMAIL = "admin@northwold.example";
const DEMO_SERVICE_NAME = "Northwold Libraries";

export function demoDeclaration(ids: DemoIds): Record<string, unknown> {
  return {
    organisations: [{ name: "Northwold Council" }],
    users: [
      {
        email: DEMO_ADMIN_EMAIL,
        name: "Morgan Hale",
        mobile: "07700 900001",
        platform_admin: true,
        password: ids.adminPassword,
      },
    ],
    services: [demoService(ids)],
  };
}

function demoService({ service, templates, keys, receiver, callbackToken }: DemoIds) {
  return {
    id: service,
    name: DEMO_SERVICE_NAME,
    organisation: "Northwold Council",
    live: true,
    permissions: ["sms", "email", "letter", "chat", "inbound_sms", "international_sms"],
    email_sender: "libraries",
    files_contact: "libraries@northwold.example",
    limits: { international_sms_per_day: 10_000 },
    keys: [
      { name: "test", kind: "test", secret: keys.test },
      { name: "team", kind: "team", secret: keys.team },
      { name: "live", kind: "live", secret: keys.live },
    ],
    text_senders: [{ sender: "Northwold", default: true }],
    reply_tos: [{ address: "libraries@northwold.example", default: true }],
    callbacks: [
      { kind: "delivery-receipt", url: `${receiver}/delivery-receipts`, bearer_token: callbackToken },
      { kind: "returned-letter", url: `${receiver}/returned-letters`, bearer_token: callbackToken },
      { kind: "received-text", url: `${receiver}/received-texts`, bearer_token: callbackToken },
    ],
    inbound_numbers: [{ number: "07700 900500" }],
    guest_list: ["07700 900111", "reader@northwold.example"],
    members: [
      {
        email: DEMO_ADMIN_EMAIL,
        permissions: ["send_messages", "view_activity", "manage_templates", "manage_service", "manage_api_keys"],
      },
    ],
    templates: demoTemplates(templates),
  };
}

function demoTemplates(ids: DemoIds["templates"]) {
  return [
    { id: ids.sms, ...RESERVATION_READY },
    { id: ids.email, ...BOOKS_DUE },
    { id: ids.letter, ...CARD_RENEWAL },
    ONE_TIME_CODE,
    MOBILE_LIBRARY,
    WELCOME,
  ];
}

const RESERVATION_READY = {
  channel: "sms",
  name: "Reservation ready",
  body: "Hello ((name)), the book you reserved is ready at Northwold Central Library. We will keep it for you until Saturday.",
};

const BOOKS_DUE = {
  channel: "email",
  name: "Books due back",
  subject: "((name)), your library books are due back on Friday",
  body: `Hello ((name)),

# Due back on Friday

Some of the books on your card are due back this week. You can [renew them online](https://libraries.northwold.example/renew) until midnight on Friday.

^ There are no charges for children’s books.

Northwold Libraries`,
};

const CARD_RENEWAL = {
  channel: "letter",
  name: "Renew your library card",
  postage: "second",
  contact_block: "Northwold Libraries\nCentral Library\n1 Market Square\nNorthwold\nNW1 2DB",
  subject: "Your library card runs out on ((date))",
  body: `Dear ((name)),

Your card lets you borrow from all six of our libraries. To go on using it, renew it before ((date)).

# How to renew

* bring your card and something with your address on it to any library
* or renew at https://libraries.northwold.example/renew

If you would rather not, you need do nothing.

Yours sincerely,
Northwold Libraries`,
};

const ONE_TIME_CODE = {
  channel: "sms",
  name: "Your one-time code",
  body: "((code)) is your Northwold Libraries code. It works for 15 minutes. We will never ask you for it.",
};

const MOBILE_LIBRARY = {
  channel: "sms",
  name: "Mobile library this week",
  body: "The mobile library stops at ((stop)) on ((day)) from ((from)) to ((until)). Bring back any book from any of our libraries.",
};

const WELCOME = {
  channel: "email",
  name: "Welcome to the library",
  subject: "Welcome, ((first name)): your library card",
  body: `Hello ((first name)),

Your card number is ((card number)). You can use it today, in all six of our libraries and online.

# What you can do

* borrow up to 20 books for three weeks
* reserve any book in the county
* read newspapers at home

Northwold Libraries`,
  unsubscribe_link: true,
};
