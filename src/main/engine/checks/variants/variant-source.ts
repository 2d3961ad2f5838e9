import { importLimitMs, TaskEnded, type Background } from '../../background/background.ts';
import { combineVariantsTask, makeVariantsTask, type VariantsResult } from '../../events/variants/variants-task.ts';
import type { VariantPorts } from './variant-run.ts';

/** Variants of one event, made in a thread. */
export interface VariantSource extends Pick<VariantPorts, 'eventType' | 'count' | 'make' | 'combine'> {
  /** Without one there are no variants, and `make` says why. */
  readonly hasSchema: boolean;
}

/** The event that variants are made of, its schema as JSON, or why there is none. */
export interface VariantEvent {
  readonly eventType: string;
  readonly dataJson: string;
  readonly schema: { readonly json: string } | { readonly missing: string };
  readonly count: number;
}

/** Characters of data and of schemas from which on no variants are made: each of them is sent, and kept. */
const mostDataCharacters = 100_000;
const mostSchemaCharacters = 4_000_000;

export function createVariantSource(background: Pick<Background, 'run'>, event: VariantEvent): VariantSource {
  const { eventType, dataJson, schema, count } = event;
  const schemaJson = 'json' in schema ? schema.json : '';
  return {
    eventType,
    count,
    hasSchema: 'json' in schema,
    make: async (singles) => {
      if ('missing' in schema) return none(schema.missing);
      if (dataJson.length > mostDataCharacters)
        return none(
          `The data has over ${mostDataCharacters / 1000},000 characters, which is too much for variants: give a smaller sample.`,
        );
      if (schemaJson.length > mostSchemaCharacters)
        return none('The schema has over 4 million characters, which is too much for variants.');
      try {
        return await background.run('imports', makeVariantsTask, { schemaJson, dataJson, singles });
      } catch (error) {
        if (!(error instanceof TaskEnded)) throw error;
        return none(tooMuch(error));
      }
    },
    combine: async ({ baseJson }, sets, isPartial) => {
      try {
        return await background.run('imports', combineVariantsTask, { schemaJson, baseJson, sets, isPartial });
      } catch (error) {
        if (!(error instanceof TaskEnded)) throw error;
        return sets.map(() => null);
      }
    },
  };
}

function none(reason: string): VariantsResult {
  return { kind: 'none', reason };
}

function tooMuch({ why }: TaskEnded): string {
  if (why === 'memory') return 'Making variants by this schema takes too much memory: give a smaller sample, or a smaller schema.';
  return `Making variants by this schema took more than ${importLimitMs / 1000} s, as some regular expressions do: look at its patterns.`;
}
