/**
 * Passkeys: asks the browser to make or to use one (W3C Web Authentication Level 3, §5.1), and sends its answer with the form. Where
 * that cannot be done the form stays hidden, and what the page says instead stays.
 */
interface Options {
  create: PublicKeyCredentialCreationOptionsJSON;
  get: PublicKeyCredentialRequestOptionsJSON;
}

/** Passkeys belong to a name: at an IP address browsers make and use none (§5.1.3, effective domain). */
const isAtName = !/^[\d.]+$|^\[/.test(location.hostname);
const canDoPasskeys =
  isAtName &&
  "PublicKeyCredential" in window &&
  "parseCreationOptionsFromJSON" in PublicKeyCredential &&
  "credentials" in navigator;

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) if (canDoPasskeys) start(form);

function start(form: HTMLFormElement): void {
  form.hidden = false;
  for (const words of document.querySelectorAll<HTMLElement>("[data-passkey-missing]")) words.hidden = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void useOne(form);
  });
}

async function useOne(form: HTMLFormElement): Promise<void> {
  try {
    field(form, "passkey").value = JSON.stringify(await credentialFor(form));
    form.submit();
  } catch {
    sayProblem(form); // Most often people have changed their mind; browsers do not tell which (§5.1.3).
  }
}

async function credentialFor(form: HTMLFormElement): Promise<unknown> {
  const credential = form.dataset["passkey"] === "create" ? await make(form) : await use(form);
  if (!(credential instanceof PublicKeyCredential)) throw new Error("the browser gave no passkey");
  return credential.toJSON();
}

async function make(form: HTMLFormElement): Promise<Credential | null> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(await askForOptions<"create">(form));
  return navigator.credentials.create({ publicKey });
}

async function use(form: HTMLFormElement): Promise<Credential | null> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await askForOptions<"get">(form));
  return navigator.credentials.get({ publicKey });
}

async function askForOptions<Kind extends keyof Options>(form: HTMLFormElement): Promise<Options[Kind]> {
  const body = new URLSearchParams({ _csrf: field(form, "_csrf").value });
  const response = await fetch(form.dataset["passkeyOptions"] ?? "", { method: "POST", body });
  if (!response.ok) throw new Error(`no options: ${response.status}`);
  return response.json();
}

function field(form: HTMLFormElement, name: string): HTMLInputElement {
  const found = form.querySelector<HTMLInputElement>(`input[name="${name}"]`); // `elements` would find ids as well: the button's.
  if (found) return found;
  throw new Error(`the form has no field ${name}`);
}

function sayProblem(form: HTMLFormElement): void {
  const place = form.querySelector<HTMLElement>("[data-passkey-problem]");
  if (place) place.textContent = place.dataset["passkeyProblem"] ?? "";
}
