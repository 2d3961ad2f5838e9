import { usageError } from '#hosts/shared/exit-error.ts';

/** The clock that `--now` sets, in milliseconds, or undefined for the real one. Takes Unix seconds, with fractions. */
export function nowOption(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && Number.isFinite(seconds) && seconds >= 0 && seconds < 1e11) return Math.round(seconds * 1000);
  throw usageError(`--now ${text} is not a time: give Unix seconds, such as 1714000000.`);
}
