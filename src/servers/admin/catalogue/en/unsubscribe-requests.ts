/** Who wants no more of a service's emails. */
export const unsubscribeRequests = {
  "unsubscribeRequests.title": "Unsubscribe requests",
  "unsubscribeRequests.explain":
    "These people followed the unsubscribe link in one of your emails. Take them off the lists that you send to.",
  "unsubscribeRequests.waiting": { one: "{count} request is waiting", other: "{count} requests are waiting" },
  "unsubscribeRequests.since": "The first came",
  "unsubscribeRequests.column.emailAddress": "Email address",
  "unsubscribeRequests.column.template": "Template",
  "unsubscribeRequests.column.sent": "Email sent",
  "unsubscribeRequests.column.requested": "Requested",
  "unsubscribeRequests.message": "(the email)",
  "unsubscribeRequests.first": "The first {count} are shown. The CSV file has them all.",
  "unsubscribeRequests.download": "Download as CSV",
  "unsubscribeRequests.completeExplain":
    "When you have taken them off your lists, mark them as done. Requests that come in meanwhile stay here.",
  "unsubscribeRequests.complete": "Mark as done",
  "unsubscribeRequests.completed": {
    one: "{count} request was marked as done.",
    other: "{count} requests were marked as done.",
  },
  "unsubscribeRequests.none": "Nobody is waiting to be unsubscribed.",
  "unsubscribeRequests.done": "Done",
  "unsubscribeRequests.doneCount": { one: "{count} request", other: "{count} requests" },
  "unsubscribeRequests.asCsv": "as CSV",
  "unsubscribeRequests.kept": "They are kept for 90 days.",
} as const;
