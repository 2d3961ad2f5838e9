import type { CodeSchemeId } from '#shared/contract/scheme-facts.ts';
import { invalid } from '../base/refusal.ts';
import { describeLibrary } from './verification/library-traits.ts';
import { createMacProofScheme, headerBytes, readMac, utf8, type MacForm } from './verification/mac-proof.ts';
import { toleranceOf } from './options.ts';
import type { ProofLibrary } from './verification/proof.ts';
import { type Reading, emptyReading, findHeaders, headerText, lacking, malformed } from './verification/reading.ts';
import type { Scheme, SignedString, VerifyInput } from './scheme.ts';
import { joinRuns, type Run } from './signed-string.ts';
import { aroundNow, judgeTime } from './verification/time-window.ts';

type Piece = 'method' | 'url' | 'body' | 'timestamp';

/** The definition of a scheme that signs method, URL, body and timestamp concatenated, without separators. */
export interface UrlMacRecipe {
  readonly scheme: CodeSchemeId;
  readonly info: Omit<Scheme['info'], 'keyKind' | 'libraryNote'>;
  readonly form: MacForm;
  readonly signatureHeader: string;
  readonly timestampHeader: string | null;
  /** A header with a fixed value that accompanies the signature, such as its version. */
  readonly versionHeader: readonly [name: string, value: string] | null;
  readonly pieces: readonly Piece[];
  readonly urlOf?: (url: string) => string;
  readonly keyOf?: Parameters<typeof createMacProofScheme>[0]['keyOf'];
  readonly makeSecret?: (random: Uint8Array) => string;
  readonly next: readonly string[];
  readonly library: ProofLibrary;
}

const pieceNames: Readonly<Record<Piece, string>> = { method: 'the method', url: 'the URL', body: 'the body', timestamp: 'the timestamp' };

/** A scheme that signs the request's method or URL besides its body. */
export function createUrlMacScheme(recipe: UrlMacRecipe): Scheme {
  return createMacProofScheme({
    scheme: recipe.scheme,
    info: { ...recipe.info, libraryNote: describeLibrary(recipe.library, recipe.timestampHeader !== null) },
    form: recipe.form,
    words: {
      signed: recipe.pieces.map((piece) => (piece === 'timestamp' ? (recipe.timestampHeader ?? pieceNames.timestamp) : pieceNames[piece])),
      timestamp: recipe.timestampHeader,
    },
    ...(recipe.keyOf === undefined ? {} : { keyOf: recipe.keyOf }),
    ...(recipe.makeSecret === undefined ? {} : { makeSecret: recipe.makeSecret }),
    library: recipe.library,
    read: (input, form) => read(recipe, input, form),
    sign: (input, mac) => {
      const timestamp = String(Math.floor(input.nowMs));
      const values = { method: input.method || null, url: input.url || null, body: input.body, timestamp };
      const signed = signedOf(recipe, values);
      if (signed === null) throw invalid('request', 'Give the method and the URL of the request, because the scheme signs them.');
      return {
        headers: [
          ...(recipe.timestampHeader === null ? [] : [[recipe.timestampHeader, timestamp] as [string, string]]),
          ...(recipe.versionHeader === null ? [] : [[...recipe.versionHeader] as [string, string]]),
          [recipe.signatureHeader, mac(signed)],
        ],
        signed,
      };
    },
  });
}

type Values = { readonly [piece in Exclude<Piece, 'body'>]: string | null } & { readonly body: Uint8Array };

function signedOf(recipe: UrlMacRecipe, values: Values): SignedString | null {
  const runs: Run[] = [];
  for (const name of recipe.pieces) {
    const value = values[name];
    if (value === null) return null;
    if (typeof value !== 'string') runs.push({ name, bytes: value });
    else runs.push({ name, bytes: name === 'url' ? utf8(recipe.urlOf?.(value) ?? value) : headerBytes(value) });
  }
  return joinRuns(runs);
}

function read(recipe: UrlMacRecipe, input: VerifyInput, form: MacForm): Reading {
  const { signatureHeader, timestampHeader, versionHeader } = recipe;
  const text = headerText(input.headers, signatureHeader);
  const timestamp = timestampHeader === null ? null : headerText(input.headers, timestampHeader);
  const mac = text === null ? null : readMac(form, text);
  const signed = signedOf(recipe, { method: input.method || null, url: input.url || null, body: input.body, timestamp });
  const version = versionHeader === null ? null : headerText(input.headers, versionHeader[0]);
  const isOtherVersion = version !== null && versionHeader !== null && version.toLowerCase() !== versionHeader[1].toLowerCase();
  const refused = {
    kind: 'refused',
    reason: 'algorithm_refused',
    message: `${versionHeader?.[0] ?? ''} is ${JSON.stringify(version)}, but this scheme checks ${versionHeader?.[1] ?? ''} only. Choose the scheme of that version.`,
  } as const;
  return {
    ...emptyReading(findHeaders(input.headers, [...(timestampHeader === null ? [] : [timestampHeader]), signatureHeader])),
    unknown: lacking(
      input,
      recipe.pieces.filter((piece) => piece === 'method' || piece === 'url'),
    ),
    timestamp:
      timestampHeader === null || timestamp === null
        ? null
        : judgeTime(
            { name: timestampHeader, text: timestamp, unit: 'ms' },
            aroundNow(toleranceOf(input.options, recipe.info.toleranceSeconds)),
            input.nowMs,
          ),
    timestampText: timestamp,
    candidates: text === null || signed === null || mac === null || 'problem' in mac ? [] : [{ text, signature: mac.bytes, signed }],
    trouble: isOtherVersion
      ? refused
      : text !== null && mac !== null && 'problem' in mac
        ? malformed(signatureHeader, text, mac.problem)
        : null,
    next: recipe.next,
  };
}
