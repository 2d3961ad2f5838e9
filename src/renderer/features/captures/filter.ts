import type { CaptureSelection } from '#shared/contract/capture-filter.ts';
import type { Bin } from '#shared/contract/bins.ts';
import type { Source } from '#shared/contract/sources.ts';
import { textKey, timeKeys, wordKey, yesNoKey, type FilterKey, type FilterKeys } from '../../base/filter-text.ts';

/** Filter of a list of captures as the contract takes it, without its bin. */
export type CaptureFields = Omit<CaptureSelection, 'binId' | 'ids' | 'afterId' | 'untilId'>;

interface Known {
  readonly bin: Bin | null;
  readonly sources: readonly Pick<Source, 'id' | 'name' | 'binId'>[];
  readonly eventTypes: readonly string[];
  readonly nowMs: number;
}

const verdicts = ['valid', 'invalid', 'unsigned', 'unchecked', 'none'] as const;
const statusClasses = ['2xx', '3xx', '4xx', '5xx'] as const;
/** What answers beside rules. */
const otherAnswers = ['own', 'handshake', 'refusal', 'path', 'problem'] as const;

/** A key whose values have a form. */
function formKey(
  form: RegExp,
  what: string,
  toFilter: (value: string) => CaptureFields,
  values: readonly string[],
): FilterKey<CaptureFields> {
  return {
    values,
    read: (value) => (form.test(value) ? { filter: toFilter(value) } : { why: `${value} is not ${what}`, known: [] }),
  };
}

/** The keys of the filter of captures. */
export function captureKeys({ bin, sources, eventTypes, nowMs }: Known): FilterKeys<CaptureFields> {
  const ofBin = sources.filter(({ binId }) => binId === bin?.id);
  return {
    status: formKey(
      /^[1-5](\d\d|xx)$/i,
      'a status such as 404, or a class such as 4xx',
      (status) => ({ status: status.toLowerCase() }),
      statusClasses,
    ),
    verdict: wordKey(verdicts, 'a verdict', (value) => ({ verdict: verdicts.find((known) => known === value) })),
    event: formKey(
      /^(\*|[\w\-/:]+(\.[\w\-/:]+)*(\.\*)?)$/,
      'the name of an event, such as order.paid or order.*',
      (eventType) => ({ eventType }),
      eventTypes,
    ),
    method: formKey(/^[a-z-]{1,30}$/i, 'a method', (method) => ({ method: method.toUpperCase() }), [
      'POST',
      'GET',
      'PUT',
      'PATCH',
      'DELETE',
    ]),
    path: textKey((path) => ({ path }), { values: [] }),
    tag: formKey(/^[^\s,]{1,50}$/u, 'a tag, which is one word', (tag) => ({ tag }), []),
    pinned: yesNoKey('pinned', (isPinned) => ({ isPinned })),
    rule: textKey((answeredBy) => ({ answeredBy }), {
      values: [...(bin?.answers.rules.map(({ name }) => name) ?? []), ...otherAnswers],
    }),
    source: textKey((value) => ({ sourceId: ofBin.find(({ id, name }) => id === value || name === value)?.id ?? value }), {
      values: ofBin.map(({ name }) => name),
    }),
    id: textKey((messageId) => ({ messageId }), { values: [] }),
    ...timeKeys(nowMs),
  };
}

/** Whether a filter asks for more than a text. */
export function hasFields({ q: _, ...fields }: CaptureFields): boolean {
  return Object.keys(fields).length > 0;
}
