import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '#engine/base/refusal.ts';
import { proofCases, readyCase, sentAtMs, type ProofCase } from '../../support/proof-cases.ts';

/** A change of one bit at a place that a number from 0 to 1 chooses. */
function withOneBitChanged(body: Uint8Array, place: number): Uint8Array {
  const changed = Uint8Array.from(body);
  const at = Math.min(body.byteLength - 1, Math.floor(place * body.byteLength));
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}

function sampleOf({ body }: ProofCase): Uint8Array {
  return fc.sample(body, { numRuns: 1, seed: 20_261_121 })[0] ?? Buffer.from('{}');
}

const unit = fc.double({ min: 0, max: 1, noNaN: true });

describe.each(proofCases)('$name', (one: ProofCase) => {
  const ready = readyCase(one);
  const other = readyCase(one, 8);
  const sample = sampleOf(one);

  it('accepts what it signs, over random bodies, by the private and by the public key', () => {
    const publicKey = ready.scheme.publicKeyOf?.(ready.secret, ready.options) ?? null;
    fc.assert(
      fc.property(one.body, (body) => {
        const sent = ready.sign(body);
        const verdict = ready.verify(sent);
        expect(verdict, verdict.message).toMatchObject({
          verdict: 'valid',
          reason: 'ok',
          matchedSecret: 0,
          matchedSignature: 0,
        });
        // Most libraries read the body as text.
        if (isUtf8(body)) expect(verdict.libraryNote).toBeNull();
        expect(Buffer.from(verdict.signedBase64 ?? '', 'base64')).toEqual(Buffer.from(sent.signed.bytes));
        if (publicKey !== null)
          expect(ready.verify(sent, { secrets: ['wrong', publicKey] })).toMatchObject({ verdict: 'valid', matchedSecret: 1 });
      }),
      { numRuns: 30 },
    );
  });

  it('names its parts without gaps, and never the secret', () => {
    const sent = ready.sign(sample);
    let end = 0;
    for (const part of sent.signed.parts) {
      expect(part.start).toBe(end);
      end = part.end;
    }
    expect(end).toBe(sent.signed.bytes.byteLength);
    const shown = JSON.stringify([sent.headers, ready.verify(sent), ready.verify(sent, { secrets: [other.secret] })]);
    expect(shown).not.toContain(ready.secret.replace(/^whsk_/, '').slice(0, 60));
    expect(shown).not.toContain(JSON.stringify(ready.secret).slice(1, -1));
  });

  it('refuses another secret, and a signature with one bit changed', () => {
    const sent = ready.sign(sample);
    expect(ready.verify(sent, { secrets: [other.secret] })).toMatchObject({
      verdict: 'invalid',
      reason: 'signature_mismatch',
      matchedSecret: null,
    });
    expect(ready.verify(sent, { secrets: [other.secret, ready.secret] })).toMatchObject({ verdict: 'valid', matchedSecret: 1 });
    expect(ready.verify(sent, { secrets: [] })).toMatchObject({ verdict: 'unchecked', reason: 'secret_missing' });
    expect(ready.verify(other.sign(sample))).toMatchObject({ verdict: 'invalid', reason: 'signature_mismatch' });
  });

  it('is unsigned without its headers, and never throws on what headers and body hold', () => {
    const sent = ready.sign(sample);
    expect(ready.verify({ ...sent, headers: [], body: Buffer.from('{"a":1}') }).verdict).toBe(
      one.id === 'adyen-payments' ? 'invalid' : 'unsigned',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.constantFrom('', ' ', 'sig1=:AAAA:', 'sig1=("@method");created=1', 'a.b.c', 't=1,v1=00', ':', '1'),
    );
    fc.assert(
      fc.property(
        fc.array(texts, { minLength: 8, maxLength: 8 }),
        fc.uint8Array({ maxLength: 40 }),
        fc.option(fc.string(), { nil: null }),
        (values, body, url) => {
          const headers = sent.headers.map(([name], index): [string, string] => [name, values[index] ?? '']);
          expect(ready.verify({ ...sent, headers, body, url }, { secrets: [ready.secret, values[0] ?? ''] }).verdict).not.toBe('valid');
        },
      ),
      { numRuns: 60 },
    );
  });

  it('refuses to sign with nothing, with rubbish and with a public key', () => {
    const issuesOf = (secrets: readonly string[]) => {
      try {
        ready.sign(sample, { secrets });
      } catch (error) {
        return error instanceof Refusal ? (error as Refusal<'INPUT_INVALID'>).data.issues.map(({ path }) => path) : error;
      }
      return [];
    };
    expect(issuesOf([])).toEqual(['secrets']);
    const publicKey = ready.scheme.publicKeyOf?.(ready.secret, ready.options) ?? null;
    if (publicKey === null) return;
    expect(issuesOf(['rubbish!'])).toEqual(['secrets.0']);
    expect(issuesOf([publicKey])).toEqual(['secrets.0']);
  });

  it('takes the secret that it makes, and says of another what is wrong with it', () => {
    expect(ready.scheme.checkSecret(ready.secret, ready.options)).toBeNull();
    const problem = ready.scheme.checkSecret('', ready.options);
    expect(problem).toMatch(/^[A-Z].*\.$/);
  });
});

describe.each(proofCases.filter(({ tampered }) => tampered !== null))('$name, which covers the whole body,', (one: ProofCase) => {
  const ready = readyCase(one);

  it('refuses a body with one bit changed', () => {
    fc.assert(
      fc.property(
        one.body.filter((body) => body.byteLength > 0),
        unit,
        (body, place) => {
          const sent = ready.sign(body);
          const verdict = ready.verify({ ...sent, body: withOneBitChanged(sent.body, place) });
          expect(verdict.verdict).toBe('invalid');
          // Linear carries its time in the body, so a changed byte may also take that away.
          expect(one.id === 'linear' ? ['signature_mismatch', 'timestamp_malformed'] : [one.tampered]).toContain(verdict.reason);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe.each(proofCases.filter(({ freshSeconds }) => freshSeconds !== null))(
  '$name, which sets a limit for its time,',
  (one: ProofCase) => {
    const ready = readyCase(one);
    const sample = sampleOf(one);

    it('refuses a request that is too old or lies in the future, and says which', () => {
      const sent = ready.sign(sample);
      const at = (seconds: number) => ready.verify(sent, { nowMs: sentAtMs + seconds * 1000 });
      const fresh = one.freshSeconds ?? 0;
      expect(at(fresh)).toMatchObject({ verdict: 'valid', timestampAgeSeconds: fresh });
      expect(at(fresh + 1)).toMatchObject({ verdict: 'invalid', reason: 'timestamp_stale' });
      expect(at(-one.aheadSeconds).verdict).toBe('valid');
      expect(at(-one.aheadSeconds - 1)).toMatchObject({ verdict: 'invalid', reason: 'timestamp_future' });
      const wide = readyCase({ ...one, options: { ...one.options, toleranceSeconds: 3600 } });
      expect(wide.verify(sent, { nowMs: sentAtMs + 3_599_000 }).verdict).toBe('valid');
    });
  },
);
