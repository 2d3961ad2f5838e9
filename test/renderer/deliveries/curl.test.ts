import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { curlOf, type WiredRequest } from '../../../src/renderer/features/deliveries/curl.ts';

/** What the command hands to curl: its arguments, and its standard input where it reads that. */
function run(request: WiredRequest): { readonly args: readonly string[]; readonly stdin: Buffer } {
  const stand = 'curl() { for a in "$@"; do printf %s "$a" | base64 -w0; echo; done; case "$*" in *@-*) echo --; base64 -w0;; esac; }';
  const out = execFileSync('sh', ['-c', `${stand}\n${curlOf(request)}`], { encoding: 'utf8' });
  const [args = '', stdin = ''] = out.split('--\n');
  return {
    args: args
      .trim()
      .split('\n')
      .map((line) => Buffer.from(line, 'base64').toString('utf8')),
    stdin: Buffer.from(stdin, 'base64'),
  };
}

const request = (body: Buffer): WiredRequest => ({
  method: 'POST',
  url: "http://127.0.0.1:3000/it's?a=1&b=$HOME",
  headers: [
    ['Host', '127.0.0.1:3000'],
    ['Content-Length', '9'],
    ['X-Note', "it's `quoted`"],
    ['X-Empty', ''],
  ],
  bodyBase64: body.toString('base64'),
});

test('a text body survives the shell, quotes, dollars and line breaks included', () => {
  const body = '{"note": "it\'s $HOME `ls` \\"x\\"",\n "city": "Zürich"}\n';
  const { args } = run(request(Buffer.from(body)));
  expect(args).toEqual([
    '-X',
    'POST',
    "http://127.0.0.1:3000/it's?a=1&b=$HOME",
    '-H',
    "X-Note: it's `quoted`",
    '-H',
    'X-Empty;',
    '--data-raw',
    body,
  ]);
});

test('a body that is no text goes through base64, byte for byte', () => {
  const body = Buffer.from([0, 255, 254, 10, 13, 0, 128]);
  const { args, stdin } = run(request(body));
  expect(args.slice(-2)).toEqual(['--data-binary', '@-']);
  expect(stdin).toEqual(body);
});

test('an empty body sends none', () => {
  expect(curlOf(request(Buffer.alloc(0)))).not.toContain('--data');
});
