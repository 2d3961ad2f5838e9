import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openTestServer, testToken } from '../contract/doors.ts';
import { startTestEngine } from '../support/engine.ts';
import { connectRaw } from '../support/raw-http-client.ts';
import { readTarget } from '#hosts/headless/request-target.ts';

describe('a request target', () => {
  it.each([
    ['/', { path: '/', query: '' }],
    ['/api/endpoints', { path: '/api/endpoints', query: '' }],
    ['/api/endpoints/?q=a%20b&from=//..', { path: '/api/endpoints/', query: '?q=a%20b&from=//..' }],
    // A name may hold a slash, which no router takes for one of the path.
    ['/api/event-types/orders%2Fpaid', { path: '/api/event-types/orders%2Fpaid', query: '' }],
    ['/api/event-types/a..b%3Ac', { path: '/api/event-types/a..b%3Ac', query: '' }],
  ])('%s is read', (target, read) => {
    expect(readTarget(target)).toEqual(read);
  });

  it.each([
    '',
    '*',
    'api/endpoints',
    '//api/endpoints',
    '/api//endpoints',
    '/x/../api/endpoints',
    '/x/..',
    '/./api/endpoints',
    '/api/.',
    '/%61pi/endpoints',
    '/x/%2e%2e/api/endpoints',
    '/x/%2E./api/endpoints',
    '/x\\..\\api/endpoints',
    '/x%5C..%5Capi/endpoints',
    '/api/endpoints%00',
    '/api/endpoints%0a',
    '/api/endpoints#x',
    '/api/endpoints?x#y',
    '/api/end points',
    '/api/%',
    '/api/%zz',
    '/api/é',
    'http://127.0.0.1:4600/api/endpoints',
    '127.0.0.1:4600',
  ])('%j is refused with what to change', (target) => {
    expect(readTarget(target)).toEqual({ problem: expect.stringMatching(/^[a-z].{20,}/) });
  });
});

/** One way to spell each character of a path: as it is, or as an escape in either case. */
const spelled = (text: string) =>
  fc
    .array(fc.constantFrom('plain', 'lower', 'upper', 'swapped'), { minLength: text.length, maxLength: text.length })
    .map((ways) => [...text].map((letter, at) => spell(letter, ways[at] ?? 'plain')).join(''));

function spell(letter: string, way: string): string {
  const hex = letter.charCodeAt(0).toString(16).padStart(2, '0');
  if (way === 'lower') return `%${hex}`;
  if (way === 'upper') return `%${hex.toUpperCase()}`;
  return way === 'swapped' ? (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()) : letter;
}

const separator = fc.constantFrom('/', '\\', '%2f', '%2F', '%5c', '//', '/./', ';/', '/%2e/', '%252f');
const up = fc.constantFrom('..', '%2e%2e', '.%2E', '%2e.', '..;', '%252e%252e', '.', '%2e');
const protectedNames = ['endpoints', 'settings', 'event-types', 'deliveries', 'openapi.json', 'health'];

/** Ways to something under /api, most of them bent. */
const bentTarget = fc
  .tuple(
    fc.constantFrom('', '', '', 'http://127.0.0.1', 'HTTP://localhost', '//127.0.0.1', 'http:'),
    fc.array(fc.tuple(separator, fc.oneof(up, fc.constantFrom('api', '%61pi', 'x', 'assets', 'icon.svg', 'rpc', ''), spelled('api'))), {
      maxLength: 5,
    }),
    separator,
    fc.oneof(fc.constant('api'), spelled('api')),
    separator,
    fc.constantFrom(...protectedNames).chain((name) => fc.oneof(fc.constant(name), spelled(name))),
    fc.constantFrom('', '/', '?', '?x=/icon.svg', '#', '/..', '/.', '%00', '%20', ';x', '?/../..'),
  )
  .map(([head, pieces, before, api, between, name, tail]) => [head, ...pieces.flat(), before, api, between, name, tail].join(''));

describe('the doors, asked over a bare socket without a token', () => {
  it('answer no spelling of a path to the API with anything of it', async () => {
    const { engine } = await startTestEngine();
    const { port } = await openTestServer(engine.router);
    const ask = async (method: string, target: string, headers = '') => {
      const client = await connectRaw(port);
      client.write(`${method} ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${headers}Connection: close\r\n\r\n`);
      const answer = await client.answer();
      client.socket.destroy();
      return answer;
    };
    const plain = await ask('GET', '/api/endpoints', `Authorization: Bearer ${testToken}\r\n`);
    expect(plain, 'with the token, the plain spelling').toMatchObject({ status: 200, body: '{"items":[],"next":null}' });

    await fc.assert(
      fc.asyncProperty(fc.constantFrom('GET', 'GET', 'DELETE', 'POST', 'PATCH'), bentTarget, async (method, target) => {
        const { status, body } = await ask(method, target);
        expect([400, 401, 403, 404], `${method} ${target} was answered ${status} ${body.slice(0, 80)}`).toContain(status);
      }),
      {
        numRuns: 400,
        examples: [
          ['GET', '/%61pi/../api/endpoints'],
          ['GET', '/ap%69/x\\..\\..\\api/endpoints'],
          ['GET', '/%61pi/%2e%2e/api/settings'],
        ],
      },
    );
  });

  it('answer the same spelling with the token only where it is the plain one', async () => {
    const { engine } = await startTestEngine();
    const { port } = await openTestServer(engine.router);
    await fc.assert(
      fc.asyncProperty(bentTarget, async (target) => {
        const client = await connectRaw(port);
        client.write(
          `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${testToken}\r\nConnection: close\r\n\r\n`,
        );
        const { status } = await client.answer();
        client.socket.destroy();
        if (status === 200) expect(target).toMatch(/^\/api\/[a-z-]+(\.json)?\/?(\?.*)?$/);
      }),
      { numRuns: 200 },
    );
  });
});
