import { describe, expect, it } from 'vitest';
import { admit, createDirectClient } from '#engine/index.ts';
import { createProjectRuns, valueKey, type ProjectRuns } from '../../../src/renderer/features/runs/project-runs.ts';
import { startTestEngine } from '../../support/engine.ts';
import { hang, respond, startReceiver } from '../../support/scripted-receiver.ts';

async function openRuns() {
  const { engine } = await startTestEngine();
  return createProjectRuns(createDirectClient(engine.router, admit('test')));
}

const chosen = (files: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>) =>
  Object.entries(files).map(([path, content]) => ({ path, file: new File([content], path) }));

/** Settles once the store is as is asked for. */
async function until(runs: ProjectRuns, isThere: (state: ReturnType<ProjectRuns['getState']>) => boolean): Promise<void> {
  if (isThere(runs.getState())) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = runs.subscribe((state) => isThere(state) && resolve());
  await promise;
  stop();
}
const ended = (runs: ProjectRuns) => until(runs, ({ queue }) => queue.length === 0);
const outcomes = (runs: ProjectRuns) =>
  [...runs.getState().results].map(([name, { status, judged, problem }]) => [
    name,
    status,
    judged.map(({ isMet }) => isMet),
    problem?.message ?? null,
  ]);

describe('the runs of a project whose files were chosen', () => {
  it('are run one after the other, with bodies and secrets of the chosen files and those that were typed', async () => {
    const receiver = await startReceiver([respond({ status: 200 })]);
    const runs = await openRuns();
    await runs.open(
      chosen({
        'shop/hookyard.yaml': `hookyard: 1
runs:
  bytes:
    to: ${receiver.url}/hooks
    signing: { scheme: standard-webhooks }
    secret: file:secret.txt
    steps: [{ event: a.b, bodyFile: bodies/a.bin }]
  typed:
    to: ${receiver.url}/hooks
    signing: { scheme: standard-webhooks }
    secret: env:SHOP_SECRET
    steps: [{ event: a.b, data: {} }, { name: once more, again: 1, expect: { status: 500 } }]
`,
        'shop/bodies/a.bin': new Uint8Array([0, 255, 10]),
        'shop/secret.txt': 'whsec_c2VjcmV0IG9mIHRoZSByZWNlaXZlciE=\n',
      }),
    );
    const { project } = runs.getState();
    expect(project).toMatchObject({
      name: 'shop/hookyard.yaml',
      runs: [{ name: 'bytes' }, { name: 'typed', outline: [{ title: 'a.b' }, { title: 'once more', expects: ['status 500'] }] }],
    });
    runs.start(['bytes', 'typed']);
    await ended(runs);
    expect(outcomes(runs)).toEqual([
      ['bytes', 'ended', [true], null],
      ['typed', 'broken', [], expect.stringContaining('env:SHOP_SECRET')],
    ]);
    expect(receiver.requests[0]?.body).toEqual(Buffer.from([0, 255, 10]));
    const reads = await runs.readsOf(['typed']);
    runs.setSecret(valueKey('env:SHOP_SECRET', reads), 'whsec_c2VjcmV0IG9mIHRoZSByZWNlaXZlciE=');
    runs.start(['typed']);
    await ended(runs);
    expect(outcomes(runs)).toEqual([
      ['bytes', 'ended', [true], null],
      ['typed', 'ended', [true, false], null],
    ]);
    expect(receiver.requests[1]?.header('webhook-signature')).toMatch(/^v1,/);
  });

  it('get no value that was typed for another host', async () => {
    const [mine, other] = [await startReceiver([respond({ status: 200 })]), await startReceiver([respond({ status: 200 })])];
    const runs = await openRuns();
    const project = (url: string) => ({
      'hookyard.yaml': `hookyard: 1\nruns:\n  r: { to: "${url}/", signing: { scheme: github-sha256 }, secret: "env:S", steps: [{ event: a }] }\n`,
    });
    await runs.open(chosen(project(mine.url)));
    expect(runs.getState().problem).toBeNull();
    runs.setSecret(valueKey('env:S', await runs.readsOf(['r'])), 'secret');
    runs.start(['r']);
    await ended(runs);
    expect(outcomes(runs)).toEqual([['r', 'ended', [true], null]]);
    await runs.open(chosen(project(other.url)));
    expect(runs.getState().results.size).toBe(0);
    runs.start(['r']);
    await ended(runs);
    expect(outcomes(runs)).toEqual([['r', 'broken', [], expect.stringContaining('env:S')]]);
    expect(other.requests).toHaveLength(0);
  });

  it('are stopped, with those that wait, and run again at once', async () => {
    const receiver = await startReceiver([hang(), respond({ status: 200 })]);
    const runs = await openRuns();
    const run = `{ to: "${receiver.url}/", steps: [{ event: a, expect: { withinMs: 60000 } }] }`;
    await runs.open(chosen({ 'tests.yaml': `hookyard: 1\nruns:\n  one: ${run}\n  two: ${run}\n` }));
    runs.start(['one', 'two']);
    await receiver.nextRequest();
    runs.stop();
    expect(runs.getState().queue).toEqual([]);
    runs.start(['two', 'one']);
    await ended(runs);
    expect(outcomes(runs)).toEqual([
      ['one', 'ended', [true], null],
      ['two', 'ended', [true], null],
    ]);
  });

  it('are told by what is wrong with the files, and what was open stays', async () => {
    const runs = await openRuns();
    await runs.open(chosen({ 'a.yaml': 'hookyard: 1\nruns:\n  r: { steps: [{ event: a }], to: "http://127.0.0.1:9/" }\n' }));
    await runs.open(chosen({ 'b.yaml': 'hookyard: 1\nruns:\n  r: { stepz: [] }\n' }));
    expect(runs.getState().problem?.message).toContain('b.yaml:3:');
    expect(runs.getState().project?.name).toBe('a.yaml');
    runs.close();
    expect(runs.getState()).toMatchObject({ project: null, problem: null });
  });
});
