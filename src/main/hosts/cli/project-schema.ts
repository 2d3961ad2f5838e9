import { z } from 'zod';
import { projectFile } from '#shared/contract/project-file.ts';

const title = 'A Hookyard project';

/** The JSON Schema of the file of a project, by which editors complete and check it. */
export function projectSchemaText(): string {
  const schema = z.toJSONSchema(projectFile, { io: 'input', unrepresentable: 'any', reused: 'ref' });
  return `${JSON.stringify({ ...schema, title }, null, 2)}\n`;
}

/** Whether a text is that schema, of this version or another one. */
export function isProjectSchema(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'title' in value && value.title === title;
  } catch {
    return false;
  }
}
