/** What a browser with nothing in its cache transfers for one page, with everything the page asks for. */
import { chromium } from "playwright-core";
import { findPeer } from "../../scripts/peers.mjs";

/** Bytes over the wire, heads and bodies as they were sent; undefined where there is no Chromium. */
export async function bytesOfFirstLoad(
  url: string,
  cookie: { name: string; value: string },
): Promise<number | undefined> {
  const executablePath = findPeer("chromium");
  if (!executablePath) return undefined;
  const browser = await chromium.launch({
    executablePath,
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
