import { isUtf8 } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import { endpointInput } from '#shared/contract/endpoints.ts';
import { headerName, headerValue as sentHeaderValue } from '#shared/contract/header-fields.ts';
import { isJson, type Json } from '#shared/contract/json.ts';
import { profileInput, type ProfileInput, type ProfileSecretHeader } from '#shared/contract/profiles.ts';
import type { Signing } from '#shared/contract/signing.ts';
import { bodyStyles, styleOf, type BodyStyle } from '#shared/json/body-style.ts';
import { compactJson } from '#shared/json/exact.ts';
import { eventNameIn } from '#shared/recognise/event-name.ts';
import { headersToSendOn } from '#shared/text/connection-headers.ts';
import { headerNameTest, headerValue } from '#shared/text/headers.ts';
import { isCredentialName } from '#shared/text/private-names.ts';
import { isDeeper } from '../base/input-depth.ts';
import { recogniseSigning } from '../signing/recognise-signing.ts';
import { schemeOf } from '../signing/registry.ts';
import { assertHeaderTemplates } from '../templates/header-value.ts';
import { headerTemplateFor, type HeaderSubject } from './header-guess.ts';

/** A captured request, as far as a profile can be read from it. */
export interface ProposedFrom {
  readonly method: string;
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array;
  readonly receivedAtMs: number;
  /** How the bin verifies; null where it does not. */
  readonly signing: Signing | null;
}

export interface Proposal {
  readonly profile: ProfileInput;
  /** What was recognised, assumed or left out, each a sentence. */
  readonly notes: readonly string[];
}

/** A larger body is not read: this runs on the serving thread. */
const readBytes = 32_768;

/** A profile that sends requests as this one, with what one request cannot show left at the defaults. */
export function proposeProfile(from: ProposedFrom, name: string): Proposal {
  const text = from.body.byteLength <= readBytes && isUtf8(from.body) ? Buffer.from(from.body).toString('utf8') : null;
  const json = text === null ? undefined : jsonOrUndefined(text);
  const eventType = eventNameIn(from.headers, json) ?? 'captured.event';
  const scheme = schemeFor(from, text);
  const headers = headersFor(from, scheme.signing, { eventType, receivedAtMs: from.receivedAtMs });
  const body = bodyFor(text, json);
  const methods = endpointInput.shape.method.safeParse(from.method);
  const contentType = endpointInput.shape.contentType.safeParse(headerValue(from.headers, 'content-type') ?? undefined);
  const profile = profileInput.parse({
    name,
    summary: `Made from a request that was captured on ${dayOf(from.receivedAtMs)}.`,
    fields: {
      ...(methods.success && methods.data !== undefined ? { method: methods.data } : {}),
      ...(contentType.success && contentType.data !== undefined ? { contentType: contentType.data } : {}),
      headers: headers.headers,
      signing: scheme.signing,
      ...body.fields,
    },
    secretHeaders: headers.secretHeaders,
    facts: [
      {
        about: 'request',
        text: 'Method, headers and body are those of one captured request.',
        certainty: 'verified',
        asOf: dayOf(from.receivedAtMs),
      },
      {
        about: 'delivery',
        text: 'Retries, timeout and what counts as success cannot be seen in a request: they are the defaults.',
        certainty: 'unverified',
      },
    ],
    eventTypes: json === undefined ? [] : [{ name: eventType, title: eventType, samples: [{ name: 'captured', data: json }] }],
  });
  return { profile, notes: [...scheme.notes, ...headers.notes, ...body.notes] };
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** A sample may be as deep as this, so that the profile that holds it can be sent and saved. */
const sampleDepth = 400;

/** The value of a JSON text; undefined for one that no sample can hold, because of its depth or of a number such as 1e400. */
function jsonOrUndefined(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isDeeper(value, sampleDepth) || !isJson(value) ? undefined : (value as Json);
  } catch {
    return undefined;
  }
}

interface ProposedScheme {
  readonly signing: Signing | null;
  readonly notes: readonly string[];
}

/** The scheme of the bin, or else the one that the request looks signed by. */
function schemeFor({ signing: ofBin, headers, body }: ProposedFrom, text: string | null): ProposedScheme {
  if (ofBin !== null) return { signing: ofBin, notes: ['The signature is that of the bin.'] };
  const found = recogniseSigning({ headers, body: text === null ? null : body });
  if (found === null) return { signing: null, notes: ['Nothing in it looks like a signature, so the profile does not sign.'] };
  if (found.signing === null)
    return { signing: null, notes: ['It seems to be signed in a way that no scheme here reads, so the profile does not sign.'] };
  return { signing: found.signing, notes: [`Signed by ${found.signing.scheme} (${found.confidence}): ${found.because}`] };
}

/** Headers that a profile may have. */
const mostHeaders = 100;

/** Characters of a name that are told. */
const shownCharacters = 60;

/** Headers that Hookyard writes by itself. */
const written = ['content-type', 'content-length', 'host', 'connection'];

function headersFor(from: ProposedFrom, chosen: Signing | null, subject: HeaderSubject) {
  const isWritten = headerNameTest([...written, ...signatureNames(chosen)]);
  const notes: string[] = [];
  const headers: Record<string, string> = {};
  const secretHeaders: ProfileSecretHeader[] = [];
  const seen = new Set<string>();
  let tooMany = 0;
  for (const [name, value] of headersToSendOn(from.headers).headers) {
    if (isWritten(name)) continue;
    if (seen.has(name.toLowerCase())) {
      notes.push(`${name} comes more than once in the request, and once in the profile.`);
      continue;
    }
    seen.add(name.toLowerCase());
    if (isCredentialName(name)) {
      if (headerName.safeParse(name).success && secretHeaders.length < mostSecretHeaders)
        secretHeaders.push({ name, description: 'Was in the captured request. Its value is not kept here.' });
      notes.push(`${name.slice(0, shownCharacters)} looks like a credential: the profile offers it as a secret header, without its value.`);
      continue;
    }
    const guess = headerTemplateFor(name, value, subject);
    if (guess.value !== null && !canHave(name, guess.value, headers)) {
      notes.push(`${name.slice(0, shownCharacters)} is left out: a profile cannot have a header with such a name or so long a value.`);
      continue;
    }
    if (guess.value !== null && Object.keys(headers).length >= mostHeaders) {
      tooMany += 1;
      continue;
    }
    if (guess.value !== null) headers[name] = guess.value;
    if (guess.note !== null) notes.push(guess.note);
  }
  if (tooMany > 0) notes.push(`A profile has at most ${mostHeaders} headers: ${tooMany} more are left out.`);
  return { headers, secretHeaders, notes };
}

/** Secret headers that a profile may offer. */
const mostSecretHeaders = 20;

/** Whether a profile can have a header beside others; the name of an object's prototype is none in a record. */
function canHave(name: string, value: string, others: Readonly<Record<string, string>>): boolean {
  if (name === '__proto__' || !headerName.safeParse(name).success || !sentHeaderValue.safeParse(value).success) return false;
  return !value.includes('{{') || areRenderable({ ...others, [name]: value });
}

function areRenderable(headers: Readonly<Record<string, string>>): boolean {
  try {
    assertHeaderTemplates({ headers });
    return true;
  } catch {
    return false;
  }
}

/** The names of the headers that a scheme writes. */
function signatureNames(chosen: Signing | null): readonly string[] {
  if (chosen === null) return [];
  const scheme = schemeOf(chosen.scheme);
  try {
    const secrets = [scheme.makeSecret(new Uint8Array(32), chosen)];
    const given = { options: chosen, secrets, id: 'msg_x', nowMs: 0, method: 'POST', url: 'http://localhost/', body: Buffer.from('{}') };
    return scheme.sign(given).headers.map(([name]) => name);
  } catch {
    return [];
  }
}

interface ProposedBody {
  readonly fields: { readonly template?: string; readonly bodyStyle?: BodyStyle };
  readonly notes: readonly string[];
}

function bodyFor(text: string | null, json: unknown): ProposedBody {
  if (text === null || json === undefined)
    return {
      fields: {},
      notes: ['The body is not JSON of up to 32 KiB that a sample can hold, so the profile has no template and no sample for it.'],
    };
  const style = styleOf(text);
  return {
    fields: { template: '{{ data | json }}', ...(style === undefined ? {} : { bodyStyle: style }) },
    notes: [
      style === undefined
        ? 'The JSON is written in no style that is known here: it is sent compact.'
        : `The JSON is written so: ${bodyStyles[style].label}.`,
      ...(compactJson(text) === JSON.stringify(json)
        ? []
        : ['Numbers or the order of names in the sample are not quite those of the body: the sample holds values, not text.']),
    ],
  };
}
