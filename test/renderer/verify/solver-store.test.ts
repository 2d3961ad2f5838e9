import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { appliedMatch, type AppliedTo } from '../../../src/renderer/features/verify/apply-match.ts';
import {
  createSolverStore,
  matchText,
  requestText,
  searchSentence,
  type Search,
} from '../../../src/renderer/features/verify/solver-store.ts';
import { emptyInput, readInput } from '../../../src/renderer/features/verify/verify-input.ts';
import { createVerifyStore, type VerifyStore } from '../../../src/renderer/features/verify/verify-store.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';

const secret = `whsec_${Buffer.from('the secret of this request').toString('base64')}`;
const otherSecret = `whsec_${Buffer.from('a secret of somebody else').toString('base64')}`;
const body = '{"type":"invoice.paid","total":213}';

function formOf(store: VerifyStore): AppliedTo {
  const { input, schemes, owners } = store.getState();
  return { input, owners, reading: readInput(input, schemes), expectedSignatures: [], schemeHeaders: [] };
}

async function openVerify() {
  const { client } = await startClockedEngine({ capturePort: 0 });
  const pauses: (() => void)[] = [];
  const later = (callback: () => void) => {
    pauses.push(callback);
    return () => void pauses.splice(pauses.indexOf(callback), 1);
  };
  const store = createVerifyStore(client, () => () => undefined);
  const solver = createSolverStore(client, store, later);
  await store.load();
  const check = async (received: string, tried: string) => {
    const { schemes } = store.getState();
    const at = new Date();
    store.change({
      ...emptyInput,
      head: [
        'webhook-id: msg_1',
        `webhook-timestamp: ${Math.floor(at.getTime() / 1000)}`,
        `webhook-signature: ${new Webhook(secret).sign('msg_1', at, body)}`,
      ].join('\n'),
      body: received,
      secrets: [tried],
      scheme: schemes[0]?.id ?? null,
      clock: String(at.getTime()),
    });
    await store.check();
    for (const pause of pauses.splice(0)) pause();
  };
  const ended = () =>
    new Promise<Search>((resolve) => {
      const look = () => {
        const { search } = solver.getState();
        if (search.kind === 'none' || search.kind === 'running') return;
        unsubscribe();
        resolve(search);
      };
      const unsubscribe = solver.subscribe(look);
      look();
    });
  return { client, store, solver, check, ended };
}

describe('the search on the Verify page', () => {
  it('begins by itself on a mismatch, and its change makes the request valid once it is applied', async () => {
    const { store, check, ended } = await openVerify();
    await check('{"type": "invoice.paid", "total": 213}', secret);
    const search = await ended();
    const [match] = search.kind === 'done' ? search.result.matches : [];
    expect(match?.causes.map(({ id }) => id)).toEqual(['body-minified']);
    expect(searchSentence(search)).toMatch(/^Cause found: Valid if the body is minified/);
    const applied = match === undefined ? null : appliedMatch(match, formOf(store));
    expect(applied).toEqual({ kind: 'changes', changes: [{ body, encoding: 'text', file: null, lineEnding: 'asPasted' }] });
    expect(await store.applyFirst(applied?.kind === 'changes' ? applied.changes : [])).toBe(true);
    await store.check();
    expect(store.getState().verification?.verdict).toBe('valid');
  });

  it('does not begin for a request that is valid', async () => {
    const { solver, check } = await openVerify();
    await check(body, secret);
    expect(solver.getState().search).toEqual({ kind: 'none' });
  });

  it('finds the endpoint whose secret it is once all secrets may be tried, and can choose it', async () => {
    const { client, store, solver, check, ended } = await openVerify();
    const endpoint = await client.endpoints.create({
      name: 'Billing',
      url: 'http://127.0.0.1:9/',
      signing: { scheme: 'standard-webhooks' },
      secret,
    });
    await store.load();
    await check(body, otherSecret);
    const before = await ended();
    expect(before).toMatchObject({ kind: 'done', result: { matches: [] } });
    expect(searchSentence(before)).toMatch(/^No cause was found; \d+ signatures were tried\.$/);
    expect(before.kind === 'done' ? requestText(before.result) : '').toMatch(/\n- .*fingerprint/i);
    solver.setAllSecrets(true);
    const search = await ended();
    const [match] = search.kind === 'done' ? search.result.matches : [];
    expect(match?.secretLabel).toBe('the endpoint Billing');
    expect(match === undefined ? '' : matchText(match)).not.toContain(secret);
    expect(match === undefined ? null : appliedMatch(match, formOf(store))).toEqual({
      kind: 'changes',
      changes: [{ secretsOf: endpoint.id }],
    });
  });

  it('makes the first of several changes that is right, and none where none is or where the form was changed meanwhile', async () => {
    const { store, check } = await openVerify();
    await check(body, otherSecret);
    expect(await store.applyFirst([{ secrets: ['wrong'] }, { secrets: [otherSecret] }])).toBe(false);
    expect(store.getState().input.secrets).toEqual([otherSecret]);
    const applying = store.applyFirst([{ secrets: ['wrong'] }, { secrets: [secret] }]);
    store.change({ url: 'https://a.example' });
    expect(await applying).toBe(false);
    expect(await store.applyFirst([{ secrets: ['wrong'] }, { secrets: [secret] }])).toBe(true);
    expect(store.getState().input.secrets).toEqual([secret]);
  });

  it('stops when it is cancelled', async () => {
    const { solver, check } = await openVerify();
    await check('{"type": "other"}', otherSecret);
    expect(solver.getState().search.kind).toBe('running');
    solver.cancel();
    expect(solver.getState().search).toEqual({ kind: 'cancelled', tried: 0 });
    expect(searchSentence(solver.getState().search)).toBe('The search for the cause was cancelled.');
  });
});
