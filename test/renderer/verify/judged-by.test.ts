import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createPasteReader } from '../../../src/renderer/base/paste-reader.ts';
import { fieldsOfVerdict } from '../../../src/renderer/features/verify/judged-by.ts';
import { emptyInput, exampleInput, readInput, type VerifyInput } from '../../../src/renderer/features/verify/verify-input.ts';
import { createSolverStore } from '../../../src/renderer/features/verify/solver-store.ts';
import { createVerifyStore } from '../../../src/renderer/features/verify/verify-store.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';

const secret = 'a secret of this sender';
const body = '{"id":7}';
const pastes = createPasteReader(() => expect.unreachable('Nothing here is large.'));
const mac = (signed: string) => createHmac('sha256', secret).update(signed).digest('base64');

async function open(input: Partial<VerifyInput>) {
  const { client } = await startClockedEngine({ capturePort: 0 });
  const store = createVerifyStore(client, () => () => undefined, pastes);
  await store.load();
  store.change({ ...emptyInput, body, secrets: [secret], ...input });
  await store.check();
  const fields = () => {
    const { verification, input: now, schemes } = store.getState();
    return verification === null ? null : fieldsOfVerdict(verification, now, readInput(now, schemes));
  };
  return { client, store, fields };
}

describe('a verdict by a scheme that the form does not show', () => {
  it('gives the form that scheme, which is undone like every change', async () => {
    // Described first as a signature of time and body, and found right as one of the body alone.
    const { store, fields } = await open({ head: `X-Acme-Timestamp: 1700000000\nX-Acme-Signature: ${mac(body)}`, clock: '1700000000' });
    expect(store.getState().verification).toMatchObject({ verdict: 'valid', scheme: 'custom' });
    const found = fields();
    expect(found).toMatchObject({ scheme: 'custom', custom: { scheme: 'custom' } });
    const before = store.getState().input;
    store.apply(found ?? {}, 'It is checked by a custom scheme.', null);
    await store.check();
    expect(store.getState().verification).toMatchObject({ verdict: 'valid', scheme: 'custom' });
    expect([fields(), store.getState().input.scheme]).toEqual([null, 'custom']);
    expect(store.getState().applied?.original.question.scheme).toBe('auto');
    store.undoApply();
    expect(store.getState().input).toEqual(before);
  });

  it('has nothing to give where the form shows it, or where somebody chose', async () => {
    const shown = await open(exampleInput);
    expect([shown.store.getState().verification?.verdict, shown.fields()]).toEqual(['valid', null]);
    const chosen = await open({ ...exampleInput, scheme: 'github-sha256' });
    expect(chosen.fields()).toBeNull();
  });
});

describe('a request in which no signature is recognised', () => {
  it('is searched for one as soon as a secret is there, also in its URL', async () => {
    const { client } = await startClockedEngine({ capturePort: 0 });
    const pauses: (() => void)[] = [];
    const store = createVerifyStore(client, () => () => undefined, pastes);
    const solver = createSolverStore(client, store, (callback) => {
      pauses.push(callback);
      return () => void pauses.splice(pauses.indexOf(callback), 1);
    });
    await store.load();
    const hex = createHmac('sha256', secret).update(body).digest('hex');
    store.change({ ...emptyInput, head: 'Content-Type: application/json', url: `https://a.example/hooks?zz=${hex}`, body });
    await store.check();
    expect([store.getState().verification?.reason, pauses.length]).toEqual(['unknown', 0]);
    store.change({ secrets: [secret] });
    await store.check();
    const found = new Promise<void>((resolve) => {
      solver.subscribe(({ search }) => search.kind === 'done' && resolve());
    });
    for (const resume of pauses.splice(0)) resume();
    await found;
    const { search } = solver.getState();
    expect(search.kind === 'done' ? search.result.matches[0] : null).toMatchObject({
      scheme: 'custom',
      fix: { change: { scheme: 'custom' } },
    });
  });
});
