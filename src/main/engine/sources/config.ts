import type { SourceGap, SourceKind } from '#shared/contract/sources.ts';
import { streamPath } from '#shared/stream-form.ts';

/** A source inside the engine. */
export interface SourceConfig {
  readonly id: string;
  readonly binId: string;
  readonly kind: SourceKind;
  readonly name: string;
  /** In clear. */
  readonly url: string;
  readonly verifyTls: boolean;
  readonly isActive: boolean;
  readonly gaps: readonly SourceGap[];
  readonly gapCount: number;
  readonly creator: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** The path of a stream of a Hookyard, perhaps below one that a proxy put before it. */
const streamUrlPath = new RegExp(`${streamPath}(hsk_[A-Za-z0-9_-]{43})$`);

/** The key of a stream URL; null for any other. */
export function streamKeyIn(url: string): string | null {
  return streamUrlPath.exec(URL.parse(url)?.pathname ?? '')?.[1] ?? null;
}

/** What a URL looks like. */
export function kindOf(url: string): SourceKind {
  return streamKeyIn(url) === null ? 'smee' : 'hookyard';
}

/** The URL as it may be shown: of a stream the key is a right, and left out, also where somebody follows it as a channel of smee. */
export function shownUrl({ kind, url }: Pick<SourceConfig, 'kind' | 'url'>): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  if (kind === 'smee' && streamKeyIn(url) === null) return shown.href;
  shown.pathname = shown.pathname.replace(/[^/]+$/, '');
  shown.search = '';
  shown.hash = '';
  // Behind the address, which would write it with percent signs. The rest is not decoded: its bytes need not be text.
  return `${shown.href}…`;
}
