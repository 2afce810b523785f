/** What a page's script got from the browser, as it sends it in a form. */

/**
 * The answer of `navigator.credentials` as JSON (W3C Web Authentication Level 3, §5.1); undefined when it is none. Whether it is a
 * good one is for the flow to tell.
 */
export function parsePasskey<Response extends { id: string }>(text: string): Response | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const isObject = typeof parsed === "object" && parsed !== null;
    return isObject && "id" in parsed && typeof parsed.id === "string" ? (parsed as Response) : undefined;
  } catch {
    return undefined;
  }
}
