/** How a service's systems reach us, and how its messages and our callbacks reach others: keys, senders, reply-tos, callbacks. */
import { newId, newRandomId } from "../../platform/ids.ts";
import { newWebhookSecret } from "../../platform/webhook-signature.ts";
import { fullApiKey, secretOfApiKey } from "../../records/api-keys/api-key.ts";
import {
  insertApiKey,
  listApiKeys,
  revokeApiKey,
  type StoredApiKey,
  updateApiKey,
} from "../../records/api-keys/api-key-store.ts";
import {
  ENDPOINTS_MAX,
  listCallbacks,
  removeCallback,
  replaceCallback,
} from "../../records/callbacks/callback-store.ts";
import {
  archiveReplyToAddress,
  insertReplyToAddress,
  listReplyToAddresses,
  updateReplyToAddress,
} from "../../records/senders/reply-to-store.ts";
import type { Callback, ReplyToAddress } from "../../records/services/service.ts";
import type { DeclaredService } from "./declaration.ts";
import { refuseAt } from "./read.ts";
import { keptSecret, type Noun, reconcile, said, secretWord } from "./reconcile.ts";
import type { Owner, Run } from "./run.ts";

type Part<Name extends keyof DeclaredService> =
  NonNullable<DeclaredService[Name]> extends readonly (infer Item)[] ? Item : never;
type DeclaredKey = Part<"keys">;
type DeclaredCallback = Part<"callbacks">;

const about = (kind: string, { serviceId, name }: Owner) => ({ kind, serviceId, owner: ` of ${name}` });

export async function applyKeys(run: Run, owner: Owner, declared: DeclaredService["keys"]): Promise<void> {
  if (!declared) return;
  const wanted = declared.map((key) => ({ ...key, secret: secretOf(key) }));
  await reconcile(run, keyNoun(run, owner), { wanted, current: await listApiKeys(run.tx, owner) });
}

function secretOf({ secret, at }: DeclaredKey): string | undefined {
  if (secret === undefined) return undefined;
  const place = { path: [...at.path, "secret"], source: at.source };
  return secretOfApiKey(secret) ?? refuseAt(place, "must be a whole API key or its secret, a UUID");
}

function keyNoun(run: Run, owner: Owner): Noun<DeclaredKey, StoredApiKey> {
  return {
    ...about("API key", owner),
    nameOf: ({ name }) => name,
    idOf: ({ id }) => id,
    placeOf: ({ at }) => at,
    fieldsOf: ({ name, kind }) => ({ name, kind, secret: keptSecret }),
    wishesOf: (declared, current) => ({
      name: declared.name,
      kind: sameKind(declared, current),
      secret: secretWord(declared.secret, current?.secret),
    }),
    insert: async ({ id = newId(), name, kind, secret = newRandomId() }) => {
      await insertApiKey(run.tx, owner, { id, name, kind, secret });
      const value = fullApiKey(name, owner.serviceId, secret);
      run.secrets.push({ kind: "API key", name: `${name} of ${owner.name}`, value });
    },
    update: (current, { name, secret }) => updateApiKey(run.tx, owner, { ...current, ...said({ name, secret }) }),
    remove: ({ id }) => revokeApiKey(run.tx, id),
  };
}

/** Whoever holds a test key must not find one day that it sends. */
function sameKind({ kind, at }: DeclaredKey, current: StoredApiKey | undefined): StoredApiKey["kind"] {
  if (current === undefined || current.kind === kind) return kind;
  const place = { path: [...at.path, "kind"], source: at.source };
  return refuseAt(place, `cannot change from ${current.kind}: make a key of another name, and revoke this one`);
}

export async function applyReplyTos(run: Run, owner: Owner, wanted: DeclaredService["reply_tos"]): Promise<void> {
  if (!wanted) return;
  const noun: Noun<Part<"reply_tos">, ReplyToAddress> = {
    ...about("reply-to address", owner),
    nameOf: ({ address }) => address.toLowerCase(),
    idOf: ({ id }) => id,
    placeOf: ({ at }) => at,
    fieldsOf: ({ address, isDefault }) => ({ address, isDefault }),
    wishesOf: (declared) => ({ address: declared.address, isDefault: declared.default }),
    insert: ({ id = newId(), address, default: isDefault = false }) =>
      insertReplyToAddress(run.tx, owner.serviceId, { id, address, isDefault }),
    update: (current, declared) =>
      updateReplyToAddress(run.tx, owner.serviceId, {
        ...current,
        ...said({ address: declared.address, isDefault: declared.default }),
      }),
    remove: ({ id }) => archiveReplyToAddress(run.tx, id),
  };
  await reconcile(run, noun, { wanted, current: await listReplyToAddresses(run.tx, owner.serviceId) });
}

export async function applyCallbacks(run: Run, owner: Owner, wanted: DeclaredService["callbacks"]): Promise<void> {
  if (!wanted) return;
  await reconcile(run, callbackNoun(run, owner), { wanted, current: await listCallbacks(run.tx, owner) });
}

/** Without an id it is the endpoint that is told of just these kinds, as when there was one for each. */
function callbackNoun(run: Run, owner: Owner): Noun<DeclaredCallback, Callback> {
  const replace = async (declared: DeclaredCallback, endpointId: string, signingSecret: string): Promise<void> => {
    const { kinds, url, bearer_token: bearerToken } = declared;
    await replaceCallback(run.tx, owner, { id: newId(), endpointId, kinds, url, bearerToken, signingSecret });
  };
  const nameOf = ({ kinds }: Pick<Callback, "kinds">) => kinds.join(" and ");
  return {
    ...about("callback", owner),
    nameOf,
    idOf: (one) => ("endpointId" in one ? one.endpointId : one.id),
    placeOf: ({ at }) => at,
    fieldsOf: ({ kinds, url }) => ({ kinds, url, bearerToken: keptSecret, signingSecret: keptSecret }),
    wishesOf: (declared, current) => ({
      kinds: declared.kinds,
      url: declared.url,
      bearerToken: secretWord(declared.bearer_token, current?.bearerToken),
      signingSecret: secretWord(declared.signing_secret, current?.signingSecret),
    }),
    insert: async (declared) => {
      await refuseToldTwice(run, owner, declared);
      const made = declared.signing_secret ?? newWebhookSecret();
      await replace(declared, declared.id ?? newId(), made);
      if (declared.signing_secret !== undefined) return;
      run.secrets.push({ kind: "signing secret", name: `${nameOf(declared)} callback of ${owner.name}`, value: made });
    },
    update: (current, declared) =>
      replace(declared, current.endpointId, declared.signing_secret ?? current.signingSecret),
    remove: ({ endpointId }) => removeCallback(run.tx, owner.serviceId, endpointId),
  };
}

/** An endpoint whose kinds were changed since would be told of some things twice. */
async function refuseToldTwice(run: Run, owner: Owner, { kinds, url, at }: DeclaredCallback): Promise<void> {
  const current = await listCallbacks(run.tx, owner);
  const known = current.find((one) => one.url === url && one.kinds.some((kind) => kinds.includes(kind)));
  if (known) refuseAt(at, `is told already, with others of its kinds: give its id, ${known.endpointId}`);
  if (current.length >= ENDPOINTS_MAX) refuseAt(at, `is one too many: a service has up to ${ENDPOINTS_MAX} endpoints`);
}
