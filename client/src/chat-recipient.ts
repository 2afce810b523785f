/** Who somebody is to a chat app. */
export type ChatRecipient =
  | { app: "whatsapp" | "viber"; phone_number: string }
  | { app: "telegram"; chat_id: string | number }
  | { app: "viber"; user_id: string }
  | { app: "web-push"; subscription: { endpoint: string; keys: { p256dh: string; auth: string } } };
