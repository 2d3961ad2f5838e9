import { pino } from 'pino';
import type { Log } from '#engine/index.ts';
import { createLogLines } from './log-lines.ts';

/** How much is logged, from everything to nothing. */
const logLevels = ['info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Logs JSON Lines to standard error, so that standard output stays the program's own. */
export function createPinoLog(level: LogLevel): Log {
  const logger = pino({ level, base: null }, createLogLines());
  return {
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}
