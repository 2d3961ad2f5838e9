import { z } from 'zod';
import { projectFile } from '#shared/contract/project-file.ts';

/** The JSON Schema of the file of a project, by which editors complete and check it. */
export function projectSchemaText(): string {
  const schema = z.toJSONSchema(projectFile, { io: 'input', unrepresentable: 'any', reused: 'ref' });
  return `${JSON.stringify({ ...schema, title: 'A Hookyard project' }, null, 2)}\n`;
}
