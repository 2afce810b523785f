/** Pages and summaries that say what went wrong. */
export const errors = {
  "errors.summary": "There is a problem",
  "errors.titlePrefix": "Error",
  "errors.notFound.title": "Page not found",
  "errors.notFound.check":
    "If you typed the address, check that it is right. If you pasted it, check that it is whole.",
  "errors.notFound.access": "It may also be a page of a service that you are not a member of.",
  "errors.forbidden.title": "You do not have permission to see this page",
  "errors.forbidden.ask": "Ask someone who manages the service’s team to change what you may do.",
  "errors.archived.title": "This service has been deleted",
  "errors.archived.explain": "Its pages can no longer be opened.",
  "errors.stale.title": "This form is no longer good",
  "errors.stale.explain":
    "It was open for a long time, or you have signed in or out since. Nothing was changed. Go back, reload the page and try again.",
  "errors.tooLarge.title": "That is too much at once",
  "errors.tooLarge.explain": "What you sent is larger than this page takes. Make it shorter and try again.",
  "errors.rejected.title": "We could not read that request",
  "errors.rejected.explain": "Go back and try again.",
  "errors.tooMany.title": "Too many tries",
  "errors.tooMany.explain": "Wait a little, then try again.",
  "errors.unavailable.title": "Pennypost is not available",
  "errors.unavailable.explain": "Nothing was changed. Try again in a few seconds.",
  "errors.failed.title": "Sorry, something went wrong",
  "errors.failed.explain": "Try again later. If it keeps happening, tell whoever runs this Pennypost when it happened.",
  "errors.home": "Go to your services",
} as const;
