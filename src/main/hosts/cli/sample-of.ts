import { codeOf } from '#hosts/shared/data-dir.ts';
import type { GivenData } from '#shared/contract/json.ts';
import type { EngineClient } from './engine-client.ts';

/** The sample of an event type as data for a call; an empty object for a type that the catalogue does not have. */
export async function sampleOf(client: EngineClient, type: string): Promise<GivenData> {
  try {
    const { sample, sampleText } = await client.eventTypes.get({ name: type });
    return sampleText === undefined ? { data: sample } : { dataText: sampleText };
  } catch (error) {
    if (codeOf(error) === 'NOT_FOUND') return { data: {} };
    throw error;
  }
}
