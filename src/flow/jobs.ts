/** Every kind of background work. */

/** Send one notification; the job's id is the notification's. */
export const DISPATCH_QUEUE = "dispatch";
/** Tell a service what became of a notification, or what the public wrote. */
export const CALLBACK_QUEUE = "callback";
/** A provider's report whose message we do not know yet. */
export const EARLY_RECEIPT_QUEUE = "early-receipt";
