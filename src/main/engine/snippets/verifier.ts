import { hexText } from '#shared/text/bytes.ts';
import { indent, inWords, runsOf, when, type Lines } from './code-text.ts';
import { limitOf, type Dialect, type Step } from './dialect.ts';
import { leadOf, needsUrl, optionalHeadersOf, partsOf, readHeadersOf, signs, type SignaturePlace, type SnippetRecipe } from './recipe.ts';

const mismatch = 'the signature does not match';

/** The function that says why a request is refused, in the language of a dialect. */
export function verifierOf(dialect: Dialect, recipe: SnippetRecipe): Lines {
  return [dialect.open(partsOf(recipe)), indent(dialect.step, stepsOf(dialect, recipe)), dialect.close];
}

function stepsOf(dialect: Dialect, recipe: SnippetRecipe): Lines {
  const { fixedHeader, signature, proof } = recipe;
  if (signature.kind === 'items') {
    const sentences = { none: 'the body carries no signature', mismatch: 'the signature of an item does not match' };
    return [dialect.checkItems(signature, recipe, sentences)];
  }
  const required = readHeadersOf(recipe);
  const optional = optionalHeadersOf(recipe);
  const names = required.map(({ name }) => name);
  return [
    when(required.length > 0, dialect.readHeaders(required, `${inWords(names, 'or')} is missing`)),
    fixedHeader === null ? [] : dialect.requireValue(...fixedHeader, `${fixedHeader[0]} is not ${fixedHeader[1]}`),
    when(optional.length > 0, dialect.readAlternatives(optional)),
    readSignatures(dialect, recipe, signature),
    checkTime(dialect, recipe),
    proof.kind === 'token'
      ? dialect.compareToken('the token is not the secret')
      : [prepare(dialect, recipe), join(dialect, recipe), dialect.compare(recipe, leadOf(recipe), mismatch)],
  ];
}

function readSignatures(dialect: Dialect, { proof, time }: SnippetRecipe, signature: Exclude<SignaturePlace, { kind: 'items' }>): Step {
  switch (signature.kind) {
    case 'json':
      return dialect.readObject(signature.object, 'the body carries no signature');
    case 'headers':
      return [
        when(signature.names.length === 1 && proof.kind !== 'token', dialect.takeOne),
        time?.place === 'json' ? dialect.readBodyTime(time.name, 'the body carries no timestamp') : [],
      ];
    case 'entries':
      return dialect.readEntries(signature);
    case 'jwt':
      return dialect.readToken(signature, time?.name ?? null, {
        shape: `${signature.header} is not a JWT`,
        algorithm: `the token is not signed with ${signature.algorithm}`,
        digest: `${signature.digestClaim} in the token is not the hash of the body`,
      });
    case 'message': {
      const { input, bytes } = messagePatterns(signature.label, signature.list);
      return dialect.readMessage(input, bytes, `Signature-Input has no ${signature.label} over ${signature.list} with created`);
    }
  }
}

function checkTime(dialect: Dialect, recipe: SnippetRecipe): Step {
  const limit = limitOf(recipe);
  if (limit === null) return [];
  const late = 'the timestamp is too old or too far in the future';
  return limit.unit === 'rfc3339'
    ? dialect.checkDate({ form: 'the timestamp is not a date and time', late })
    : dialect.checkNumber(limit.unit, { form: 'the timestamp is not a whole number', late });
}

function prepare(dialect: Dialect, recipe: SnippetRecipe): Lines {
  const { digestParameter, contentDigest } = recipe;
  const covered = readHeadersOf(recipe).filter(({ variable }) => variable !== 'signature');
  return [
    when(needsUrl(recipe), dialect.url),
    when(signs(recipe, 'decoded-url'), dialect.decodedUrl),
    digestParameter === null ? [] : dialect.checkParameter(digestParameter, `${digestParameter} in the URL is not the hash of the body`),
    contentDigest === null ? [] : dialect.checkDigest(contentDigest, `Content-Digest is not the ${contentDigest.label} of the body`),
    when(signs(recipe, 'crc32'), dialect.checksum),
    when(signs(recipe, 'path'), dialect.refuseQuery('the webhook is registered with a query')),
    when(signs(recipe, 'listed-values'), dialect.listedValues),
    when(
      signs(recipe, 'listed-lines'),
      dialect.listedNames,
      covered.map(({ name }) => dialect.requireListed(name.toLowerCase(), `${name} is not signed`)),
      dialect.listedLines,
    ),
  ];
}

/** Leaves what is signed in `signed`. */
export function join(dialect: Dialect, { signed }: SnippetRecipe): Step {
  const runs = runsOf(signed, (piece) => {
    if (piece.kind === 'literal') return dialect.quote(piece.text);
    return piece.kind === 'field' ? dialect.field(piece.name) : dialect.expressions[piece.kind];
  });
  return dialect.join(runs);
}

/**
 * Regular expressions that mean the same in all seven languages. The first finds the parameters of a label in Signature-Input, whole and
 * as they were sent, and the time in them; the second finds its signature. Parameters that a receiver would have to obey, such as
 * expires, are not let through.
 */
function messagePatterns(label: string, list: string): { readonly input: string; readonly bytes: string } {
  const parameter = '; *(?:alg|keyid|nonce|tag)=(?:"[^"]*"|[^",;\\s]+)';
  const start = `(?:^|,)\\s*${literally(label)}=`;
  return {
    input: `${start}(${literally(list)}(?:${parameter})*?; *created=([0-9]{1,15})(?:${parameter})*)\\s*(?:,|$)`,
    bytes: `${start}:([A-Za-z0-9+\\/]+={0,2}):`,
  };
}

/** A pattern that matches exactly this text, without a character that ends a string literal in any of the languages, except the double quote. */
function literally(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9@"_ -]/g, (character) =>
    /[().*]/.test(character) ? `\\${character}` : `\\x${hexText([character.charCodeAt(0)])}`,
  );
}
