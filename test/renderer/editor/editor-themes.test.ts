import { describe, expect, it } from 'vitest';
import { codePalettes, editorTheme } from '../../../src/renderer/editor/editor-themes.ts';

function luminance(hex: string): number {
  const channel = (start: number) => {
    const share = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].toSorted((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

describe.each(['light', 'dark'] as const)('the %s theme of the editor', (scheme) => {
  const { background, selected, raised, border: _border, ...colours } = codePalettes[scheme];

  it.each(Object.entries(colours))('shows %s (%s) at AA contrast, in the text and over it', (_name, colour) => {
    for (const behind of [background, raised]) expect(contrast(colour, behind)).toBeGreaterThanOrEqual(4.5);
  });

  it.each([colours.foreground, colours.key, colours.muted])('shows %s at AA contrast in a chosen row', (colour) => {
    expect(contrast(colour, selected)).toBeGreaterThanOrEqual(4.5);
  });

  it('gives Monaco no colour that is not in the palette', () => {
    const known = new Set(Object.values(codePalettes[scheme]).map((colour) => colour.slice(1)));
    expect(editorTheme(scheme).rules.filter((rule) => !known.has(rule.foreground ?? ''))).toEqual([]);
  });
});
