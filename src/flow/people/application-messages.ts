/** What Pennypost writes about applications to register a sender in a country: to those who run the platform, and to a service's managers. */
export const APPLICATION_TEMPLATES = {
  "application-asked": {
    id: "f5ef5ad6-36e4-43f3-8c2a-06f3f1c266e0",
    channel: "email",
    name: "An application for a sender in a country waits",
    subject: "((service)) asks to have ((sender)) registered in ((country))",
    body: `((service)) asks to have its sender ((sender)) registered with the networks of ((country)).

What they said, and what you can do:

((link))`,
  },
  "application-more-wanted": {
    id: "72cd0f47-22f5-439e-9c98-b04bc9461187",
    channel: "email",
    name: "More is wanted for a sender in a country",
    subject: "More is wanted to register ((sender)) in ((country))",
    body: `Hello ((name)),

To register ((sender)) of ((service)) in ((country)), something is missing:

((words))

Change your answers and hand them in again:

((link))`,
  },
  "application-registered": {
    id: "ccd072e3-3cf2-455e-a307-8efa94193773",
    channel: "email",
    name: "A sender was registered in a country",
    subject: "((sender)) is registered in ((country))",
    body: `Hello ((name)),

((sender)) of ((service)) is registered in ((country)). Texts there can come from it.

((link))`,
  },
  "application-refused": {
    id: "51896d46-a4a1-4a6d-803d-dffcf034e1f9",
    channel: "email",
    name: "A sender was not registered in a country",
    subject: "((sender)) is not registered in ((country))",
    body: `Hello ((name)),

((sender)) of ((service)) was not registered in ((country)). The reason:

((words))

((link))`,
  },
} as const;
