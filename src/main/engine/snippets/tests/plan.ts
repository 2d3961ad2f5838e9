import type { HeaderField } from '#shared/contract/common.ts';
import type { Signing } from '#shared/contract/signing.ts';
import type { TestFile } from '#shared/contract/test-files.ts';
import { receiverVariables } from '#shared/receiver-variables.ts';
import { headersToSendOn } from '#shared/text/connection-headers.ts';
import { headerNameTest } from '#shared/text/headers.ts';
import { isCredentialName } from '#shared/text/private-names.ts';
import { withoutCredentials } from '#shared/text/private-query.ts';
import { recogniseSigning } from '../../signing/recognise-signing.ts';
import { keyVariable, type SnippetRecipe } from '../recipe.ts';
import { snippetRecipeOf } from '../recipes.ts';
import { freshSignatureOf, signatureHeadersIn, type FreshSignature } from './fresh-signature.ts';
import { digestSentence, leftOutSentences, signatureSentences } from './sentences.ts';

/** A captured request, as far as a test sends it again. */
export interface TestedRequest {
  readonly method: string;
  /** Path and query behind the bin's own. */
  readonly target: string;
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array;
  readonly receivedAtMs: number;
  /** What its event is called. */
  readonly eventType: string;
  /** Names of its trailers. */
  readonly trailers: readonly string[];
  /** How it is signed; null for as it looks. */
  readonly signing: Signing | null;
}

/** A header of a test: its value as captured, or the variable that holds it since it lets its bearer in. */
export type TestHeader =
  | { readonly name: string; readonly kind: 'captured'; readonly value: string }
  | { readonly name: string; readonly kind: 'variable'; readonly variable: string };

/** What a test does, independent of any language. */
export interface TestPlan {
  /** What the test says in its first lines, a sentence each. */
  readonly heading: readonly string[];
  /** In words, `the captured invoice.paid`. */
  readonly subject: string;
  /** Words of the event type, for the name of the file. */
  readonly words: readonly string[];
  readonly method: string;
  readonly defaultUrl: string;
  readonly headers: readonly TestHeader[];
  readonly body: Uint8Array;
  readonly status: number;
  /** Null where the signature is sent as it was captured, if there is one. */
  readonly fresh: FreshSignature | null;
  readonly secretVariable: string;
  readonly environment: TestFile['environment'];
  /** Variables without which the test cannot run, for the line that starts it. */
  readonly required: readonly string[];
}

const defaultOrigin = 'http://127.0.0.1:3000';

/** Plans a test of a request: what is sent as it was captured, and what is made anew. */
export function planTest(request: TestedRequest, status: number): TestPlan {
  const { body, eventType } = request;
  const { headers: sent, leftOut } = headersToSendOn(request.headers);
  const signing = request.signing ?? recogniseSigning({ headers: sent, body })?.signing ?? null;
  const found = signing === null ? null : snippetRecipeOf(signing);
  const recipe = found === null || 'unavailable' in found ? null : found;
  const made = recipe === null ? null : freshSignatureOf(recipe, { method: request.method, headers: sent, body });
  const fresh = made === null || 'why' in made ? null : made;
  const headers = headersOf(sent, recipe, fresh);
  const { target, withheld } = withoutCredentials(request.target.replace(/^\/?(?=\?|$)/, '/webhooks'));
  const secretVariable = recipe === null ? receiverVariables.secret : keyVariable(recipe).name;
  const credentials = headers.flatMap((header) => (header.kind === 'variable' ? [header] : []));
  const environment = [
    ...(fresh === null ? [] : [variable(secretVariable, 'The secret that the receiver verifies with')]),
    ...credentials.map((header) => variable(header.variable, `The value of the header ${header.name}`)),
    variable(receiverVariables.url, `Where the receiver listens; ${defaultOrigin}${target} by default`, false),
    ...(isUrlSigned(fresh)
      ? [variable(receiverVariables.origin, 'Scheme and host that the receiver takes for its own, where another', false)]
      : []),
  ];
  return {
    heading: [
      `Sends a request that was captured on ${new Date(request.receivedAtMs).toISOString().slice(0, 10)} to a receiver, with the same bytes.`,
      ...signatureSentences(signing !== null, recipe, made, secretVariable),
      ...(isUrlSigned(fresh)
        ? [`The URL is signed: set ${receiverVariables.origin} where the receiver is known by another scheme and host.`]
        : []),
      ...digestSentence(recipe),
      ...leftOutSentences({ credentials: credentials.map((header) => header.variable), withheld, leftOut, trailers: request.trailers }),
    ],
    subject: `the captured ${eventType}`,
    words: wordsOf(eventType),
    method: request.method,
    defaultUrl: `${defaultOrigin}${target}`,
    headers,
    body,
    status,
    fresh,
    secretVariable,
    environment,
    required: environment.filter(({ isRequired }) => isRequired).map(({ name }) => name),
  };
}

function variable(name: string, meaning: string, isRequired = true): TestFile['environment'][number] {
  return { name, meaning, isRequired };
}

/** Whether a fresh signature covers the URL. */
export function isUrlSigned(fresh: FreshSignature | null): boolean {
  return fresh !== null && fresh.recipe.signed.some(({ kind }) => kind === 'url' || kind === 'decoded-url');
}

function headersOf(sent: readonly HeaderField[], recipe: SnippetRecipe | null, fresh: FreshSignature | null): readonly TestHeader[] {
  const isOfSignature = headerNameTest(recipe === null ? [] : signatureHeadersIn(recipe));
  return sent.flatMap(([name, value]): readonly TestHeader[] => {
    if (isOfSignature(name)) return fresh === null ? [{ name, kind: 'captured', value }] : [];
    return isCredentialName(name) ? [{ name, kind: 'variable', variable: variableOf(name) }] : [{ name, kind: 'captured', value }];
  });
}

function variableOf(name: string): string {
  const words = name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');
  return `WEBHOOK_${words.replaceAll(/^_|_$/g, '')}`;
}

/** Windows makes no file of these names, whatever follows behind a dot. */
const deviceName = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

/** Words that can be parts of a name in every language; the first begins with a letter. */
function wordsOf(eventType: string): readonly string[] {
  const words = eventType.match(/[A-Za-z0-9]+/g)?.map((word) => word.toLowerCase()) ?? [];
  const isName = /^[a-z]/.test(words[0] ?? '') && !(words.length === 1 && deviceName.test(words[0] ?? ''));
  return isName ? words : ['captured', ...words];
}
