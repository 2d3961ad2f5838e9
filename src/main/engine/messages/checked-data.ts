import type { Warning } from '#shared/contract/common.ts';
import { Refusal } from '../base/refusal.ts';
import type { SchemaChecker } from '../events/schema-checker.ts';

/** Events of a batch that are checked, and characters of one whose events are: taking it apart costs the serving thread time. */
const checkedEvents = 100;
const checkedCharacters = 65_536;

/** Warnings about the data of a message, or of each event of a batch, by the schema of its type. */
export function checkedData(
  schemas: Pick<SchemaChecker, 'ofData' | 'hasSchema'>,
  type: string,
  { dataJson, isBatch }: { readonly dataJson: string; readonly isBatch: boolean },
): Promise<readonly Warning[]> | readonly Warning[] {
  if (!isBatch) return schemas.ofData(type, dataJson);
  return checkedBatch(schemas, type, dataJson);
}

/** Throws a Refusal for data that breaks its schema, with each place. */
export function assertFits(warnings: readonly Warning[]): void {
  const broken = warnings.find(({ code }) => code === 'SCHEMA_BROKEN');
  if (broken === undefined) return;
  throw new Refusal('INPUT_INVALID', broken.message, { issues: broken.issues ?? [{ path: 'data', message: broken.message }] });
}

async function checkedBatch(
  schemas: Pick<SchemaChecker, 'ofData' | 'hasSchema'>,
  type: string,
  dataJson: string,
): Promise<readonly Warning[]> {
  if (!schemas.hasSchema(type)) return [];
  if (dataJson.length > checkedCharacters) return [tooLong(type)];
  const events = JSON.parse(dataJson) as unknown;
  // That it is a list is told where it is rendered.
  if (!Array.isArray(events)) return [];
  const found = await Promise.all(
    events
      .slice(0, checkedEvents)
      .map(async (event: unknown, index) => (await schemas.ofData(type, JSON.stringify(event))).map((warning) => ofEvent(warning, index))),
  );
  return found.flat();
}

function tooLong(type: string): Warning {
  return {
    code: 'SCHEMA_UNCHECKED',
    message: `The events of this batch were not checked by the schema of ${type}: it is too long.`,
    path: 'data',
  };
}

function ofEvent({ message, issues, ...warning }: Warning, index: number): Warning {
  const placed = issues?.map((issue) => ({ ...issue, path: issue.path.replace(/^data/, `data.${index}`) }));
  return { ...warning, message: `Event ${index + 1} of the batch: ${message}`, ...(placed === undefined ? {} : { issues: placed }) };
}
