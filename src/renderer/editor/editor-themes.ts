import type { editor } from 'monaco-editor';

/** Colours of code, for the editor and for code shown outside it. Each pair meets AA on its background. */
export interface CodePalette {
  readonly background: string;
  readonly foreground: string;
  readonly muted: string;
  readonly key: string;
  readonly string: string;
  readonly number: string;
  readonly literal: string;
  readonly tag: string;
  readonly variable: string;
  readonly filter: string;
  readonly error: string;
  /** Background of a chosen row in a list. */
  readonly selected: string;
  /** Background and border of what lies over the code. */
  readonly raised: string;
  readonly border: string;
}

export const codePalettes: Readonly<Record<'light' | 'dark', CodePalette>> = {
  light: {
    background: '#ffffff',
    foreground: '#24292f',
    muted: '#656d76',
    key: '#0550ae',
    string: '#0a5c2f',
    number: '#9a3412',
    literal: '#9a3412',
    tag: '#8a2a8f',
    variable: '#8a2a8f',
    filter: '#6639ba',
    error: '#b42318',
    selected: '#e9eefc',
    raised: '#ffffff',
    border: '#c4cad2',
  },
  dark: {
    background: '#17191d',
    foreground: '#d7dae0',
    muted: '#939aa6',
    key: '#7fb6ff',
    string: '#86d69c',
    number: '#f0a875',
    literal: '#f0a875',
    tag: '#e59bea',
    variable: '#e59bea',
    filter: '#c3a6ff',
    error: '#ff8f85',
    selected: '#222c47',
    raised: '#212529',
    border: '#434a54',
  },
};

/** Name of the Monaco theme for a colour scheme. */
export function themeName(scheme: 'light' | 'dark'): string {
  return `hookyard-${scheme}`;
}

/** A Monaco theme that looks like the rest of the window. */
export function editorTheme(scheme: 'light' | 'dark'): editor.IStandaloneThemeData {
  const palette = codePalettes[scheme];
  const rule = (token: string, colour: string, fontStyle?: string): editor.ITokenThemeRule => ({
    token,
    foreground: colour.slice(1),
    ...(fontStyle === undefined ? {} : { fontStyle }),
  });
  return {
    base: scheme === 'light' ? 'vs' : 'vs-dark',
    inherit: true,
    rules: [
      rule('', palette.foreground),
      rule('key', palette.key),
      rule('string.key', palette.key),
      rule('string.key.json', palette.key),
      rule('string', palette.string),
      rule('string.value.json', palette.string),
      rule('escape', palette.filter),
      rule('string.escape', palette.filter),
      rule('number', palette.number),
      rule('literal', palette.literal),
      rule('keyword', palette.literal),
      rule('keyword.json', palette.literal),
      rule('delimiter', palette.muted),
      rule('comment', palette.muted, 'italic'),
      rule('liquid.delimiter', palette.tag),
      rule('liquid.tag', palette.tag, 'bold'),
      rule('liquid.variable', palette.variable),
      rule('liquid.filter', palette.filter),
      rule('liquid.operator', palette.tag),
      rule('liquid.string', palette.string),
      rule('liquid.number', palette.number),
      rule('delimiter.liquid', palette.tag),
      rule('variable.liquid', palette.variable),
      rule('tag.html', palette.key),
      rule('attribute.name.html', palette.number),
      rule('attribute.value.html', palette.string),
    ],
    colors: {
      'editor.background': palette.background,
      'editor.foreground': palette.foreground,
      'editorLineNumber.foreground': palette.muted,
      'editorLineNumber.activeForeground': palette.foreground,
      'editorGutter.background': palette.background,
      'editorError.foreground': palette.error,
      'editorWidget.background': palette.raised,
      'editorWidget.border': palette.border,
      'editorHoverWidget.background': palette.raised,
      'editorHoverWidget.border': palette.border,
      'editorSuggestWidget.background': palette.raised,
      'editorSuggestWidget.border': palette.border,
      'editorSuggestWidget.foreground': palette.foreground,
      'editorSuggestWidget.selectedBackground': palette.selected,
      'editorSuggestWidget.selectedForeground': palette.foreground,
      'editorSuggestWidget.highlightForeground': palette.key,
      'editorSuggestWidget.focusHighlightForeground': palette.key,
      'list.hoverBackground': palette.selected,
      focusBorder: palette.key,
      // Brackets in many colours would read as meanings.
      ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((level) => [`editorBracketHighlight.foreground${level}`, palette.muted])),
      'editorBracketHighlight.unexpectedBracket.foreground': palette.error,
    },
  };
}
