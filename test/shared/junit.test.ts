import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { junitXml, xmlText } from '#shared/junit.ts';

describe('a JUnit report', () => {
  it('has a case for each, with what failed', () => {
    const cases = [
      { name: 'paid', seconds: 0.25, failure: null },
      { name: 'old', seconds: 0, failure: null, skipped: 'No "old" secret.' },
      { name: 'a < b & "c"', seconds: 5, failure: { message: 'None came.', details: 'Closest: x\n  type=a: It is b' } },
    ];
    const xml = junitXml({ name: 'hookyard expect', cases }, { name: 'hookyard run refund', cases: [] });
    expect(xml.split('\n')).toEqual([
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites>',
      '  <testsuite name="hookyard expect" tests="3" failures="1" errors="0" skipped="1" time="5.250">',
      '    <testcase classname="hookyard expect" name="paid" time="0.250"/>',
      '    <testcase classname="hookyard expect" name="old" time="0.000">',
      '      <skipped message="No &quot;old&quot; secret."/>',
      '    </testcase>',
      '    <testcase classname="hookyard expect" name="a &lt; b &amp; &quot;c&quot;" time="5.000">',
      '      <failure message="None came.">Closest: x&#10;  type=a: It is b</failure>',
      '    </testcase>',
      '  </testsuite>',
      '  <testsuite name="hookyard run refund" tests="0" failures="0" errors="0" skipped="0" time="0.000">',
      '  </testsuite>',
      '</testsuites>',
      '',
    ]);
  });

  it('has no character that XML refuses, whatever came in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const written = xmlText(`${text}\u0000\u001b\ud800<]]>`);
        expect(written).toMatch(
          /^(?:[\u0020-\u0021\u0023-\u0025\u0027-\u003b\u003d\u003f-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|&(?:amp|lt|gt|quot|#10|#13|#9);)*$/u,
        );
        const back = written.replaceAll(
          /&(\w+|#\d+);/g,
          (whole, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#10': '\n', '#13': '\r', '#9': '\t' })[name] ?? whole,
        );
        expect(back.endsWith('\ufffd\ufffd\ufffd<]]>')).toBe(true);
      }),
    );
  });
});
