/** Someone asks to join a service. */
export const joinRequests = {
  "joinRequests.title": "{name} asks to join {service}",
  "joinRequests.approve": "Let them in",
  "joinRequests.refuse": "Turn down",
  "joinRequests.choose": "Choose whether to let them in",
  "joinRequests.letIn": "They are in the team now, and were emailed.",
  "joinRequests.turnedDown": "The request was turned down, and they were emailed.",
  "joinRequests.approved": "{manager} has let {name} in.",
  "joinRequests.refused": "{manager} has turned the request down.",
  "joinRequests.decided": "Decided",
  "joinRequests.isMember": "{name} is in the team already.",
  "joinRequests.othersAsked": "Another manager was asked to decide this.",
} as const;
