import { describe, expect, it } from 'vitest';
import { schemeIds } from '#shared/contract/signing.ts';
import { receiverVariables } from '#shared/receiver-variables.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';

describe('receiver code by a procedure', () => {
  it('comes in every language, the official library first', async () => {
    const { client } = await startClockedEngine();
    const { items, unavailable } = await client.snippets.write({ scheme: 'stripe' });
    expect(unavailable).toEqual([]);
    expect(items.filter(({ variant }) => variant === 'standard').map(({ language }) => language)).toEqual([
      'node',
      'python',
      'go',
      'ruby',
      'php',
      'java',
      'csharp',
    ]);
    expect(items[0]).toMatchObject({ language: 'node', variant: 'library', dependencies: ['stripe'] });
  });

  it('comes in one language when that is asked for, with its frameworks', async () => {
    const { client } = await startClockedEngine();
    const { items } = await client.snippets.write({ scheme: 'shopify', language: 'python' });
    expect(items.map(({ language, variant }) => [language, variant])).toEqual([['python', 'standard']]);
    expect(items[0]?.frameworks.map(({ name }) => name)).toEqual(['Flask', 'FastAPI']);
    expect(items[0]?.frameworks[0]?.code).toContain('get_data(');
    expect(items[0]?.environment.map(({ name }) => name)).toEqual(['WEBHOOK_SECRET', 'WEBHOOK_SECRET_PREVIOUS', 'PORT']);
  });

  it('follows the options of a scheme', async () => {
    const { client } = await startClockedEngine();
    const options = {
      header: 'X-Acme',
      prefix: 'v2=',
      algorithm: 'sha512',
      encoding: 'base64',
      signedContent: '{timestamp}:{body}',
      timestampHeader: 'X-At',
      toleranceSeconds: 45,
    };
    const { items } = await client.snippets.write({ scheme: 'custom', options, language: 'node' });
    expect(items[0]?.code).toContain("'v2=' + createHmac('sha512', secret).update(signed).digest('base64')");
    expect(items[0]?.code).toContain('const toleranceSeconds = 45;');
  });

  it('keeps to the limit that the provider documents', async () => {
    const { client } = await startClockedEngine();
    const { items } = await client.snippets.write({ scheme: 'paddle', language: 'node' });
    expect(items.at(-1)?.code).toContain('const toleranceSeconds = 5;');
  });

  it('reads every secret from the environment and says which variables it needs', async () => {
    const { client } = await startClockedEngine();
    for (const scheme of schemeIds) {
      for (const { code, environment, language } of (await client.snippets.write({ scheme })).items) {
        for (const { name } of environment.filter(({ isRequired }) => isRequired)) expect(code, `${scheme} in ${language}`).toContain(name);
      }
    }
  });

  it('answers 200 to what is genuine in every language and framework, and takes its secret from the variable that dialogs name', async () => {
    const { client } = await startClockedEngine();
    const accepts = /\b200\b|StatusOK|:ok\b|await next\(context\)/;
    for (const { language, code, frameworks, environment } of (await client.snippets.write({ scheme: 'stripe' })).items) {
      expect(environment[0]?.name, language).toBe(receiverVariables.secret);
      for (const program of [code, ...frameworks.map((framework) => framework.code)]) {
        expect(program, language).toMatch(accepts);
        expect(program, language).not.toMatch(/\b204\b|no_?content/i);
      }
    }
  });

  it('refuses a scheme that does not exist, and options that are no good', async () => {
    const { client } = await startClockedEngine();
    await expect(client.snippets.write({ scheme: 'strip' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('stripe') as string,
    });
    await expect(client.snippets.write({ scheme: 'custom', options: { signedContent: '{url}' } })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  });
});
