import { Checkbox } from '@mantine/core';
import { CodeEditor } from '../../editor/code-editor.tsx';
import { chosenEndpoint } from './compose-state.ts';
import styles from './compose.module.css';
import type { EditorPaneProps } from './editor-props.ts';

/** Headers of a captured or pasted request, a line each, and whether the endpoint signs it anew. */
export function HeadersEditor({ store, state, onSend }: EditorPaneProps) {
  const { resend, draft } = state;
  const endpoint = chosenEndpoint(state);
  if (resend === null || draft.head === null) return null;
  const isSigning = endpoint !== null && endpoint.signing !== null;
  return (
    <>
      {isSigning && (
        <div className={styles['remark']}>
          <Checkbox
            size="xs"
            label={`Sign with the scheme and secret of ${endpoint.name}`}
            description="The new signature takes the place of headers of the same name. Otherwise they are sent as they stand here."
            checked={draft.head.isSigned}
            onChange={(event) => store.setHead({ isSigned: event.currentTarget.checked })}
          />
        </div>
      )}
      <div className={styles['editor']}>
        <CodeEditor
          label="Headers, one a line as Name: value"
          path={`headers/${resend.id}`}
          language="plaintext"
          value={draft.head.headers}
          onChange={(headers) => store.setHead({ headers })}
          onSubmit={onSend}
        />
      </div>
    </>
  );
}
