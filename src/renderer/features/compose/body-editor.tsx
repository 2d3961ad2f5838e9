import { Button } from '@mantine/core';
import { IconFileCode } from '@tabler/icons-react';
import { CodeEditor } from '../../editor/code-editor.tsx';
import { bytesText } from '../../base/size-format.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import styles from './compose.module.css';
import type { EditorPaneProps } from './editor-props.ts';
import { editableCharacters } from './exact-body.ts';

/** The body that a delivery had, to be sent byte for byte or changed. */
export function BodyEditor({ store, state, onSend }: EditorPaneProps) {
  const { resend, draft } = state;
  const { body } = draft;
  if (resend === null) return null;
  if (body === null) {
    const { original } = resend;
    return (
      <EmptyState
        icon={IconFileCode}
        sentence={
          original.body === null
            ? 'The body cannot be sent again byte for byte, so it is rendered from data and template.'
            : 'The body is rendered from data and template now.'
        }
        action={
          original.body !== null && (
            <Button size="xs" variant="default" onClick={() => store.setBody(original.body)}>
              Send the body as it was
            </Button>
          )
        }
      />
    );
  }
  if (body.text.length > editableCharacters)
    return (
      <p className={styles['remark']}>
        {bytesText(body.encoding === 'text' ? body.text.length : Math.floor((body.text.length * 3) / 4))} are too much for this editor. The
        body is sent exactly as before.
      </p>
    );
  return (
    <>
      {body.encoding === 'base64' && (
        <p className={styles['remark']}>
          Text would lose some of its bytes (it is binary or has mixed line breaks), so it is written in base64.
        </p>
      )}
      <div className={styles['editor']}>
        <CodeEditor
          label={body.encoding === 'base64' ? 'Body in base64' : 'Body, byte for byte'}
          path={`body/${resend.id}.${body.encoding}`}
          language={body.encoding === 'text' && /^\s*[[{]/.test(body.text) ? 'json-view' : 'plaintext'}
          value={body.text}
          onChange={(text) => store.setBody({ ...body, text })}
          onSubmit={onSend}
          isWrapped
        />
      </div>
    </>
  );
}
