import {
  IconAdjustmentsHorizontal,
  IconArrowsDiff,
  IconInbox,
  IconPencil,
  IconSend,
  IconShieldCheck,
  IconTags,
  IconTestPipe,
  IconWebhook,
  type Icon,
} from '@tabler/icons-react';
import type { Area } from '../base/router.ts';

/** How an area is named and drawn. */
export interface NamedArea {
  readonly area: Area;
  readonly label: string;
  readonly icon: Icon;
  /** What one can do there, for the palette. */
  readonly hint: string;
}

/** An area of the rail. */
export interface AreaEntry extends NamedArea {
  /** Second key after `g`. */
  readonly key: string;
}

/** The areas as the rail, the palette and the keys know them, in order. */
export const areaEntries: readonly AreaEntry[] = [
  { area: 'compose', label: 'Compose', icon: IconPencil, key: 'c', hint: 'Write an event and send it' },
  { area: 'endpoints', label: 'Endpoints', icon: IconWebhook, key: 'e', hint: 'Where webhooks go' },
  { area: 'deliveries', label: 'Deliveries', icon: IconSend, key: 'd', hint: 'What was sent, with every attempt' },
  { area: 'captures', label: 'Captures', icon: IconInbox, key: 'a', hint: 'What local bins received' },
  { area: 'verify', label: 'Verify', icon: IconShieldCheck, key: 'v', hint: 'Prove why a signature does or does not match' },
  { area: 'tests', label: 'Tests', icon: IconTestPipe, key: 'r', hint: 'Run the tests of a project, and see what each step brought' },
  { area: 'events', label: 'Events', icon: IconTags, key: 't', hint: 'The catalogue of event types' },
  { area: 'settings', label: 'Settings', icon: IconAdjustmentsHorizontal, key: 's', hint: 'Time scale, limits, theme, about' },
];

/** All areas: those of the rail, and Compare, which other areas lead to. */
export const allAreas: readonly (AreaEntry | NamedArea)[] = [
  ...areaEntries,
  { area: 'compare', label: 'Compare', icon: IconArrowsDiff, hint: 'Two attempts, deliveries, captures or files beside each other' },
];

/** What an area is called. */
export function areaLabel(area: Area): string {
  return allAreas.find((entry) => entry.area === area)?.label ?? 'Hookyard';
}
