import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentSecurityPolicy, createPageHandler } from '#hosts/electron/page-protocol.ts';

describe('the scheme of the page', () => {
  let folder = '';
  let handle: (request: Request) => Promise<Response>;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hookyard-page-'));
    mkdirSync(join(folder, 'renderer/assets'), { recursive: true });
    mkdirSync(join(folder, 'renderer-secret'));
    writeFileSync(join(folder, 'renderer/index.html'), '<title>Hookyard</title>');
    writeFileSync(join(folder, 'renderer/assets/app.js'), 'export {};');
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    writeFileSync(join(folder, 'renderer-secret/secret.txt'), 'secret');
    handle = createPageHandler(join(folder, 'renderer'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['app://hookyard/', 'text/html; charset=utf-8', '<title>Hookyard</title>'],
    ['app://hookyard/index.html?x=1#/captures', 'text/html; charset=utf-8', '<title>Hookyard</title>'],
    ['app://hookyard/assets/app.js', 'text/javascript; charset=utf-8', 'export {};'],
  ])('serves %s as %s under the strict policy', async (url, type, text) => {
    const response = await handle(new Request(url));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('content-security-policy')).toBe(contentSecurityPolicy);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await response.text()).toBe(text);
  });

  it('allows no inline script, no evaluation and no other origin', () => {
    expect(contentSecurityPolicy).toContain("default-src 'none'");
    expect(contentSecurityPolicy).toContain("script-src 'self';");
    expect(contentSecurityPolicy).not.toMatch(/unsafe-eval|https?:|\*/);
  });

  it.each([
    ['app://hookyard/../secret.txt', 404],
    ['app://hookyard/%2e%2e/secret.txt', 404],
    ['app://hookyard/..%2fsecret.txt', 403],
    ['app://hookyard/%2e%2e%2fsecret.txt', 403],
    ['app://hookyard/assets/..%2f..%2fsecret.txt', 403],
    ['app://hookyard/..%2frenderer-secret/secret.txt', 403],
    ['app://hookyard/..%5csecret.txt', 403],
    ['app://hookyard/index.html%00.js', 403],
    ['app://hookyard/%E0%A4%A', 403],
    ['app://elsewhere/index.html', 403],
    ['app://hookyard:80/index.html', 403],
    ['https://hookyard/index.html', 403],
    ['app://hookyard/assets', 404],
    ['app://hookyard/missing.js', 404],
  ])('refuses %s with %i', async (url, status) => {
    const response = await handle(new Request(url));
    expect({ status: response.status, text: await response.text() }).toEqual({ status, text: '' });
  });

  it('answers reading only', async () => {
    const answers = await Promise.all(['POST', 'PUT', 'DELETE'].map((method) => handle(new Request('app://hookyard/', { method }))));
    expect(answers.map((answer) => answer.status)).toEqual([405, 405, 405]);
    const head = await handle(new Request('app://hookyard/', { method: 'HEAD' }));
    expect({ status: head.status, text: await head.text() }).toEqual({ status: 200, text: '' });
  });
});
