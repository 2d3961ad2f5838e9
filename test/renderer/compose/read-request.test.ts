import { describe, expect, it } from 'vitest';
import { parsePasted } from '#shared/import/parse-pasted.ts';
import { readHeaderLines, toDraftHead } from '../../../src/renderer/features/compose/header-lines.ts';
import { readPasted } from '../../../src/renderer/features/compose/read-request.ts';

const target = {
  url: 'http://127.0.0.1:1/own',
  method: 'POST',
  contentType: 'application/json',
  profile: 'stripe',
  signing: { scheme: 'stripe', toleranceSeconds: 300 },
} as const;

describe('header lines', () => {
  it('are read as they were written, twice the same name and colons in values too', () => {
    const headers: [string, string][] = [
      ['X-A', '1'],
      ['x-a', 'b: c'],
      ['X-Empty', ''],
    ];
    expect(readHeaderLines(toDraftHead('POST', headers, false).headers)).toEqual({ ok: true, headers });
  });

  it('say which line is none', () => {
    expect(readHeaderLines('X-A: 1\n\nno colon here')).toEqual({ ok: false, line: 3, message: 'Write line 3 as Name: value.' });
  });
});

describe('a pasted request', () => {
  it('becomes a draft with its method, headers, body and target, and is not signed again', () => {
    const pasted = parsePasted({
      text: `curl -X DELETE https://api.example/hooks -H 'Host: a' -H 'TE: x' -H 'X-GitHub-Event: push' -d '{"n":1.10}'`,
    });
    const { draft, notes } = readPasted(pasted, target);
    expect(draft).toMatchObject({
      eventType: 'push',
      body: { text: '{"n":1.10}', encoding: 'text' },
      oneOff: { url: 'https://api.example/hooks', profile: null, signing: null },
      head: { method: 'DELETE', isSigned: false },
    });
    expect(draft.head?.headers).toContain('X-GitHub-Event: push');
    expect(draft.head?.headers).not.toMatch(/^(host|te):/im);
    expect(notes).toContain('Left out, since they are about one connection: TE.');
  });

  it('keeps the own target where it names none, and says that a method is not sent', () => {
    const { draft, notes } = readPasted(parsePasted({ text: 'TRACE /x HTTP/1.1\nX-A: 1\n\n' }), target);
    expect(draft.oneOff?.url).toBe(target.url);
    expect(notes).toContain('Hookyard does not send TRACE requests, so this one is a POST.');
  });
});
