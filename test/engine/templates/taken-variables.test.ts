import { describe, expect, it } from 'vitest';
import { attemptScope, firstAttempt } from '#engine/templates/attempt-scope.ts';
import { headerTemplates, renderHeader, type HeaderScope } from '#engine/templates/header-value.ts';
import { variablesOfText } from '#engine/templates/text-variables.ts';
import { compileTemplate, renderText, variablesIn } from '#engine/templates/template.ts';
import { headScope } from '#engine/templates/variables.ts';

const variables = { environment: 'vars', isDeleted: false, plain: { n: 'token' }, secret: { token: '739', other: 'x' } };
const scope = { ...headScope(variables), type: 'vars', id: 'a,b', data: [{ a: 1 }] };
const headerScope: HeaderScope = {
  ...attemptScope(firstAttempt, 0),
  id: 'msg_1',
  type: 'vars',
  deliveryId: 'dlv_1',
  timestamp: '2026-01-01T00:00:00.000Z',
  timestampUnix: 0,
  timestampMs: 0,
};

describe('the variables that a template takes', () => {
  it.for<readonly [string, readonly string[] | null]>([
    ['{{ vars.token }}', ['token']],
    ["{{ vars['token'] | upcase }}", ['token']],
    ['{{ ["vars"].token }}', ['token']],
    ['{{ ["\\u0076ars"].token | default: "n" }}', ['token']],
    ['{{ vars["to\\u006ben"] }}', ['token']],
    ['{{ "" | default: vars.token, allow_false: vars.other }}', ['other', 'token']],
    ['{{ (1..vars.token).last }}', ['token']],
    ['{{ vars[vars.n] }}', null],
    ['{{ vars | json }}', null],
    ['{{ [type].token }}', null],
    ['{{ [environment]["token"] }}', null],
    ['{{ id | split: "," | group_by_exp: "i", "vars.token" | json }}', null],
    ['{% assign x = vars %}{{ x.token }}', null],
    ['{% for each in vars %}{{ each }}{% endfor %}', null],
    ['{% if data == 1 %}{% assign vars = data %}{% endif %}{{ vars.token }}', ['token']],
    ['{% cycle vars.token, vars.other %}', ['other', 'token']],
    ['{% liquid\nassign x = vars.token\necho x %}', ['token']],
    ['{% case 1 %}{% when 1 %}{{ vars.token }}{% endcase %}', ['token']],
  ])('of %s are known, or any', ([source, names]) => {
    const template = compileTemplate(source);
    expect(renderText(template, scope, variables)).toMatch(/739/i);
    const found = variablesIn(template);
    expect(found === null ? null : [...found].toSorted()).toEqual(names);
  });

  it.for<readonly [string, readonly string[] | null]>([
    ['vars.token', []],
    ['{{ type }} of vars.token', []],
    ['{{ data.vars.token }}', []],
    // What would be raw in a body is an output of a URL.
    ['http://{% raw %}{{ vars.token }}{% endraw %}', ['token']],
    ['http://x/{{ "}}', null],
    ['{{ vars.token', null],
  ])('in the text %s are known without knowing what it is of', ([text, names]) => {
    const found = variablesOfText(text);
    expect(found === null ? null : [...found].toSorted()).toEqual(names);
  });

  it.for(['{{ [type].token }}', '{{ type | split: "," | group_by_exp: "i", "vars.token" | json }}', '{{ (1..vars.token).last }}'])(
    'are hidden where a header is kept: %s',
    (value) => {
      const template = headerTemplates({ X: value }).get('X');
      const header = template === undefined ? undefined : renderHeader('X', template, headerScope, variables);
      expect(header?.value).toContain('739');
      expect(header?.shown).toBe(`[secret ${value.slice(3, -3)}]`);
    },
  );
});
