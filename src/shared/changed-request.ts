import type { HeaderField } from './contract/common.ts';
import type { RequestChange } from './contract/solver-fix.ts';
import { editedSecret } from './secret-edits.ts';
import { base64Bytes } from './text/declared-body.ts';

/** The parts of a verification question that a change affects here; the caller changes the scheme and the secrets of an owner. */
export interface ChangeableRequest {
  readonly url: string | null;
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array;
  /** The given secrets, without those of an endpoint or bin. */
  readonly secrets: readonly string[];
}

/** A changed request, or what is wrong with the change: the field and a sentence. */
export type ChangedRequest =
  | { readonly kind: 'changed'; readonly request: ChangeableRequest }
  | { readonly kind: 'refused'; readonly path: string; readonly message: string };

/** Applies a change to a request. Options, scheme and an owner of secrets are left to the caller. */
export function changedRequest(request: ChangeableRequest, change: RequestChange): ChangedRequest {
  const { headers = [], body, secret, url = request.url } = change;
  const places = request.headers.length;
  const lost = headers.findIndex(({ index }) => index >= places);
  if (lost !== -1)
    return { kind: 'refused', path: `headers.${lost}.index`, message: `There is no header at this place: the request has ${places}.` };
  const bytes = request.body.byteLength;
  if (body !== undefined && (body.from > body.to || body.to > bytes))
    return { kind: 'refused', path: 'body', message: `These places are not in the body, which has ${bytes} bytes.` };
  const secrets = changedSecrets(request.secrets, secret);
  if (typeof secrets === 'string') return { kind: 'refused', path: 'secret', message: secrets };
  const named = new Map(headers.map(({ index, name, value }) => [index, [name, value] satisfies HeaderField]));
  return {
    kind: 'changed',
    request: {
      url,
      headers: request.headers.map((field, index) => named.get(index) ?? field),
      body: body === undefined ? request.body : spliced(request.body, body),
      secrets,
    },
  };
}

function spliced(
  body: Uint8Array,
  { from, to, base64 }: { readonly from: number; readonly to: number; readonly base64: string },
): Uint8Array<ArrayBuffer> {
  const inside = base64Bytes(base64.replace(/=+$/, ''));
  const changed = new Uint8Array(from + inside.byteLength + body.byteLength - to);
  changed.set(body.subarray(0, from));
  changed.set(inside, from);
  changed.set(body.subarray(to), from + inside.byteLength);
  return changed;
}

/** The secrets after a change, or a sentence about why they cannot be changed that way. */
function changedSecrets(secrets: readonly string[], change: RequestChange['secret']): readonly string[] | string {
  if (change === undefined || change.kind === 'owner') return secrets;
  if (change.kind === 'word') return [change.word];
  const secret = secrets[change.index];
  if (secret === undefined) return `There is no secret at place ${change.index}: ${secrets.length} were given.`;
  const edited = editedSecret(secret, change.edits);
  if (edited === null) return 'This edit does not apply to the secret given: give the one that was searched with.';
  return secrets.with(change.index, edited);
}
