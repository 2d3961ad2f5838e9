import { htmlEscape } from '#shared/text/escapes.ts';

/** Markup that is safe to put into a page as it is. */
export interface Html {
  readonly markup: string;
}

type Fragment = string | number | Html | readonly Fragment[] | null | false;

/** Markup of a template; inserted values are escaped, unless they are markup themselves. */
export function markup(strings: TemplateStringsArray, ...values: readonly Fragment[]): Html {
  return { markup: strings.reduce((all, text, index) => `${all}${markupOf(values[index - 1] ?? null)}${text}`) };
}

/** Markup that was made elsewhere and is known to be safe. */
export function trusted(text: string): Html {
  return { markup: text };
}

function markupOf(value: Fragment): string {
  if (value === null || value === false) return '';
  if (typeof value === 'string') return htmlEscape(value);
  if (typeof value === 'number') return String(value);
  return 'markup' in value ? value.markup : value.map(markupOf).join('');
}

/** JSON for a `script` element: nothing in it can end the element or begin a comment. */
export function jsonForScript(value: unknown): Html {
  return trusted(JSON.stringify(value).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029'));
}
