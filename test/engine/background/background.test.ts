import { describe, expect, it, onTestFinished } from 'vitest';
import { backgroundThread } from '#engine/threads/background-url.ts';
import { bodyAttemptScope, firstAttempt } from '#engine/templates/attempt-scope.ts';
import { checkTemplateTask, renderTask } from '#engine/templates/render-task.ts';
import { verifyCapturedTask } from '#engine/signing/verify-task.ts';
import { createBackground, type BackgroundOptions } from '#engine/background/background.ts';
import { Refusal } from '#engine/base/refusal.ts';

function start(options: Partial<BackgroundOptions> = {}) {
  const background = createBackground({ threadCode: backgroundThread, ...options });
  onTestFinished(background.close);
  return background;
}

const order = (source: string, data: unknown = {}) => ({
  source,
  contentType: 'text/plain',
  scope: {
    ...bodyAttemptScope(firstAttempt, 0),
    type: 'a.b',
    id: 'msg_1',
    timestamp: '',
    timestampUnix: 0,
    timestampMs: 0,
    endpoint: { id: 'ep_1', name: 'Own' },
  },
  dataJson: JSON.stringify(data),
  style: null,
});
const endless = `{% for a in (1..100000) %}{% for b in (1..100000) %}{% endfor %}{% endfor %}`;
/** One filter, which no limit of the templates can interrupt: comparing very many texts. */
const stubborn = order('{{ data.list | sort_natural | size }}', {
  list: Array.from({ length: 400_000 }, (_, index) => `${index * 7919} a`),
});

describe('a task in the background', () => {
  it('is done in order, and answers bytes', async () => {
    const background = start();
    const bodies = await Promise.all(['a', 'b', 'c'].map((text) => background.run('templates', renderTask, order(text))));
    expect(bodies.map((body) => Buffer.from(body).toString())).toEqual(['a', 'b', 'c']);
  });

  it('that is refused is refused here with its code and place', async () => {
    const refused = await start()
      .run('templates', checkTemplateTask, 'a\n {% nope %}')
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Refusal);
    expect(refused).toMatchObject({ code: 'TEMPLATE_INVALID', data: { line: 2, column: 2 } });
  });

  it('that does not end is ended with its thread, and the next ones have another', async () => {
    const background = start({ limitMs: 1 });
    const late = background.run('templates', renderTask, stubborn).catch((error: unknown) => error);
    await expect(late).resolves.toMatchObject({ name: 'TaskEnded', why: 'late' });
    const patient = start();
    await expect(patient.run('templates', renderTask, order('x'))).resolves.toHaveLength(1);
    await expect(patient.run('templates', renderTask, order(endless))).rejects.toMatchObject({ code: 'TEMPLATE_INVALID' });
    await expect(patient.run('templates', renderTask, order('y'))).resolves.toHaveLength(1);
  });

  it('does not wait for what is done in another lane', async () => {
    const background = start();
    let isRendered = false;
    const rendering = background.run('templates', renderTask, stubborn).then(() => (isRendered = true));
    const verdict = await background.run('requests', verifyCapturedTask, {
      options: { scheme: 'github-sha256' },
      secrets: ['s'],
      nowMs: 0,
      method: 'POST',
      url: 'http://a.example/',
      headers: [['X-Hub-Signature-256', `sha256=${'0'.repeat(64)}`]],
      body: Buffer.from('{}'),
    });
    expect(verdict.verdict).toBe('invalid');
    expect(isRendered).toBe(false);
    await rendering;
  });

  it('is refused once all is closed, and what waits is given up', async () => {
    const background = createBackground({ threadCode: backgroundThread });
    const waiting = [background.run('templates', renderTask, stubborn), background.run('templates', renderTask, order('x'))].map((run) =>
      run.catch((error: unknown) => error),
    );
    await background.close();
    const stopped = { code: 'STORE_UNAVAILABLE', message: 'Hookyard is stopping; ask again when it runs.' };
    for (const ended of await Promise.all(waiting)) expect(ended).toMatchObject(stopped);
    await expect(background.run('templates', renderTask, order('x'))).rejects.toMatchObject(stopped);
  });

  it('fails with a reason when its thread cannot start', async () => {
    const background = start({ threadCode: new URL('file:///nowhere/thread.js') });
    await expect(background.run('templates', renderTask, order('x'))).rejects.toThrow(/Cannot find module|nowhere/);
  });
});
