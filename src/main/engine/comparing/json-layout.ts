import { stringEnd } from '#shared/json/exact.ts';

/** How much of a text its layout is judged by. */
const judgedCharacters = 65_536;

/** How JSON is laid out, in words that follow `sent` or `arrived`: `in one line`, `indented by 2 spaces`. Null for no regular layout. */
export function layoutOf(text: string): string | null {
  const judged = withoutStrings(text.slice(0, judgedCharacters));
  const indent = /[[{]\r?\n([ \t]+)/.exec(judged)?.[1];
  if (indent !== undefined) {
    if (/^\t+$/.test(indent)) return 'indented by tabs';
    if (/^ +$/.test(indent)) return `indented by ${indent.length} ${indent.length === 1 ? 'space' : 'spaces'}`;
    return null;
  }
  if (/[\r\n]/.test(judged.trim())) return null;
  const inner = judged.trim();
  if (!/\s/.test(inner)) return 'in one line without spaces';
  const isAfter = (mark: string) => inner.includes(`${mark} `);
  const others = inner.replaceAll(', ', ',').replaceAll(': ', ':');
  if (/\s/.test(others)) return null;
  const everyComma = !/,(?! )/.test(inner);
  const everyColon = !/:(?! )/.test(inner);
  if (isAfter(':') && !isAfter(',') && everyColon) return 'in one line with a space after each colon';
  if (everyComma && everyColon) return 'in one line with a space after each comma and colon';
  return null;
}

/** JSON with every string emptied, so that what is in them does not count as layout. */
function withoutStrings(text: string): string {
  let rest = '';
  let from = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', from)) {
    rest += `${text.slice(from, at)}""`;
    from = stringEnd(text, at);
  }
  return rest + text.slice(from);
}

/** JSON without the space between its tokens; every string and number as it is written. */
export function withoutLayout(text: string): string {
  let rest = '';
  let from = 0;
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = stringEnd(text, at);
    else if (isSpace(code)) {
      rest += text.slice(from, at);
      while (isSpace(text.charCodeAt(at))) at += 1;
      from = at;
    } else at += 1;
  }
  return rest + text.slice(from);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
