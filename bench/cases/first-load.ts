/** What a browser with nothing in its cache transfers for one page, with everything the page asks for. */
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";

/** Bytes over the wire, heads and bodies as they were sent; undefined where there is no Chromium. */
export async function bytesOfFirstLoad(
  url: string,
  cookie: { name: string; value: string },
): Promise<number | undefined> {
  if (!existsSync(CHROMIUM)) return undefined;
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  try {
    const context = await browser.newContext();
    await context.addCookies([{ ...cookie, url }]);
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    let bytes = 0;
    devtools.on("Network.loadingFinished", ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await devtools.send("Network.enable");
    await page.goto(url, { waitUntil: "load" });
    await page.evaluate("document.fonts.ready.then(() => undefined)");
    return bytes;
  } finally {
    await browser.close();
  }
}
