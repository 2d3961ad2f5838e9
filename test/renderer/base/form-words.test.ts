import { describe, expect, it } from 'vitest';
import { inFormOrder, labelsOf, listText, sayValue } from '../../../src/renderer/base/form-words.ts';
import { flatFields } from '../../../src/renderer/base/field-parts.ts';
import { binWords, newBinDraft } from '../../../src/renderer/features/captures/bin-draft.ts';
import { authWords, newAuth } from '../../../src/renderer/features/auths/auth-draft.ts';
import { environmentWords, newEnvironment } from '../../../src/renderer/features/environments/environment-draft.ts';
import { newDraft } from '../../../src/renderer/features/endpoints/endpoint-draft.ts';
import { endpointWords } from '../../../src/renderer/features/endpoints/endpoint-words.ts';
import { eventWords, newEvent } from '../../../src/renderer/features/events/event-draft.ts';
import { namedWords, newNamed } from '../../../src/renderer/features/policies/named-draft.ts';

const schemeTitle = (id: string) => (id === 'stripe' ? 'Stripe' : id);
const words = endpointWords({ schemeTitle, policies: [], auths: [] });

describe('fields of a form in words', () => {
  it.each([
    ['endpoint', flatFields(newDraft(), ['limits', 'metaHeaders']), words],
    ['event type', newEvent, eventWords],
    ['authentication', newAuth, authWords],
    ['environment', newEnvironment, environmentWords],
    ['retry policy', newNamed, namedWords],
    ['bin', newBinDraft, binWords(schemeTitle)],
  ])('name every field that somebody else could save in the form of a %s', (_of, fields, its) => {
    expect(its.map(({ name }) => name).toSorted()).toEqual(Object.keys(fields).toSorted());
  });

  it('tell the names in the order of the form, each once', () => {
    expect(labelsOf(words, ['limits.rateCount', 'url', 'name', 'unknown'])).toEqual(['Name', 'URL', 'Rate limit']);
    expect(inFormOrder(words, [{ name: 'timeout' }, { name: 'name' }])).toEqual([{ name: 'name' }, { name: 'timeout' }]);
    expect([listText([]), listText(['Name']), listText(['Name', 'URL', 'Method'])]).toEqual(['', 'Name', 'Name, URL and Method']);
  });

  it.each([
    ['name', '', 'empty'],
    ['verifyTls', false, 'off'],
    ['events', ['a.b', 'c.*'], 'a.b, c.*'],
    ['redirects', { follow: 3 }, 'Follow up to 3'],
    ['signing', null, 'Not signed'],
    ['signing', { scheme: 'stripe', toleranceSeconds: 300 }, 'Stripe (tolerance seconds: 300)'],
    ['headers', [{ name: 'X-A', value: '1' }], 'X-A: 1'],
    ['secretHeaders', [{ name: 'Authorization', value: '', isStored: true }], 'Authorization'],
    ['template', null, 'the default envelope'],
    ['limits.afterFailures', '', 'never'],
    ['retry', newDraft().retry, 'Standard Webhooks'],
  ])('tell a value of %s as somebody reads it', (name, value, said) => {
    expect(sayValue(words, name, value)).toContain(said);
  });
});
