import type { PasteFormat, ReadInner } from '../format.ts';
import { printedLimitBytes } from '../limits.ts';
import { derivedSource, type PasteSource } from '../paste-source.ts';
import type { Pasted } from '../pasted.ts';

/** A header in a list or table of Markdown, or in bold: - `Name`: `value`, | Name | value |, **Name:** value. */
const item =
  /^[ \t]*(?:[-*+\u2022] +|\|[ \t]*|\d{1,3}\. +)?(?:`{1,2}|\*\*|__)?([A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*)(?::?(?:`{1,2}|\*\*|__))?[ \t]*(?::|=|\|)(?:`{1,2}|\*\*|__)?[ \t]*`{0,2}([^`\r\n|]*?)`{0,2}[ \t]*\|?[ \t]*$/;

/** Headers as Markdown lays them out. */
export const markdownFormat: PasteFormat = {
  recognises: ({ binary }) =>
    binary.length <= printedLimitBytes &&
    /(?:^|\n)[ \t]*(?:[-*+] +|\u00e2\u0080\u00a2 +|\d{1,3}\. +|\| *|`|\*\*)`{0,2}(?:\*\*)?[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+/.test(binary),
  read: readMarkdown,
};

function readMarkdown(source: PasteSource, inner: ReadInner): Pasted | null {
  const lines = source.binary.split('\n').map((line) => line.replace(/\r$/, ''));
  const kept: number[] = [];
  const texts: string[] = [];
  lines.forEach((line, index) => {
    const found = line.length > 20_000 ? null : item.exec(line.replace(/\u00e2\u0080\u00a2/g, '-'));
    if (found === null) return;
    kept.push(index);
    texts.push(`${found[1] ?? ''}: ${found[2] ?? ''}`);
  });
  if (kept.length === 0) return null;
  const rest = lines.slice((kept.at(-1) ?? 0) + 1);
  const label = rest.findIndex((line) => /^\W{0,6}(?:body|payload|data)\W{0,6}$/i.test(line));
  const start = label === -1 ? rest.findIndex((line) => /^\s*[{["<]/.test(line)) : label + 1;
  const body =
    start === -1
      ? ''
      : rest
          .slice(start)
          .join('\n')
          .trim()
          .replace(/^`([\s\S]*)`$/, '$1');
  const text = body === '' ? texts.join('\n') : `${texts.join('\n')}\n\n${body}`;
  return inner(derivedSource(source, text, ['The headers were read from a list or table, without its markup.']));
}
