/** What texts are charged at, and what providers charge. */
export const platformPrices = {
  "platformPrices.title": "Prices",
  "platformPrices.explain":
    "Where this list says nothing, texts cost the usual rate of their country. The longest beginning of a number that is listed decides, then the latest date; where the number’s network is known, that network’s prices come first. A text keeps the price that it was accepted at.",
  "platformPrices.volume":
    "A price with a volume holds once the organisation’s services together have used so many fragments in the month, counted up to the last full hour.",
  "platformPrices.comparison": "What providers charge",
  "platformPrices.none": "No prices are listed: texts cost the usual rates.",
  "platformPrices.place": "Place",
  "platformPrices.prefix": "Number begins with",
  "platformPrices.prefixHint": "A country’s calling code, or more digits for one of its networks, without a plus",
  "platformPrices.network": "Network",
  "platformPrices.anyNetwork": "any",
  "platformPrices.networkCode": "Network’s code, if the price is for one network",
  "platformPrices.networkHint":
    "Mobile country code and network code together, such as 24801. It holds for numbers that were looked up in the last day",
  "platformPrices.label": "Name",
  "platformPrices.labelHint": "What people call it, if it is not the whole country",
  "platformPrices.validFrom": "From",
  "platformPrices.validFromHint": "A date, such as 2026-06-01",
  "platformPrices.fromFragments": "Fragments used in the month",
  "platformPrices.fromFragmentsHint": "Leave it empty for the price that everybody starts with",
  "platformPrices.price": "Price of a fragment",
  "platformPrices.priceHint": "With up to 6 decimals",
  "platformPrices.holds": "Holds now",
  "platformPrices.add": "Add or change a price",
  "platformPrices.save": "Save the price",
  "platformPrices.saved": "The price was saved.",
  "platformPrices.remove": "Remove",
  "platformPrices.removed": "The price was removed.",
  "platformPrices.chats": "Chat messages",
  "platformPrices.chatsExplain":
    "What one message costs a service, whoever it is for. Leave an app empty where its messages cost nothing.",
  "platformPrices.chatsSave": "Save what chat messages cost",
  "platformPrices.chatsSaved": "What chat messages cost was saved.",
  "platformPrices.currency": "Currency",
  "platformPrices.currencyExplain":
    "What services are charged in: prices, balances, budgets, limits and everything that is told of costs.",
  "platformPrices.currencyKept":
    "It is chosen before anything is kept in it. Once messages have been charged, or money has come into a balance, it stays as it is.",
  "platformPrices.pound": "One pound in that currency",
  "platformPrices.poundHint":
    "Such as 1.15. The rates that come with Pennypost are in pounds: at this they hold for letters, and for texts where your price list says nothing. Leave it empty for GBP",
  "platformPrices.compareExplain":
    "What each provider charges for a fragment, as it stands on its page, in its currency and in yours at today’s rate. Low and high are more than 20 % away from the average of your providers.",
  "platformPrices.compareNone":
    "No provider’s prices are known: write them on the provider’s page, or in the file for pennypost apply.",
  "platformPrices.charged": "Charged by",
  "platformPrices.average": "Average",
  "platformPrices.ours": "Services pay",
  "platformPrices.margin": "Left with the cheapest",
  "platformPrices.verdict.low": "low",
  "platformPrices.verdict.usual": "usual",
  "platformPrices.verdict.high": "high",
  "platformPrices.verdict.unrated": "no exchange rate",
  "platformPrices.onNetwork": "{country}, network {network}",
  "platformPrices.rates": "Exchange rates",
  "platformPrices.ratesExplain":
    "Providers may charge in other currencies. What one charges is converted into {currency} at the rate of the day a text is sent, rounded to 6 decimals. A rate holds from its day on until the next.",
  "platformPrices.ratesNone": "There are no rates: only providers that charge in this currency can be compared.",
  "platformPrices.unrated":
    "{provider} charges in {currency}, for which no rate holds: routes by price take it last, and its costs are not counted.",
  "platformPrices.warning": "Warning",
  "platformPrices.rate": "One unit in {currency}",
  "platformPrices.rateHint": "With up to 10 decimals, such as 0.8612",
  "platformPrices.rateAdd": "Add or change a rate",
  "platformPrices.rateSave": "Save the rate",
  "platformPrices.rateSaved": "The rate was saved.",
  "platformPrices.rateRemoved": "The rate was removed.",
} as const;
