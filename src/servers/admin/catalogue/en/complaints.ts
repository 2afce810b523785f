/** Emails that recipients marked as spam. */
export const complaints = {
  "complaints.title": "Spam complaints",
  "complaints.explain":
    "These recipients marked an email of yours as spam, and their mail provider told us. Send them no more emails that they did not ask for.",
  "complaints.explainAll":
    "Recipients marked these emails as spam, and their mail providers told us. Many complaints about one service harm the delivery of everybody’s emails.",
  "complaints.from": "First day",
  "complaints.to": "Last day",
  "complaints.from.wrong": "Enter the first day as a date",
  "complaints.to.wrong": "Enter the last day as a date",
  "complaints.to.beforeFrom": "The last day must not be before the first",
  "complaints.show": "Show these days",
  "complaints.showAll": "Show all days",
  "complaints.when": "Complained",
  "complaints.service": "Service",
  "complaints.email": "Email",
  "complaints.sent": "Email made",
  "complaints.noTemplate": "Email",
  "complaints.gone": "The email is no longer kept",
  "complaints.none": "Nobody has complained.",
  "complaints.noneThen": "Nobody complained on these days.",
  "complaints.pages": "Further pages",
  "complaints.newest": "Newest complaints",
  "complaints.older": "Older complaints",
} as const;
