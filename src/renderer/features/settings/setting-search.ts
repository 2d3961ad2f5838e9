import type { ReactNode } from 'react';

/** One line of the settings: what it is, what it does, and its control. */
export interface SettingEntry {
  readonly title: string;
  /** Its effect, in a sentence or two. */
  readonly effect: string;
  readonly control: ReactNode;
}

/** Lines that belong together. */
export interface SettingGroup {
  readonly title: string;
  readonly entries: readonly SettingEntry[];
}

/** Entries in whose title, effect or group the words occur. */
export function searchSettings(groups: readonly SettingGroup[], text: string): readonly SettingGroup[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return groups
    .map((group) => ({
      ...group,
      entries: group.entries.filter(({ title, effect }) =>
        words.every((word) => `${group.title} ${title} ${effect}`.toLowerCase().includes(word)),
      ),
    }))
    .filter(({ entries }) => entries.length > 0);
}
