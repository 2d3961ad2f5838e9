import { describe, expect, it } from 'vitest';
import { answerWords, wrongAnswerWords } from '#shared/check-answer.ts';

function answer(body: string | Uint8Array, contentType = 'text/plain') {
  const bytes = Buffer.from(body as string);
  return {
    status: 400,
    headers: [['Content-Type', contentType] as [string, string]],
    bodyBase64: bytes.toString('base64'),
    bodyBytes: bytes.byteLength,
  };
}

describe('what a receiver answered, in a line', () => {
  it('has no line breaks, is cut at 200 characters, and is null where nothing is said in text', () => {
    expect(answerWords(answer(' no signature\r\n\tmatches\n'))).toBe('no signature matches');
    expect(answerWords(answer('ä'.repeat(300)))).toBe(`${'ä'.repeat(200)}…`);
    expect(answerWords(answer(' \n'))).toBeNull();
    expect(answerWords(null)).toBeNull();
    expect(answerWords(answer(new Uint8Array([0x1f, 0x8b, 8, 0, 0xff, 0xfe])))).toBeNull();
    // Cut within a character, as long answers are kept.
    expect(answerWords(answer(Buffer.from('Zürich').subarray(0, 2)))).toBe('Z');
  });

  it('leaves out the markup of a page, whole or cut', () => {
    const page = '<!DOCTYPE html><head><style>p { color: red }</style><title>Error</title></head><pre>Cannot POST /hook</pre><scr';
    expect(answerWords(answer(page, 'text/html; charset=utf-8'))).toBe('Error Cannot POST /hook');
    expect(answerWords(answer('<pre>TypeError: reading &#39;data&#39;<br> &nbsp; &nbsp;at a &amp;lt; b &copy;</pre>', 'text/html'))).toBe(
      "TypeError: reading 'data' at a &lt; b &copy;",
    );
    expect(answerWords(answer('1 < 2 and 3 > 2'))).toBe('1 < 2 and 3 > 2');
  });

  it('is of the request that went wrong, and of none where the case went well', () => {
    const exchange = (deliveryId: string, body: string) => ({
      deliveryId,
      sentHow: null,
      request: { method: 'POST', url: '', headers: [], bodyBase64: '', bodyBytes: 0 },
      outcome: { code: 'ok', message: '' } as never,
      answer: answer(body),
      durationMs: 1,
    });
    const exchanges = [exchange('dlv_1', 'fine'), exchange('dlv_2', 'no such customer')];
    expect(wrongAnswerWords({ result: 'failed', exchanges, unmet: ['dlv_2'] })).toBe('no such customer');
    expect(wrongAnswerWords({ result: 'advice', exchanges, unmet: [] })).toBe('fine');
    expect(wrongAnswerWords({ result: 'passed', exchanges, unmet: [] })).toBeNull();
  });
});
