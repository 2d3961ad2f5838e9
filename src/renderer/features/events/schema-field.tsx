import { useId } from 'react';
import { CodeEditor } from '../../editor/code-editor.tsx';
import { schemaProblem } from './event-draft.ts';
import styles from './events.module.css';

/** What a schema without `$schema` is checked by while it is typed: the editor knows this draft. The engine checks by the rules of all. */
const editorRules = { $ref: 'http://json-schema.org/draft-07/schema#' };

interface SchemaFieldProps {
  readonly name: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (schema: string) => void;
  readonly onSave: () => void;
}

/** The JSON Schema of an event type in the editor, which completes keywords and marks what is no schema. */
export function SchemaField({ name, value, error, onChange, onSave }: SchemaFieldProps) {
  const id = useId();
  const problem = error ?? (value.trim() === '' ? null : schemaProblem(value));
  return (
    <div role="group" aria-labelledby={id} data-field-error={problem === null ? undefined : ''}>
      <div id={id} className={styles['label']}>
        JSON Schema
      </div>
      <p className={styles['note']}>Of the data; leave it empty for none.</p>
      <div className={styles['editor']}>
        <CodeEditor
          label="JSON Schema"
          path={`event-schema/${name}.json`}
          language="json"
          value={value}
          onChange={onChange}
          onSubmit={onSave}
          schema={editorRules}
          placeholder={'{"type": "object", "required": ["id"]}'}
          isWrapped
        />
      </div>
      {problem !== null && <p className={styles['error']}>{problem}</p>}
    </div>
  );
}
