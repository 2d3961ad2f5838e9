import { isBroken } from '../judge.ts';
import type { Seen } from '../seen.ts';
import { accepted, answered, breakingText, isNotTaken, when, type DefectRule } from './rule.ts';

const behaving = { level: 'should', isAboutVerifying: false } as const;

/** What is wrong about requests that receivers refuse. */
const forgedCases = [
  'wrong-secret',
  'missing-signature',
  'empty-signature',
  'malformed-signature',
  'label-only',
  'truncated-signature',
  'extended-signature',
  'signature-of-other-body',
  'byte-changed',
];
const timeAndIdCases = ['time-missing', 'time-not-a-number', 'id-missing'];

/** What is special about so many requests is told. */
const mostLabels = 5;

/** A 5xx, or no answer, to data of one kind. */
function breaksOn(id: string, caseId: string, what: string, fix: string): DefectRule {
  return {
    ...behaving,
    id,
    title: `It fails over ${what}`,
    fix,
    counterpart: answered('genuine'),
    find: (seen) => {
      const labels = (seen.of(caseId)?.answers ?? []).filter(isBroken).flatMap(({ label }) => label ?? []);
      const more = labels.length > mostLabels ? `, and in ${labels.length - mostLabels} more cases` : '';
      const where = labels.length === 0 ? '' : `: when ${labels.slice(0, mostLabels).join(', or ')}${more}`;
      const broken = seen.brokeAlone([caseId]);
      return when(broken.length > 0, broken, `It ${breakingText(seen, broken)} to ${what}${where}.`);
    },
  };
}

function actedTooOften(seen: Seen, ids: readonly string[]): readonly string[] {
  return ids.filter((id) => {
    const one = seen.of(id);
    return one !== undefined && one.effects !== null && one.mostEffects !== null && one.effects > one.mostEffects;
  });
}

/** What goes wrong in the code around the verification. */
export const behaviourDefects: readonly DefectRule[] = [
  {
    ...behaving,
    id: 'fails-on-wrong-signatures',
    title: 'It answers wrong signatures with a 5xx',
    fix: 'Catch what the verification throws, and answer 401.',
    counterpart: answered('genuine'),
    covers: ['fails-on-missing-header', 'fails-on-malformed-signature'],
    find: (seen) => {
      const broken = seen.brokeAlone(forgedCases);
      const message = `It ${breakingText(seen, broken)} to a wrong signature: providers send such requests again.`;
      return when(broken.includes('wrong-secret'), broken, message);
    },
  },
  {
    ...behaving,
    id: 'fails-on-missing-header',
    title: 'It fails when a header is missing',
    fix: 'Look whether the headers are there before you use them, and answer 401 when not.',
    counterpart: answered('genuine'),
    find: (seen) => {
      const broken = seen.brokeAlone(['missing-signature', 'empty-signature', ...timeAndIdCases]);
      return when(broken.length > 0, broken, `It ${breakingText(seen, broken)} when a header was missing or empty.`);
    },
  },
  {
    ...behaving,
    id: 'fails-on-malformed-signature',
    title: 'It fails over signatures of another length or form',
    fix: 'Compare lengths first, or catch what the comparison throws, and answer 401.',
    counterpart: answered('genuine'),
    find: (seen) => {
      const broken = seen.brokeAlone([
        'malformed-signature',
        'label-only',
        'truncated-signature',
        'extended-signature',
        'doubled-signature',
      ]);
      return when(broken.length > 0, broken, `It ${breakingText(seen, broken)} to a signature of another length or form.`);
    },
  },
  {
    ...behaving,
    level: 'must',
    id: 'acts-before-verifying',
    title: 'It acts on requests that it refuses',
    fix: 'Verify first, and act only on what is genuine.',
    counterpart: accepted('genuine'),
    find: (seen) => {
      const acted = actedTooOften(seen, [
        ...forgedCases,
        ...timeAndIdCases,
        'stale-time',
        'future-time',
        'time-changed',
        'id-changed',
        'two-wrong-signatures',
      ]).filter((id) => !seen.accepted(id));
      return when(acted.length > 0, acted, 'The bin of effects captured a call for a request that it did not take.');
    },
  },
  {
    ...behaving,
    level: 'must',
    id: 'acts-twice',
    title: 'It acts again on an event that it has handled',
    fix: 'Remember the ids of events that were handled, in the same transaction as what you do, and answer 2xx to those without acting.',
    counterpart: accepted('genuine'),
    find: (seen) => {
      const acted = actedTooOften(seen, ['sent-again', 'signed-again', 'cut-and-sent-again', 'acknowledgement-lost']);
      return when(acted.length > 0, acted, 'The bin of effects captured more than one call for one event.');
    },
  },
  {
    ...behaving,
    level: 'must',
    id: 'acts-twice-at-once',
    title: 'It acts several times on an event that comes several times at once',
    fix: 'Let the database decide who was first, by a unique id that is written before acting, rather than looking first and writing then.',
    counterpart: accepted('genuine'),
    find: (seen) =>
      when(
        actedTooOften(seen, ['sent-at-once']).length > 0 && actedTooOften(seen, ['sent-again']).length === 0,
        ['sent-at-once', ...(seen.of('sent-again') === undefined ? [] : ['sent-again'])],
        'The bin of effects captured more than one call for one event that came several times at once.',
      ),
  },
  {
    ...behaving,
    id: 'refuses-repeated-events',
    title: 'It refuses events that it has handled',
    fix: 'Answer 2xx to an event that was handled before.',
    counterpart: accepted('genuine'),
    covers: ['stuck-after-cut', 'fails-at-once'],
    find: (seen) => {
      const refused = ['sent-again', 'signed-again'].filter((id) => {
        const [first, ...others] = seen.of(id)?.answers ?? [];
        return first?.kind === 'accepted' && others.some(({ kind }) => kind !== 'accepted');
      });
      return when(
        refused.length > 0,
        refused,
        'It took an event, and did not take it when it came again: the provider goes on sending it.',
      );
    },
  },
  {
    ...behaving,
    id: 'fails-at-once',
    title: 'It does not take requests that come at once',
    fix: 'Answer first and work afterwards, and let requests wait for each other where they have to.',
    counterpart: accepted('sent-again'),
    find: (seen) => {
      const broken = ['sent-at-once', 'burst'].filter((id) => seen.of(id) !== undefined && !seen.accepted(id));
      return when(broken.length > 0, broken, 'It did not take all of several requests that came at once.');
    },
  },
  {
    ...behaving,
    id: 'needs-order',
    title: 'It needs events in their order',
    fix: 'Take events in any order: read the state from the provider, or keep what comes too early.',
    counterpart: accepted('genuine'),
    find: (seen) =>
      when(
        seen.of('out-of-order') !== undefined && !seen.accepted('out-of-order'),
        ['out-of-order'],
        'It did not take all of several events that came in another order.',
      ),
  },
  {
    ...behaving,
    id: 'stuck-after-cut',
    title: 'It does not take a request after one that was cut',
    fix: 'Drop a request that was not received whole, and remember an id only when its event was handled.',
    counterpart: accepted('genuine'),
    find: (seen) => {
      const stuck = ['cut-and-sent-again', 'acknowledgement-lost'].filter((id) => seen.of(id) !== undefined && !seen.accepted(id));
      return when(stuck.length > 0, stuck, 'It did not take a request that came again after its connection was cut.');
    },
  },
  {
    ...behaving,
    level: 'must',
    id: 'answers-too-late',
    title: 'It answers too late',
    fix: 'Answer as soon as the event is written down, and work on it afterwards.',
    counterpart: accepted('genuine'),
    find: (seen) => when(seen.of('answer-time')?.result === 'failed', ['answer-time'], 'Its answers take longer than the provider waits.'),
  },
  {
    ...behaving,
    id: 'answers-slowly',
    title: 'It answers slowly',
    fix: 'Answer as soon as the event is written down, and work on it afterwards.',
    counterpart: accepted('genuine'),
    find: (seen) =>
      when(seen.of('answer-time')?.result === 'advice', ['answer-time'], 'Its answers take over half of the time that the provider waits.'),
  },
  {
    ...behaving,
    level: 'must',
    id: 'broken-afterwards',
    title: 'It takes no genuine requests any more',
    fix: 'Look into its log for the last case before: something of what was sent broke it.',
    ...isNotTaken('genuine-again', 'genuine', 'It took a genuine request at the beginning, and not at the end.'),
  },
  {
    ...behaving,
    id: 'handshake-unanswered',
    title: 'It does not answer the handshake',
    fix: 'Answer the handshake as the provider describes it, before you look for events.',
    counterpart: accepted('genuine'),
    find: (seen) => when(seen.of('handshake')?.result === 'advice', ['handshake'], 'Its answer is not what the provider expects.'),
  },
  breaksOn('fails-on-null', 'null-fields', 'fields that are null', 'Look whether a value is there before you read what is in it.'),
  breaksOn(
    'fails-on-missing-field',
    'missing-fields',
    'fields that are missing',
    'Look whether a field is there before you read what is in it.',
  ),
  breaksOn('fails-on-empty-text', 'empty-texts', 'texts that are empty', 'Look whether a text has characters before you take them.'),
  breaksOn('fails-on-huge-number', 'huge-number', 'a number beyond 64 bits', 'Read numbers that you do not compute with as text.'),
  breaksOn('fails-on-long-text', 'long-text', 'a text of 20,000 characters', 'Cut texts to what the column takes, or widen it.'),
  breaksOn('fails-on-special-names', 'special-names', 'fields called __proto__ and constructor', 'Copy only the fields that you know.'),
  breaksOn('fails-on-text-body', 'not-json', 'a body that is not JSON', 'Catch what the parser throws, and answer 400.'),
  breaksOn(
    'fails-on-empty-body',
    'empty-body',
    'a request without a body',
    'Look whether there is a body before you parse it, and answer 400 when not.',
  ),
  breaksOn('fails-on-deep-json', 'deep-nesting', 'JSON that is nested deeply', 'Limit the depth before you go down, and answer 400.'),
  breaksOn('fails-on-large-body', 'large-body', 'a body of one megabyte', 'Answer 413 to what is too large, or raise the limit.'),
  breaksOn('fails-on-charset', 'other-charset', 'text that is not UTF-8', 'Catch what the decoder throws, and answer 400.'),
  breaksOn('fails-on-gzip', 'gzip-body', 'a compressed body', 'Answer 415 to a Content-Encoding that you do not take.'),
  breaksOn('fails-on-mark', 'byte-order-mark', 'a byte order mark', 'Skip the mark before you parse, or answer 400.'),
  breaksOn('fails-on-content-type', 'other-content-type', 'another content type', 'Look at the content type first, and answer 415.'),
  breaksOn('fails-on-get', 'get', 'GET', 'Answer 405 to methods that you do not take.'),
];
