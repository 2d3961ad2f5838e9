import { createHash, createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { SolverMatch, SolverResult } from '#shared/contract/solving.ts';
import { createPasteReader } from '../../../src/renderer/base/paste-reader.ts';
import { appliedChange, type AppliedChange } from '../../../src/renderer/features/verify/apply-change.ts';
import {
  createSolverStore,
  matchText,
  requestText,
  searchSentence,
  type Search,
} from '../../../src/renderer/features/verify/solver-store.ts';
import { emptyInput, readInput } from '../../../src/renderer/features/verify/verify-input.ts';
import type { VerifyStore } from '../../../src/renderer/features/verify/verify-state.ts';
import { createVerifyStore } from '../../../src/renderer/features/verify/verify-store.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';

const pastes = createPasteReader(() => expect.unreachable('Nothing here is large.'));
const secret = `whsec_${Buffer.from('the secret of this request').toString('base64')}`;
const otherSecret = `whsec_${Buffer.from('a secret of somebody else').toString('base64')}`;
const body = '{"type":"invoice.paid","total":213}';

function resultOf(search: Search): SolverResult {
  if (search.kind !== 'done') throw new Error(`The search is ${search.kind}.`);
  return search.result;
}

function applied({ fix }: SolverMatch, store: VerifyStore): AppliedChange {
  const { input, schemes } = store.getState();
  return 'why' in fix ? { kind: 'none', why: fix.why } : appliedChange(fix.change, input, readInput(input, schemes));
}

async function openVerify() {
  const { client } = await startClockedEngine({ capturePort: 0 });
  const pauses: (() => void)[] = [];
  const later = (callback: () => void) => {
    pauses.push(callback);
    return () => void pauses.splice(pauses.indexOf(callback), 1);
  };
  const store = createVerifyStore(client, () => () => undefined, pastes);
  const solver = createSolverStore(client, store, later);
  await store.load();
  const pause = () => {
    for (const resume of pauses.splice(0)) resume();
  };
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
    pause();
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
  return { client, store, solver, check, ended, pause };
}

describe('the search on the Verify page', () => {
  it('begins by itself on a mismatch, and its change makes the request valid once it is applied', async () => {
    const { store, check, ended } = await openVerify();
    await check('{"type": "invoice.paid", "total": 213}', secret);
    const search = await ended();
    const [match] = search.kind === 'done' ? search.result.matches : [];
    expect(match?.causes.map(({ id }) => id)).toEqual(['body-minified']);
    expect(searchSentence(search)).toMatch(/^Cause found: Valid if the body is minified/);
    const change = match === undefined ? null : applied(match, store);
    expect(change).toEqual({ kind: 'fields', fields: { body, encoding: 'text', file: null, lineEnding: 'asPasted' } });
    store.apply(change?.kind === 'fields' ? change.fields : {}, match?.sentence ?? '', resultOf(search));
    await store.check();
    expect(store.getState()).toMatchObject({ verification: { verdict: 'valid' }, applied: { sentence: match?.sentence } });
  });

  it('begins for a token that matches and holds the digest of another body, asked as the verdict was', async () => {
    const { store, solver, ended, pause } = await openVerify();
    const claims = { iss: 'netlify', sha256: createHash('sha256').update(body).digest('hex') };
    const signed = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const token = `${signed}.${createHmac('sha256', 'a key of sixteen').update(signed).digest('base64url')}`;
    store.change({ ...emptyInput, head: `X-Webhook-Signature: ${token}`, body: `${body}\n`, secrets: ['a key of sixteen'] });
    await store.check();
    expect(store.getState().verification).toMatchObject({ scheme: 'netlify', reason: 'digest_mismatch' });
    pause();
    const [match] = resultOf(await ended()).matches;
    expect(match?.causes.map(({ id }) => id)).toEqual(['body-newline-removed']);
    expect(solver.getState().search.kind).toBe('done');
  });

  it('is undone change by change, and keeps the request as it came with its cause', async () => {
    const { store, check, ended } = await openVerify();
    await check('{"type": "invoice.paid", "total": 213}', `${secret}`);
    const before = store.getState().input;
    const result = resultOf(await ended());
    store.apply({ body }, 'One.', result);
    const once = store.getState().input;
    store.apply({ url: 'https://a.example' }, 'Two.', { ...result, matches: [] });
    const original = { question: readInput(before, store.getState().schemes).question, search: result };
    expect(store.getState().applied).toMatchObject({ sentence: 'Two.', original });
    store.undoApply();
    expect(store.getState()).toMatchObject({ input: once, applied: { sentence: 'One.', original } });
    store.undoApply();
    expect(store.getState()).toMatchObject({ input: before, applied: null });
    store.undoApply();
    await store.check();
    expect(store.getState()).toMatchObject({ input: before, verification: { reason: 'signature_mismatch' } });
    store.apply({ body }, 'One.', result);
    store.change({ url: 'https://typed.example' });
    // What was typed since would be lost by undoing.
    expect(store.getState()).toMatchObject({ input: { body, url: 'https://typed.example' }, applied: null });
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
    expect(before.kind === 'done' ? requestText(before.result, null) : '').toMatch(/\n- .*fingerprint/i);
    solver.setAllSecrets(true);
    const search = await ended();
    const [match] = search.kind === 'done' ? search.result.matches : [];
    expect(match?.secretLabel).toBe('the endpoint Billing');
    expect(match === undefined ? '' : matchText(match)).not.toContain(secret);
    expect(match === undefined ? null : applied(match, store)).toEqual({ kind: 'fields', fields: { secretsOf: endpoint.id } });
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
