import { factsOf } from '#shared/contract/scheme-facts.ts';
import type { CustomOptions, Signing } from '#shared/contract/signing.ts';
import type { JwtFacts, MacFacts, SchemeFacts } from '#shared/providers/shapes/provider.ts';
import { pieces, plain } from '#shared/providers/shapes/receiver.ts';
import { layoutOf } from '../signing/custom/custom.ts';
import { layoutOfFields } from '../signing/custom/field-layout.ts';
import { isTimeInForm, type MacLayout } from '../signing/mac-recipe.ts';
import { schemeOf } from '../signing/registry.ts';
import type { SignatureForm } from '../signing/signature-form.ts';
import { partNames, splitPattern, type PatternPiece, type Placeholder } from '../signing/signed-string.ts';
import { messageRecipeOf } from './message-recipe.ts';
import type { ReceiverRecipe, SecretForm, SnippetRecipe, TimePlace } from './recipe.ts';

/** What a receiver of a scheme does with these options, or why there is no code for it. */
export function snippetRecipeOf(options: Signing): SnippetRecipe | { readonly unavailable: string } {
  const bare = bareRecipeOf(options);
  if ('unavailable' in bare) return bare;
  const { title, description, pitfall } = schemeOf(options.scheme).info;
  const asked = 'toleranceSeconds' in options ? options.toleranceSeconds : undefined;
  const time = bare.time === null || asked === undefined ? bare.time : { ...bare.time, toleranceSeconds: asked };
  return { ...bare, time, scheme: options.scheme, title, description, notes: [pitfall, ...(bare.notes ?? [])] };
}

function bareRecipeOf(options: Signing): ReceiverRecipe | { readonly unavailable: string } {
  if (options.scheme === 'custom') return ofCustom(options);
  if (options.scheme === 'rfc9421') return messageRecipeOf(options);
  const facts: SchemeFacts = factsOf(options.scheme);
  switch (facts.kind) {
    case 'mac':
      return ofLayout(facts.layouts[0], facts.key, otherLayouts(facts));
    case 'token':
      return ofToken(facts.header);
    case 'jwt':
      return ofJwt(facts);
    case 'code':
      return facts.receiver ?? { unavailable: `There is no receiver code for ${options.scheme} yet.` };
  }
}

function ofToken(header: string): ReceiverRecipe {
  return {
    ...plain,
    proof: { kind: 'token' },
    signature: { kind: 'headers', names: [header], lead: '' },
    signed: [],
  };
}

function ofJwt({ header, hash, digestClaim }: JwtFacts): ReceiverRecipe {
  return {
    ...plain,
    proof: { kind: 'mac', hash, isKeyed: true, secret: 'text', encoding: 'base64url' },
    signature: { kind: 'jwt', header, algorithm: `HS${hash.slice('sha'.length)}`, digestClaim },
    signed: pieces('unsigned-token'),
  };
}

function ofLayout(layout: MacLayout, secret: SecretForm, notes: readonly string[]): ReceiverRecipe {
  const { form, timestamp } = layout;
  const isInEntry = isTimeInForm(layout);
  const time: TimePlace | null =
    timestamp === null
      ? null
      : {
          place: isInEntry ? 'entry' : 'header',
          name: timestamp.header,
          unit: timestamp.unit,
          toleranceSeconds: timestamp.toleranceSeconds,
        };
  return {
    proof: { kind: 'mac', hash: layout.hash, isKeyed: true, secret, encoding: form.encoding },
    signature:
      form.kind === 'single'
        ? { kind: 'headers', names: [layout.signatureHeader], lead: form.prefix }
        : {
            kind: 'entries',
            header: layout.signatureHeader,
            separator: form.separator,
            ...entryLeads(form),
            listLabel: null,
          },
    time,
    idHeader: layout.idHeader,
    fixedHeader: layout.fixedHeaders?.[0] ?? null,
    listHeader: null,
    digestParameter: null,
    contentDigest: null,
    signed: splitPattern(layout.pattern).filter(isWritten),
    notes,
  };
}

/** Whether there is code for a piece of a signed string. No provider signs the others, and a custom scheme that does has no code. */
function isWritten(
  piece: PatternPiece,
): piece is Extract<PatternPiece, { kind: 'literal' | 'id' | 'timestamp' | 'method' | 'url' | 'body' }> {
  return ['literal', 'id', 'timestamp', 'method', 'url', 'body'].includes(piece.kind);
}

/** The text before the entries of a signature header. */
function entryLeads(form: Exclude<SignatureForm, { kind: 'single' }>): { readonly lead: string; readonly timeLabel: string | null } {
  if (form.kind === 'list') return { lead: form.prefix, timeLabel: form.timestampPrefix };
  const { label, joint, timestampLabel } = form;
  return { lead: `${label}${joint}`, timeLabel: timestampLabel === null ? null : `${timestampLabel}${joint}` };
}

/** What a provider also sends but the code does not accept. */
function otherLayouts({ layouts: [first, ...others] }: MacFacts): readonly string[] {
  if (others.length === 0) return [];
  // By the first of these that differs: another header, another hash, or another label in the same header.
  const nameOf =
    [
      ({ signatureHeader }: MacLayout) => signatureHeader,
      ({ hash }: MacLayout) => hash,
      ({ form }: MacLayout) => (form.kind === 'entries' ? form.label : form.prefix),
    ].find((name) => others.every((other) => name(other) !== name(first))) ?? (({ pattern }: MacLayout) => pattern);
  const what = [...new Set(others.map(nameOf))];
  return [`This code takes ${nameOf(first)} only, and refuses a request with nothing but ${what.join(', ')}.`];
}

function ofCustom(options: CustomOptions): ReceiverRecipe | { readonly unavailable: string } {
  if (options.encoding === 'jwt')
    return {
      unavailable: `There is no receiver code for a JWT of one's own yet: check it with a JWT library${options.digestClaim === null ? '' : `, and compare its claim ${options.digestClaim} with the SHA-256 of the body`}.`,
    };
  const unwritten = splitPattern(options.signedContent).find((piece) => !isWritten(piece));
  if (unwritten !== undefined)
    return { unavailable: `There is no receiver code for a signature over ${partNames[unwritten.kind as Placeholder]} yet.` };
  const layout = options.fields.length === 0 ? layoutOf(options) : layoutOfFields(options);
  if (layout === null) {
    const unavailable =
      'There is receiver code only for a signature, a timestamp and an id that stand in headers by themselves, or as labelled entries of one header.';
    return { unavailable };
  }
  if (layout.timestamp !== null && !isTimeInForm(layout) && options.timestampPrefix !== '')
    return { unavailable: 'There is no receiver code for a timestamp with text before it in a header of its own yet.' };
  return ofLayout(layout, options.secretEncoding === 'utf8' ? 'text' : options.secretEncoding, []);
}
