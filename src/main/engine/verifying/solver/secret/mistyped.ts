import { lookalikesOf } from '../lookalikes.ts';
import { copyAgain, secretCause, type SecretStep } from './secret-steps.ts';

/** At most this many readings of one secret are tried, those with the fewest changes first. */
export const readingLimit = 3000;

/** All readings together hash at most this many bytes, so that they do not use up the time for everything else with a large body. */
const hashedBytes = 200_000_000;

/** How many readings of each secret are tried over a body of a size. */
export function readingsOver(bodyBytes: number, secrets: number): number {
  return Math.min(readingLimit, Math.floor(hashedBytes / Math.max(1, bodyBytes * secrets)));
}
const changeLimit = 4;

/** Possible texts of a secret whose characters were confused with similar ones. */
export function* mistypedSteps(text: string, readings: number): Generator<SecretStep, void, void> {
  const hex = hexReading(text);
  if (hex !== null) yield stepOf(text, hex, 1.5);
  const places = [...text].map((sign, at) => ({ at, others: lookalikesOf(sign) })).filter(({ others }) => others.length > 0);
  let left = readings;
  for (let changes = 1; changes <= changeLimit; changes += 1)
    for (const other of withChanges(text, places, changes)) {
      if (left === 0) return;
      left -= 1;
      yield stepOf(text, other, 2 + changes / 10);
    }
}

interface Place {
  readonly at: number;
  readonly others: readonly string[];
}

function* withChanges(text: string, places: readonly Place[], changes: number): Generator<string, void, void> {
  if (changes === 0) return yield text;
  for (const [index, { at, others }] of places.entries())
    for (const other of others) yield* withChanges(text.slice(0, at) + other + text.slice(at + 1), places.slice(index + 1), changes - 1);
}

/** Replaces letters that are not hex by similar-looking digits, if that makes the whole text hex. */
function hexReading(text: string): string | null {
  const digits = text.replace(
    /[OolISsZz|]/g,
    (sign) => ({ O: '0', o: '0', l: '1', I: '1', '|': '1', S: '5', s: '5', Z: '2', z: '2' })[sign] ?? sign,
  );
  return digits !== text && /^[0-9a-fA-F]{16,}$/.test(digits) ? digits : null;
}

function stepOf(text: string, other: string, cost: number): SecretStep {
  const places = [...text].flatMap((sign, at) => (sign === other.charAt(at) ? [] : [at + 1]));
  const shown = places.length > 6 ? `${places.slice(0, 6).join(', ')} and on` : places.join(', ');
  return {
    cause: secretCause(
      'secret-lookalikes',
      'lookalikes',
      cost,
      `${places.length === 1 ? 'the character' : 'the characters'} at ${places.length === 1 ? 'place' : 'places'} ${shown} of the secret ${places.length === 1 ? 'is' : 'are'} read as what looks like ${places.length === 1 ? 'it' : 'them'} (0 and O, 1 and l)`,
      'the secret was typed, or read off a picture',
      copyAgain,
    ),
    apply: () => other,
    isAlone: true,
    edit: null,
  };
}
