import { rest, run, type HostileAct } from './act.ts';
import { manyNames } from './data.ts';

const previewOf = (name: string, template: () => string, data: () => unknown = () => ({})): HostileAct => ({
  name,
  group: 'templates',
  act: (host) =>
    rest(host, 'POST', '/preview', {
      draft: { url: 'http://127.0.0.1:9/', template: template(), contentType: 'text/plain' },
      event: { type: 'a.b', data: data() },
    }),
});

/** Templates that take long to read or to render, in the preview. */
export const templateActs: readonly HostileAct[] = [
  previewOf(
    'an ordinary one, to compare with',
    () => '{"a": {{ data.a | json }}}',
    () => ({ a: 1 }),
  ),
  previewOf('980 kB of {{ 1 }}', () => run('{{ 1 }}', 980_000)),
  previewOf('9,900 tags', () => run('{{1}}', 49_500)),
  previewOf('300 tags', () => run('{{ 1 | append: "x" }}', 6000)),
  previewOf('980 kB of lines in a liquid tag', () => `{% liquid\n${run('echo 1\n', 980_000)}%}`),
  previewOf('a case of 980 kB', () => `{% case 1 %}{% when ${run('2,', 980_000)}1 %}{% endcase %}`),
  previewOf('a filter of 980 kB', () => `{{ 1${run(' | abs', 980_000)} }}`),
  previewOf('loops in loops', () => '{% for a in (1..9999) %}{% for b in (1..9999) %}{{ a }}{% endfor %}{% endfor %}'),
  previewOf('tablerow', () => '{% tablerow a in (1..9999999) cols:2 %}{{ a }}{% endtablerow %}'),
  previewOf(
    'a capture that doubles',
    () => `{% assign a = "xxxxxxxx" %}${'{% capture a %}{{ a }}{{ a }}{% endcapture %}'.repeat(24)}{{ a | upcase | size }}`,
  ),
  previewOf(
    'one filter over 15 MB',
    () => '{{ data.a | strip_html | size }}',
    () => ({ a: run('<b>', 15_000_000) }),
  ),
  previewOf(
    'a sort of 300,000 texts',
    () => '{{ data.a | sort_natural | size }}',
    () => ({ a: Array.from({ length: 300_000 }, (_, index) => `${(index * 7919) % 300_007}`) }),
  ),
  previewOf(
    'a result of 15 MB',
    () => '{{ data.a }}',
    () => ({ a: run('x', 15_000_000) }),
  ),
  previewOf(
    'data of 500,000 names',
    () => '{{ data.k1 }}',
    () => manyNames(),
  ),
  previewOf(
    'the patterns of strip_html, in little',
    () => '{{ data.a | strip_html }}',
    () => ({ a: run('<script', 30_000) }),
  ),
];
