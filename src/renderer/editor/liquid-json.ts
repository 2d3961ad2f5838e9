import type { languages } from 'monaco-editor';

/** Id of the language of body templates: JSON with Liquid in it. */
export const liquidJsonId = 'liquid-json';

/** Id of the language that only colours JSON: no worker, no complaints, for what has been sent or received. */
export const jsonViewId = 'json-view';

/** Words that Liquid itself gives a meaning in an expression. */
const operators = ['and', 'or', 'contains', 'in', 'by', 'limit', 'offset', 'reversed', 'true', 'false', 'nil', 'null', 'empty', 'blank'];

/**
 * Monarch grammar of JSON with Liquid in it. Liquid may stand anywhere, inside strings too, and a `"` within
 * `{{ }}` does not end the string around it.
 */
export const liquidJsonGrammar: languages.IMonarchLanguage = {
  defaultToken: '',
  tokenPostfix: '.liquid-json',
  operators,
  tokenizer: {
    root: [
      { include: '@liquid' },
      [/"(?=(?:[^"\\{]|\\.)*"\s*:)/, 'key', '@key'],
      [/"$/, 'string'],
      [/"/, 'string', '@string'],
      [/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/, 'number'],
      [/\b(?:true|false|null)\b/, 'literal'],
      [/[{}[\]:,]/, 'delimiter'],
      [/\s+/, ''],
    ],
    liquid: [
      [/\{%-?\s*comment\s*-?%\}/, 'comment', '@comment'],
      [/\{%-?\s*raw\s*-?%\}/, 'liquid.tag', '@raw'],
      [/\{\{-?/, 'liquid.delimiter', '@output'],
      [/\{%-?/, 'liquid.delimiter', '@tagName'],
    ],
    // A string ends with its line at the latest, so that one missing quote does not recolour the rest.
    key: [
      [/[^"\\{]+$/, 'key', '@pop'],
      [/[^"\\{]+/, 'key'],
      [/\\./, 'escape'],
      [/"/, 'key', '@pop'],
      { include: '@liquid' },
      [/\{/, 'key'],
    ],
    string: [
      [/[^"\\{]+$/, 'string', '@pop'],
      [/[^"\\{]+/, 'string'],
      [/\\./, 'escape'],
      [/"/, 'string', '@pop'],
      { include: '@liquid' },
      [/\{/, 'string'],
    ],
    output: [[/-?\}\}/, 'liquid.delimiter', '@pop'], { include: '@expression' }],
    tagName: [
      [/-?%\}/, 'liquid.delimiter', '@pop'],
      [/\s+/, ''],
      [/\w+/, { token: 'liquid.tag', switchTo: '@tag' }],
      [/./, { token: '@rematch', switchTo: '@tag' }],
    ],
    tag: [[/-?%\}/, 'liquid.delimiter', '@pop'], { include: '@expression' }],
    expression: [
      [/"[^"]*"|'[^']*'/, 'liquid.string'],
      [/(\|)(\s*)(\w+)/, ['liquid.delimiter', '', 'liquid.filter']],
      [/-?\d+(?:\.\d+)?/, 'liquid.number'],
      [/[A-Za-z_][\w-]*/, { cases: { '@operators': 'liquid.operator', '@default': 'liquid.variable' } }],
      [/[<>=!]=?|\.\.|[.,:|[\]()]/, 'liquid.delimiter'],
      [/\s+/, ''],
    ],
    comment: [
      [/\{%-?\s*endcomment\s*-?%\}/, 'comment', '@pop'],
      [/[^{]+|\{/, 'comment'],
    ],
    raw: [
      [/\{%-?\s*endraw\s*-?%\}/, 'liquid.tag', '@pop'],
      [/[^{]+|\{/, 'string'],
    ],
  },
};

/** Monarch grammar that colours JSON and lets anything else pass. */
export const jsonViewGrammar: languages.IMonarchLanguage = {
  defaultToken: '',
  tokenPostfix: '.json-view',
  tokenizer: {
    root: [
      [/"(?:[^"\\]|\\.)*"(?=\s*:)/, 'key'],
      [/"(?:[^"\\]|\\.)*"?/, 'string'],
      [/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/, 'number'],
      [/\b(?:true|false|null)\b/, 'literal'],
      [/[{}[\]:,]/, 'delimiter'],
    ],
  },
};

/** Brackets and quotes of the language, each closed as it is typed. */
export const liquidJsonConfiguration: languages.LanguageConfiguration = {
  comments: { blockComment: ['{% comment %}', '{% endcomment %}'] },
  brackets: [
    ['{', '}'],
    ['[', ']'],
  ],
  autoClosingPairs: [
    { open: '{', close: '}' },
    { open: '%', close: '%' },
    { open: '[', close: ']' },
    { open: '"', close: '"', notIn: ['string'] },
  ],
  surroundingPairs: [
    { open: '{', close: '}' },
    { open: '[', close: ']' },
    { open: '"', close: '"' },
  ],
  // A whole path counts as a word up to its dots, so that completion replaces one step.
  wordPattern: /[A-Za-z_][\w-]*|-?\d+(?:\.\d+)?/,
};
