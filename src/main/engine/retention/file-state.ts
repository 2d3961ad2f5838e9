import type { Connection } from '../store/connection.ts';

/** The pages of the data file. */
export interface FileState {
  readonly pages: number;
  readonly freePages: number;
  readonly pageBytes: number;
  readonly usedBytes: number;
  /** Whether free pages can be given back to the disk in small steps. */
  readonly canShrink: boolean;
}

const incremental = 2;

export function fileState({ sqlite }: Pick<Connection, 'sqlite'>): FileState {
  const number = (name: string) => Number(sqlite.pragma(name, { simple: true }));
  const [pages, freePages, pageBytes] = [number('page_count'), number('freelist_count'), number('page_size')];
  return { pages, freePages, pageBytes, usedBytes: (pages - freePages) * pageBytes, canShrink: number('auto_vacuum') === incremental };
}
