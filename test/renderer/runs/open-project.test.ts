import { describe, expect, it } from 'vitest';
import { admit, createDirectClient } from '#engine/index.ts';
import { filesAsChosen } from '../../../src/renderer/features/runs/chosen-files.ts';
import { isSameRun, readProject } from '../../../src/renderer/features/runs/open-project.ts';
import { startTestEngine } from '../../support/engine.ts';

const to = 'http://127.0.0.1:9/';

/** Which of two runs is still as it was, once the files are others. */
async function sameAfter(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>) {
  const { engine } = await startTestEngine();
  const client = createDirectClient(engine.router, admit('test'));
  const read = async (files: Readonly<Record<string, string>>) => {
    const chosen = Object.entries(files).map(([path, text]) => ({ path: `shop/${path}`, file: new File([text], path) }));
    return (await readProject(client, filesAsChosen(chosen), { mayAsk: false, before: null })).runs;
  };
  const [one, other] = [await read(before), await read(after)];
  return one.filter((run) => other.some((each) => each.name === run.name && isSameRun(each, run))).map(({ name }) => name);
}

describe('a run of a project that is read again', () => {
  it('is another one once its own lines are, wherever they stand', async () => {
    const text = (data: string, more = '') => `hookyard: 1
runs:
  first:
    to: ${to}
    steps: [{ event: a, data: { id: ${data} } }]

  second: { to: "${to}", steps: [{ event: b }] }
${more}`;
    expect(await sameAfter({ 'hookyard.yaml': text('1') }, { 'hookyard.yaml': text('1') })).toEqual(['first', 'second']);
    expect(await sameAfter({ 'hookyard.yaml': text('1') }, { 'hookyard.yaml': text('2') })).toEqual(['second']);
    expect(await sameAfter({ 'hookyard.yaml': text('1') }, { 'hookyard.yaml': `# Shop\n${text('1', '# The end.\n')}` })).toEqual([
      'first',
      'second',
    ]);
    const inOneLine = (id: number) => `{"hookyard":1,"runs":{"r":{"to":"${to}","steps":[{"event":"a","data":{"id":${id}}}]}}}`;
    expect(await sameAfter({ 'hookyard.yaml': inOneLine(1) }, { 'hookyard.yaml': inOneLine(2) })).toEqual([]);
  });

  it('stays the same when it moves to another file', async () => {
    const run = (name: string) => `  ${name}: { to: "${to}", steps: [{ event: a }] }\n`;
    const file = (...runs: readonly string[]) => `hookyard: 1\nruns:\n${runs.join('')}`;
    const before = { '.hookyard/a.yaml': file(run('one'), run('two')) };
    const after = { '.hookyard/a.yaml': file(run('two')), '.hookyard/b.yaml': file(run('one')) };
    expect(await sameAfter(before, after)).toEqual(['one', 'two']);
  });
});
