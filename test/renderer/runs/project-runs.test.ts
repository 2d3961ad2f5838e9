import { describe, expect, it } from 'vitest';
import { admit, createDirectClient } from '#engine/index.ts';
import { filesAsChosen } from '../../../src/renderer/features/runs/chosen-files.ts';
import { createProjectRuns, type ProjectRuns } from '../../../src/renderer/features/runs/project-runs.ts';
import { junitOf } from '../../../src/renderer/features/runs/save-junit.tsx';
import { startTestEngine } from '../../support/engine.ts';
import { hang, respond, startReceiver } from '../../support/scripted-receiver.ts';

async function openRuns() {
  const { engine } = await startTestEngine();
  return createProjectRuns(createDirectClient(engine.router, admit('test')));
}

const chosen = (files: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>) =>
  filesAsChosen(Object.entries(files).map(([path, content]) => ({ path, file: new File([content], path) })));

/** Settles once the store is as is asked for. */
async function until(runs: ProjectRuns, isThere: (state: ReturnType<ProjectRuns['getState']>) => boolean): Promise<void> {
  if (isThere(runs.getState())) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = runs.subscribe((state) => isThere(state) && resolve());
  await promise;
  stop();
}
/** Types a value into the one field that a run has. */
async function type(runs: ProjectRuns, name: string, value: string): Promise<void> {
  const [need] = await runs.needsOf([name]);
  expect(need?.kind).toBe('typed');
  runs.setSecret(need?.key ?? '', value);
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
    await type(runs, 'typed', 'whsec_c2VjcmV0IG9mIHRoZSByZWNlaXZlciE=');
    expect(runs.getState().results.has('typed')).toBe(false);
    runs.start(['typed']);
    await ended(runs);
    expect(outcomes(runs)).toEqual([
      ['bytes', 'ended', [true], null],
      ['typed', 'ended', [true, false], null],
    ]);
    expect(receiver.requests[1]?.header('webhook-signature')).toMatch(/^v1,/);
  });

  it('say what all of them need in one call, each with the target that is chosen for it', async () => {
    const { engine } = await startTestEngine();
    const client = createDirectClient(engine.router, admit('test'));
    let calls = 0;
    const reads: typeof client.project.reads = (...asked) => {
      calls += 1;
      return client.project.reads(...asked);
    };
    const runs = createProjectRuns({ runs: client.runs, project: { ...client.project, reads } });
    const run = (secret: string) =>
      `{ to: "https://${secret.toLowerCase()}.example/", signing: { scheme: github-sha256 }, secret: env:${secret}, steps: [{ event: a }] }`;
    await runs.open(
      chosen({ 'hookyard.yaml': `hookyard: 1\nruns:\n  one: ${run('ONE')}\n  two: ${run('TWO')}\n  three: ${run('ONE')}\n` }),
    );
    runs.choose('three', { to: 'https://chosen.example/' });
    const needs = await runs.needsOf(['one', 'two', 'three']);
    expect(needs.map(({ what, hosts }) => [what, ...hosts])).toEqual([
      ['env:ONE', 'one.example', 'chosen.example'],
      ['env:TWO', 'two.example'],
    ]);
    expect(calls).toBe(1);
    expect(await runs.needsOf([])).toEqual([]);
    expect(calls).toBe(1);
  });

  it('are reported with what failed, what was left out, and why one did not run', async () => {
    const receiver = await startReceiver([respond({ status: 200, body: 'Paid' }), hang()]);
    const runs = await openRuns();
    const run = (steps: string, more = '') => `{ to: "${receiver.url}/", ${more}steps: [${steps}] }`;
    await runs.open(
      chosen({
        'tests.yaml': `hookyard: 1
runs:
  fails: ${run('{ event: a, expect: { status: 422 } }')}
  lacks: ${run('{ event: a }', 'signing: { scheme: github-sha256 }, secret: "env:S", ')}
  stopped: ${run('{ event: a, expect: { withinMs: 60000 } }, { event: b }')}
`,
      }),
    );
    runs.start('all');
    await receiver.nextRequest();
    await receiver.nextRequest();
    runs.stop();
    await until(runs, ({ results }) => results.get('stopped')?.status === 'stopped');
    const report = junitOf([...runs.getState().results]).replaceAll(/(?<=time=")[\d.]+/g, '0');
    expect(report.split('\n').slice(2, -2)).toEqual([
      '  <testsuite name="hookyard run fails" tests="1" failures="1" errors="0" skipped="0" time="0">',
      '    <testcase classname="hookyard run fails" name="1: a" time="0">',
      expect.stringMatching(
        /^ {6}<failure message="Expected status 422\. It is 200\.">.*status=422: It is 200\.&#10;Its answer: Paid<\/failure>$/,
      ),
      '    </testcase>',
      '  </testsuite>',
      '  <testsuite name="hookyard run lacks" tests="1" failures="0" errors="1" skipped="0" time="0">',
      '    <testcase classname="hookyard run lacks" name="the run to its end" time="0">',
      expect.stringContaining('<error message="env:S has no value'),
      '    </testcase>',
      '  </testsuite>',
      '  <testsuite name="hookyard run stopped" tests="2" failures="0" errors="0" skipped="2" time="0">',
      '    <testcase classname="hookyard run stopped" name="1: a" time="0">',
      '      <skipped message="The run was stopped before this was decided."/>',
      '    </testcase>',
      '    <testcase classname="hookyard run stopped" name="2: b" time="0">',
      '      <skipped message="The run was stopped before this was decided."/>',
      '    </testcase>',
      '  </testsuite>',
    ]);
  });

  it('are told as not run when the project cannot be read any more, and show nothing from before', async () => {
    const receiver = await startReceiver([respond({ status: 200 })]);
    const runs = await openRuns();
    let text = `hookyard: 1\nruns:\n  one: { to: "${receiver.url}/", steps: [{ event: a }] }\n`;
    const now = () => chosen({ 'hookyard.yaml': text });
    await runs.open({
      isFolder: false,
      isKept: true,
      paths: (mayAsk) => now().paths(mayAsk),
      size: (path) => now().size(path),
      bytes: (path, mostBytes) => now().bytes(path, mostBytes),
    });
    runs.start(['one']);
    await ended(runs);
    expect(outcomes(runs)).toEqual([['one', 'ended', [true], null]]);
    text = 'hookyard: 1\nruns: [\n';
    runs.start(['one']);
    await ended(runs);
    expect(outcomes(runs)).toEqual([['one', 'broken', [], 'It was not run: the project could not be read.']]);
    expect(runs.getState().problem).not.toBeNull();
  });

  it('get no value that was typed for another host', async () => {
    const [mine, other] = [await startReceiver([respond({ status: 200 })]), await startReceiver([respond({ status: 200 })])];
    const runs = await openRuns();
    const project = (url: string) => ({
      'hookyard.yaml': `hookyard: 1\nruns:\n  r: { to: "${url}/", signing: { scheme: github-sha256 }, secret: "env:S", steps: [{ event: a }] }\n`,
    });
    await runs.open(chosen(project(mine.url)));
    expect(runs.getState().problem).toBeNull();
    await type(runs, 'r', 'secret');
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

  it('send no secret of the workspace anywhere before somebody agrees to that', async () => {
    const receiver = await startReceiver();
    const { engine } = await startTestEngine();
    const client = createDirectClient(engine.router, admit('test'));
    await client.environments.create({ name: 'dev', variables: [{ name: 'token', value: 'of-the-workspace', isSecret: true }] });
    const runs = createProjectRuns(client);
    const text = `hookyard: 1\nruns:\n  r: { to: "${receiver.url}/", signing: { scheme: gitlab-token }, secret: "vault:dev/token", steps: [{ event: a }] }\n`;
    await runs.open(chosen({ 'hookyard.yaml': text }));
    runs.start(['r']);
    await ended(runs);
    expect(outcomes(runs)).toEqual([
      ['r', 'broken', [], expect.stringMatching(/^vault:dev\/token of this workspace goes to 127\.0\.0\.1:\d+: agree/)],
    ]);
    expect(receiver.requests).toHaveLength(0);
    const [need] = await runs.needsOf(['r']);
    runs.setAgreed(need?.key ?? '', true);
    runs.start(['r']);
    await ended(runs);
    expect(outcomes(runs)).toEqual([['r', 'ended', [true], null]]);
    expect(receiver.requests[0]?.header('x-gitlab-token')).toBe('of-the-workspace');
  });

  it('go to another target each by itself, and not once another project is open', async () => {
    const [mine, other] = [await startReceiver(), await startReceiver()];
    const runs = await openRuns();
    const run = `{ to: "${mine.url}/", steps: [{ event: a }] }`;
    const text = `hookyard: 1\nruns:\n  one: ${run}\n  two: ${run}\n`;
    await runs.open(chosen({ 'shop/hookyard.yaml': text, 'shop/README.md': '' }));
    runs.choose('one', { to: `${other.url}/` });
    runs.start(['one', 'two']);
    await ended(runs);
    expect([mine.requests.length, other.requests.length]).toEqual([1, 1]);
    await runs.open(chosen({ 'bank/hookyard.yaml': text, 'bank/README.md': '' }));
    runs.start(['one']);
    await ended(runs);
    expect([mine.requests.length, other.requests.length]).toEqual([2, 1]);
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
