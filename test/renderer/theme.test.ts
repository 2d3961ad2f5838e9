import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('../../src/renderer/theme.css', import.meta.url), 'utf8');

/** Colours of the rule that begins with this selector, by name of the variable. */
function coloursOf(selector: string): Readonly<Record<string, string>> {
  const start = css.indexOf(`${selector} {`);
  const rule = css.slice(start, css.indexOf('}', start));
  return Object.fromEntries([...rule.matchAll(/--hy-([\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, name, colour]) => [name, colour]));
}

/** Contrast of two colours as WCAG 2 counts it. */
function contrast(one: string, other: string): number {
  const luminance = (hex: string) => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const light = coloursOf(':root');
const themes = { light, dark: { ...light, ...coloursOf(":root[data-mantine-color-scheme='dark']") } };
const surfaces = ['canvas', 'subtle', 'rail', 'raised', 'hover', 'selected'];
const meanings = ['good', 'waiting', 'trouble', 'bad'];

describe.each(Object.entries(themes))('the %s theme', (_, colours) => {
  const between = (text: string, surface: string) => contrast(colours[text] ?? '', colours[surface] ?? '');

  test.each(['text', 'muted', 'faint', 'accent-text', ...meanings.map((meaning) => `${meaning}-text`)])(
    '%s can be read on every surface',
    (text) => {
      for (const surface of surfaces) expect(between(text, surface), `${text} on ${surface}`).toBeGreaterThanOrEqual(4.5);
    },
  );

  test.each(['accent', ...meanings, 'part-1', 'part-2', 'part-3', 'part-4'])('%s can be read on its own tint', (name) => {
    const text = name.startsWith('part') ? name : `${name}-text`;
    expect(between(text, `${name}-tint`)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(meanings)('the bars of %s stand out from the chart', (meaning) => {
    for (const surface of ['canvas', 'subtle']) expect(between(`${meaning}-fill`, surface)).toBeGreaterThanOrEqual(3);
  });
});
