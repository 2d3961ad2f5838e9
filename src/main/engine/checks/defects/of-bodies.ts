import { catalogue } from '../catalogue.ts';
import { accepted, isNotTaken, when, type DefectRule } from './rule.ts';

const verifying = { level: 'must', isAboutVerifying: true } as const;
const layouts = ['compact-json', 'spaced-json', 'pretty-json'] as const;
const spellings = ['unicode-escapes', 'escaped-slashes', 'number-forms'];

function titles(ids: readonly string[]): string {
  return ids.map((id) => `“${catalogue.find((one) => one.id === id)?.title ?? id}”`).join(', ');
}

/** What goes wrong between the bytes of the body and the verification, or the code behind it. */
export const bodyDefects: readonly DefectRule[] = [
  {
    ...verifying,
    id: 'parses-before-verifying',
    title: 'It parses the body and writes it again before verifying',
    fix: 'Keep the bytes of the body as they were received, and verify those; parse them afterwards.',
    counterpart: accepted(...layouts),
    covers: ['trims-body', 'wrong-charset', 'sorts-before-verifying'],
    find: (seen) => {
      const taken = layouts.filter(seen.accepted);
      const notTaken = [...layouts, ...spellings].filter(seen.refused);
      return when(
        layouts.some(seen.refused) || notTaken.length >= 2,
        [...taken, ...notTaken],
        `Of the same JSON with right signatures it takes ${titles(taken)}, and refuses ${titles(notTaken)}.`,
      );
    },
  },
  {
    ...verifying,
    id: 'sorts-before-verifying',
    title: 'It puts fields into an order before verifying',
    fix: 'Verify the bytes of the body as they were received.',
    counterpart: accepted('pretty-json'),
    find: (seen) =>
      when(
        seen.refused('key-order'),
        ['key-order', 'pretty-json'],
        'It refuses the same fields in the opposite order, although the signature is right.',
      ),
  },
  {
    ...verifying,
    id: 'trims-body',
    title: 'It trims the body before verifying',
    fix: 'Verify all bytes of the body, line breaks at its end included.',
    counterpart: accepted('pretty-json'),
    find: (seen) =>
      when(
        seen.refused('trailing-newline'),
        ['trailing-newline', 'pretty-json'],
        'It refuses a body that ends with a line break, although the signature is right.',
      ),
  },
  {
    ...verifying,
    id: 'wrong-charset',
    title: 'It reads the body in another charset than UTF-8',
    fix: 'Verify the bytes of the body, or read them as UTF-8.',
    counterpart: accepted('compact-json'),
    find: (seen) =>
      when(
        seen.refused('non-ascii-text') && seen.accepted('pretty-json'),
        ['non-ascii-text', 'compact-json'],
        'It refuses a body with text beyond ASCII, although the signature is right.',
      ),
  },
  {
    level: 'must',
    isAboutVerifying: false,
    id: 'exact-content-type',
    title: 'It compares the content type with its parameters',
    fix: 'Compare the media type without what follows the semicolon.',
    ...isNotTaken('content-type-charset', 'genuine', 'It does not take the same request with "; charset=utf-8" behind its content type.'),
  },
  {
    level: 'must',
    isAboutVerifying: false,
    id: 'needs-length',
    title: 'It needs a Content-Length',
    fix: 'Read the body to its end, however it is framed.',
    ...isNotTaken('chunked', 'genuine', 'It does not take the same request with its body in chunks.'),
  },
  {
    level: 'should',
    isAboutVerifying: false,
    id: 'reads-first-piece',
    title: 'It does not wait for the whole body',
    fix: 'Read the body to its end before verifying it.',
    ...isNotTaken('slow-body', 'genuine', 'It does not take the same request when its body comes in pieces.'),
  },
  {
    level: 'should',
    isAboutVerifying: false,
    id: 'refuses-more-headers',
    title: 'It does not take the headers of proxies',
    fix: 'Let further headers pass, and raise the limit for their length.',
    ...isNotTaken('more-headers', 'genuine', 'It does not take the same request with the headers that proxies add.'),
  },
  {
    level: 'must',
    isAboutVerifying: false,
    id: 'refuses-unknown-fields',
    title: 'It refuses fields that it does not know',
    fix: 'Ignore fields that you do not know: providers add some without a new version.',
    ...isNotTaken('unknown-field', 'compact-json', 'It does not take an event with one more field.'),
  },
  {
    level: 'should',
    isAboutVerifying: false,
    id: 'refuses-unknown-events',
    title: 'It refuses event types that it does not know',
    fix: 'Answer 2xx to events that you do not handle.',
    counterpart: accepted('compact-json'),
    find: (seen) =>
      when(
        seen.of('unknown-event-type') !== undefined && !seen.accepted('unknown-event-type'),
        ['unknown-event-type'],
        'It does not take an event of a type that it does not know, so the provider goes on sending it.',
      ),
  },
];
