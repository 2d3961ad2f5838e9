import { firstHeaderValues, isSameHeader } from '../text/headers.ts';
import type { HeaderField } from '../contract/common.ts';
import type { Tell } from '../providers/shapes/mark.ts';
import { isJsonDeeper } from '../json-depth.ts';
import { multipartFields } from '../text/multipart.ts';
import { binaryText, utf8TextOrNull } from '../text/text-codec.ts';
import { unknownSignatures, usableGuesses, type UnknownSignature } from './guess-custom.ts';
import { bodyMarks, schemeMarks, uncheckedBodyMarks, uncheckedHeaderMarks, type SchemeMark } from './scheme-marks.ts';
import { guessMac, type CustomGuess } from './signature-value.ts';

/** A scheme that a request seems to be signed by. */
export interface RecognisedScheme {
  readonly scheme: string;
  readonly confidence: 'certain' | 'likely' | 'possible';
  /** One sentence about what shows it. */
  readonly because: string;
  /** Set where the header is that of this sender, shown by its name or by what comes along, although its value does not have its form. */
  readonly isOwner?: true;
  /** For `custom`: the options that its header suggests. */
  readonly options?: CustomGuess;
  /** For `custom`: other descriptions that may be meant, the likeliest first. */
  readonly others?: readonly CustomGuess[];
}

/** A signature that no scheme here reads. */
export const unreadSignature = 'unknown';

/** What is looked at. */
export interface RecognisableRequest {
  readonly url: string | null;
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array | null;
}

/** How much of a body is searched for what gives a provider away, and the largest that is parsed. */
const searchedBytes = 65_536;
const parsedBodyLimitBytes = 1_048_576;

const ranks = { certain: 0, likely: 1, possible: 2 } as const;

/** How sure a recognised scheme is, from 0: whose header it is shows more than that another scheme could read its value. */
export function rankOf(recognised: RecognisedScheme): number {
  return recognised.isOwner === true ? 0.5 : ranks[recognised.confidence];
}

/**
 * The schemes that a request may be signed with, the likeliest first; none when it carries nothing that looks like a signature. Where no
 * known scheme fits, `custom` stands for what a description would read, and `unknown` for a signature that nothing here reads.
 */
export function recogniseScheme(request: RecognisableRequest): readonly RecognisedScheme[] {
  const clues = cluesOf(request);
  const candidates = schemeMarks.map((mark) => candidateOf(mark, clues)).filter((candidate) => candidate !== null);
  const fitting = candidates.filter(({ hasForm }) => hasForm);
  const inBody = [...recogniseUnchecked(clues), ...recogniseBody(clues)];
  const owned = candidates.filter((candidate) => !candidate.hasForm && isOwner(candidate)).map(({ mark }) => mark.header);
  const strangers = fitting.length === 0 && inBody.length === 0 ? recogniseStrangers(request, owned) : [];
  const known = candidates
    .filter((candidate) => candidate.hasForm || !isStrangers(candidate, strangers))
    .map((candidate) => judge(candidate, candidates))
    .filter((recognised) => recognised !== null);
  const found = [...known, ...inBody].toSorted((one, other) => rankOf(one) - rankOf(other));
  const unique = found.filter(({ scheme }, index) => found.findIndex((other) => other.scheme === scheme) === index);
  return [...unique, ...(unique.length > 0 ? strangers.filter(({ scheme }) => scheme === 'custom') : strangers)];
}

/** Whether a header of a known name holds the signature of another sender: it has neither the form nor the company of its scheme. */
function isStrangers(candidate: Candidate, strangers: readonly RecognisedScheme[]): boolean {
  const { mark, missing } = candidate;
  if (isOwner(candidate)) return false;
  const isRead = strangers.some(({ options }) => options?.header !== undefined && isSameHeader(options.header, mark.header));
  return isRead && (missing.length > 0 || mark.isCommonName === true);
}

/** Whether the header is that of a sender, whatever its value is: nobody else has its name, or what comes along shows it. */
function isOwner({ mark, missing, providerSign }: Candidate): boolean {
  const isOwnName = mark.isCommonName !== true && mark.isConvention !== true && mark.isShared !== true;
  return isOwnName || providerSign !== null || (mark.along !== undefined && missing.length === 0);
}

/**
 * The first signature of an unknown sender that can be described, one in a header of a known sender before others; else the first that
 * cannot, or one in the URL or body.
 */
function recogniseStrangers({ url, headers, body }: RecognisableRequest, owned: readonly string[]): readonly RecognisedScheme[] {
  const isOwned = ({ header }: UnknownSignature) => owned.some((name) => isSameHeader(name, header));
  const signatures = unknownSignatures(headers, url !== null && url !== '').toSorted(
    (one, other) => Number(isOwned(other)) - Number(isOwned(one)),
  );
  for (const signature of signatures) {
    const [options, ...others] = usableGuesses(signature.guesses);
    if (options === undefined) continue;
    const because = `${signature.because} Its sender is not known to Hookyard, so what it signs is a guess.`;
    return [{ scheme: 'custom', confidence: 'possible', because, options, others }];
  }
  const because = signatures[0]?.because ?? signatureInUrl(url) ?? signatureInBody(body);
  return because === null || because === undefined ? [] : [{ scheme: unreadSignature, confidence: 'possible', because }];
}

/** Names of parameters and fields that carry signatures. */
const signatureFields = /^(?:x-?amz-|x-)?(?:signature|sign|sig|hmac|mac|checksum|hash)$/i;

function signatureInUrl(url: string | null): string | null {
  const query = /\?([^#]*)/.exec(url?.slice(0, 16_384) ?? '')?.[1] ?? '';
  for (const pair of query.split('&').slice(0, 200)) {
    const [name = '', value = ''] = pair.split('=', 2);
    if (signatureFields.test(name) && guessMac(value.replaceAll(/%3d/gi, '=').replaceAll(/%2b/gi, '+').replaceAll(/%2f/gi, '/')) !== null)
      return `The parameter ${name} of the URL looks like a signature.`;
  }
  return null;
}

function signatureInBody(body: Uint8Array | null): string | null {
  if (body === null || body.length > parsedBodyLimitBytes) return null;
  if (!/(?:signature|sign|sig|hmac|mac|checksum|hash)["=]/i.test(binaryText(body))) return null;
  const fields = fieldsOf(body);
  const [name] =
    Object.entries(fields ?? {}).find(
      ([key, value]) => signatureFields.test(key) && typeof value === 'string' && guessMac(value) !== null,
    ) ?? [];
  return name === undefined ? null : `The field ${name} of the body looks like a signature.`;
}

interface Clues {
  readonly values: ReadonlyMap<string, string>;
  readonly url: string;
  /** The beginning of the body, one character for each byte. */
  readonly bodyStart: string;
  readonly body: Uint8Array | null;
}

function cluesOf({ url, headers, body }: RecognisableRequest): Clues {
  const values = new Map([...firstHeaderValues(headers)].map(([name, value]) => [name, value.slice(0, 16_384).trim()]));
  return { values, url: url?.slice(0, 16_384) ?? '', bodyStart: body === null ? '' : binaryText(body.subarray(0, searchedBytes)), body };
}

interface Candidate {
  readonly mark: SchemeMark;
  readonly hasForm: boolean;
  readonly missing: readonly string[];
  /** The sign of this provider, or null. */
  readonly providerSign: string | null;
}

function candidateOf(mark: SchemeMark, clues: Clues): Candidate | null {
  const value = clues.values.get(mark.header.toLowerCase());
  if (value === undefined || value === '') return null;
  const hasForm = mark.value.test(value);
  if (!hasForm && mark.isShared === true) return null;
  const providerSign = (mark.tells ?? []).map((tell) => matchOf(tell, clues)).find((what) => what !== null) ?? null;
  return {
    mark,
    hasForm,
    missing: (mark.along ?? []).filter((name) => !clues.values.has(name.toLowerCase())),
    providerSign,
  };
}

function matchOf({ header, url, value }: Tell, clues: Clues): string | null {
  if (header !== undefined) {
    const found = clues.values.get(header.toLowerCase());
    return found !== undefined && (value === undefined || value.test(found)) ? header : null;
  }
  if (url === true) return value !== undefined && value.test(clues.url) ? 'the URL' : null;
  return value !== undefined && value.test(clues.bodyStart) ? 'the body' : null;
}

/** How sure a candidate is beside the others that share its header. */
function judge(candidate: Candidate, all: readonly Candidate[]): RecognisedScheme | null {
  const { mark, hasForm, missing } = candidate;
  if (!hasForm) {
    const isOwned = isOwner(candidate);
    const readers = all.filter((other) => other.hasForm && isSameHeader(other.mark.header, mark.header));
    // A header that is read in another way is another sender's, unless all that shows this one is that its value can be read so.
    const isBetterRead = readers.some((other) => !isOwned || other.providerSign !== null || isOwner(other));
    const because = `${mark.header} is there, but its value does not have the form of this scheme.`;
    return isBetterRead ? null : { scheme: mark.id, confidence: 'possible', because, ...(isOwned ? { isOwner: true } : {}) };
  }
  const rivals = all.filter((other) => other !== candidate && other.hasForm && mark.group !== undefined && other.mark.group === mark.group);
  const judged = rivals.length > 0 ? judgeAmongRivals(candidate, rivals, all) : judgeAlone(candidate);
  if (judged === null || missing.length === 0) return judged;
  return {
    scheme: mark.id,
    confidence: judged.confidence === 'certain' ? 'likely' : 'possible',
    because: `${mark.header} is there, but not every header of the scheme: ${missing.join(', ')} is missing.`,
  };
}

function judgeAlone({ mark, providerSign }: Candidate): RecognisedScheme {
  const name = mark.header;
  if (mark.isCommonName === true && providerSign === null)
    return { scheme: mark.id, confidence: 'likely', because: `${name} has the form of this scheme, but other senders use that name too.` };
  const because = `It carries ${[name, ...(mark.along ?? [])].join(', ')}${providerSign === null ? '' : `, and ${providerSign} fits`}.`;
  return { scheme: mark.id, confidence: 'certain', because };
}

function judgeAmongRivals(
  { mark, providerSign }: Candidate,
  rivals: readonly Candidate[],
  all: readonly Candidate[],
): RecognisedScheme | null {
  const name = mark.header;
  const others = [...new Set(rivals.map((rival) => rival.mark.id))].join(' and ');
  const first = all.find((other) => other.hasForm && other.mark.group === mark.group && other.providerSign !== null);
  if (providerSign !== null && first?.mark === mark)
    return { scheme: mark.id, confidence: 'certain', because: `It carries ${name}, and ${providerSign} tells it from ${others}.` };
  if (mark.standing === 'same') {
    if (first === undefined)
      return {
        scheme: mark.id,
        confidence: 'certain',
        because: `It carries ${[name, ...(mark.along ?? [])].join(', ')}. ${others} sign in the same way.`,
      };
    return { scheme: mark.id, confidence: 'possible', because: `It carries ${name}, which ${first.mark.id} signs in the same way.` };
  }
  if (first !== undefined) return null;
  const confidence = mark.standing === 'usual' ? 'likely' : 'possible';
  return { scheme: mark.id, confidence, because: `It carries ${name}, and nothing tells it apart from ${others}.` };
}

/** Senders that are known by a header or the URL, and whose signature cannot be checked here. */
function recogniseUnchecked({ values, url }: Clues): readonly RecognisedScheme[] {
  return uncheckedHeaderMarks
    .filter(({ header, value, inUrl }) => value.test(values.get(header.toLowerCase()) ?? '') || inUrl.test(url))
    .map(({ id, because }) => ({ scheme: id, confidence: 'certain', because }));
}

function recogniseBody({ body, bodyStart }: Pick<Clues, 'body' | 'bodyStart'>): readonly RecognisedScheme[] {
  if (body === null) return [];
  // A mail with its attachments is longer, and its fields come in any order among them.
  if (body.length > parsedBodyLimitBytes)
    return bodyStart.startsWith('--') ? recogniseBody({ body: body.subarray(0, parsedBodyLimitBytes), bodyStart }) : [];
  // The hint may come after the searched part.
  const binary = body.length <= searchedBytes ? bodyStart : binaryText(body);
  const marks = [...bodyMarks, ...uncheckedBodyMarks].filter(({ hint }) => hint.test(binary));
  if (marks.length === 0) return [];
  const fields = fieldsOf(body);
  return marks
    .filter(({ holds }) => fields !== null && holds(fields))
    .map(({ id, because }) => ({ scheme: id, confidence: 'certain', because }));
}

/** The body as an object of JSON, or as the fields of a form of either kind; null when it is neither. */
function fieldsOf(body: Uint8Array): Readonly<Record<string, unknown>> | null {
  const parts = multipartFields(body);
  if (parts !== null) return parts;
  const text = utf8TextOrNull(body);
  if (text === null || isJsonDeeper(body)) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return Object.fromEntries(
      text.split('&').map((pair) => [pair.slice(0, Math.max(0, pair.indexOf('='))), pair.slice(pair.indexOf('=') + 1)]),
    );
  }
}
