import { codeOf } from '#hosts/shared/data-dir.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import type { GivenData } from '#shared/contract/json.ts';
import type { EngineClient } from './engine-client.ts';

/**
 * A sample of an event type as data for a call: the first where none is named. An empty object for a type that the catalogue does not
 * have, unless a sample of it is named, which throws a usage error.
 */
export async function sampleOf(client: EngineClient, type: string, sample?: string): Promise<GivenData> {
  const samples = await samplesOf(client, type);
  const found = sample === undefined ? samples[0] : samples.find(({ name }) => name === sample);
  if (found !== undefined) return found.dataText === undefined ? { data: found.data } : { dataText: found.dataText };
  if (sample === undefined) return { data: {} };
  const names = samples.map(({ name }) => name).join(', ');
  throw usageError(
    samples.length === 0
      ? `There is no sample "${sample}" of ${type}: the catalogue has no such event type. For one of a system, add --profile.`
      : `There is no sample "${sample}" of ${type}: it has ${names}.`,
  );
}

async function samplesOf(client: EngineClient, type: string) {
  try {
    return (await client.eventTypes.get({ name: type })).samples;
  } catch (error) {
    if (codeOf(error) === 'NOT_FOUND') return [];
    throw error;
  }
}
