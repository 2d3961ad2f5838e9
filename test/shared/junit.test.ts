import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunReport } from '#shared/contract/runs.ts';
import { junitXml, xmlText } from '#shared/junit.ts';
import { runSuite } from '#shared/run-junit.ts';

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

  it('of a run that was stopped has what was not decided as skipped, of the whole too, whenever that was', () => {
    const started: RunReport = {
      kind: 'started',
      id: 'run_r',
      name: 'r',
      to: 'x',
      gapsMs: 0,
      speed: 1,
      steps: 2,
      titles: ['a', 'b'],
      wholeTitles: ['captures of x', 'captures of y'],
    };
    const judged = { isMet: true, message: 'Answered 200.', nearest: null, tookMs: 5 };
    const sent = { messageId: null, deliveryId: null, state: null, attempts: 1, status: 200, answer: null, sentAfterMs: 0 };
    const events: RunReport[] = [
      started,
      { kind: 'step', number: 1, title: 'a', ...judged, ...sent },
      { kind: 'step', number: 2, title: 'b', ...judged, ...sent },
      { kind: 'whole', number: 1, title: 'captures of x', ...judged },
      { kind: 'whole', number: 2, title: 'captures of y', ...judged },
    ];
    const names = ['1: a', '2: b', 'captures of x', 'captures of y'];
    for (let told = 1; told <= events.length; told += 1) {
      const { cases } = runSuite('r', events.slice(0, told), null);
      expect(cases.map(({ name, skipped }) => [name, skipped !== undefined])).toEqual(names.map((name, at) => [name, at >= told - 1]));
    }
    expect(runSuite('r', [], null).cases).toMatchObject([{ name: 'the run', skipped: expect.stringContaining('stopped') }]);
    expect(runSuite('r', [], 'It has no value.').cases).toMatchObject([{ error: 'It has no value.' }]);
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
