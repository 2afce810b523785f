/** Emails that recipients have marked as spam. */
export const platformComplaints = {
  "complaints.title": "Complaints",
  "complaints.explain":
    "When somebody marks an email as spam, their mail provider may tell us. The service hears of it by its callback; ask it to write to such people no more.",
  "complaints.none": "Nobody has complained.",
  "complaints.email": "Email",
  "complaints.service": "Service",
  "complaints.at": "Complained",
} as const;
