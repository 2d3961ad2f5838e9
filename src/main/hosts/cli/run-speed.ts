import { InvalidArgumentError } from 'commander';
import { fastestRun } from '#shared/contract/project-runs.ts';

/** Reads how many times shorter gaps are. */
export function runSpeed(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0.001 && value <= fastestRun) return value;
  throw new InvalidArgumentError(`Give a number from 0.001 to ${fastestRun}, such as 60, or --no-gaps.`);
}
