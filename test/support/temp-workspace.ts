import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Log } from '#engine/base/ports.ts';

export { testVault } from './temp-vault.ts';

/** A fresh data folder that goes when the test ends. */
export function createTempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hookyard-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** A log that keeps its lines for the test to read. */
export interface TestLog extends Log {
  readonly lines: readonly LogLine[];
  /** Settles once there is a line that begins so. */
  readonly said: (beginning: string) => Promise<void>;
}

export function createTestLog(): TestLog {
  const lines: LogLine[] = [];
  const news = new EventEmitter();
  const at = (level: LogLine['level']) => (fields: LogLine['fields'], message: string) => {
    lines.push({ level, fields, message });
    news.emit('line');
  };
  return {
    lines,
    said: async (beginning) => {
      while (!lines.some(({ message }) => message.startsWith(beginning))) await once(news, 'line');
    },
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  };
}
