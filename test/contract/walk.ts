import { z } from 'zod';
import { agentTools } from '#shared/agents/tools.ts';
import { contract } from '#shared/contract/index.ts';

/** The input of every call, and of every tool of agents, by its name. */
export const inputs: readonly (readonly [name: string, input: z.ZodType])[] = [
  ...Object.entries(contract).flatMap(([area, procedures]) =>
    Object.entries(procedures).flatMap(([name, procedure]): [string, z.ZodType][] => {
      const { inputSchema } = (procedure as { readonly '~orpc': { readonly inputSchema?: z.ZodType } })['~orpc'];
      return inputSchema === undefined ? [] : [[`${area}.${name}`, inputSchema]];
    }),
  ),
  ...agentTools.map(({ name, input }): [string, z.ZodType] => [name, input]),
];

/** The schemas right inside of another, by the name of the field or of the part that they are. */
export function innerSchemas(def: object): readonly (readonly [name: string, schema: z.ZodType])[] {
  return Object.entries(def).flatMap(([name, value]): readonly (readonly [string, z.ZodType])[] => {
    if (value instanceof z.ZodType) return [[name, value]];
    return name === 'shape' || name === 'options' || name === 'items' ? innerSchemas(value as object) : [];
  });
}

/** All schemas in another, itself included, with the path to them. */
export function* schemasIn(schema: z.ZodType, path = '', seen = new Set<z.ZodType>()): Generator<readonly [path: string, z.ZodType]> {
  if (seen.has(schema)) return;
  seen.add(schema);
  yield [path, schema];
  for (const [name, inner] of innerSchemas(schema.def)) yield* schemasIn(inner, `${path}.${name}`, new Set(seen));
}
