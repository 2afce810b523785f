/** Choosing a service, and its first page. */
export const services = {
  "services.title": "Your services",
  "services.none": "You are not a member of a service yet.",
  "services.live": "Live services",
  "services.trial": "Trial services",
  "services.home.may": "What you may do here",
  "services.home.overview":
    "You can open this service because you are a platform administrator. You are not a member of it.",
  "services.home.seeOnly": "See its templates and its team",
  "services.may.send_messages": "Send messages",
  "services.may.view_activity": "See the dashboard and what was sent",
  "services.may.manage_templates": "Write and change templates",
  "services.may.manage_service": "Manage settings, team and usage",
  "services.may.manage_api_keys": "Manage the API integration",
} as const;
