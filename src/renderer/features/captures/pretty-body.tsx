import { useMemo } from 'react';
import type { Capture } from '#shared/contract/captures.ts';
import { CodeEditor } from '../../editor/code-editor.tsx';
import { bytesText } from '../../size-format.ts';
import { base64OfBytes, bytesOfBase64 } from '../../ui/body-format.ts';
import { BodyView } from '../../ui/body-view.tsx';
import { viewBody, type BodyPart } from './body-kind.ts';
import styles from './captures.module.css';

/** The body as its media type is best read: JSON laid out, a form as fields, multipart in its parts. */
export function PrettyBody({ capture }: { readonly capture: Capture }) {
  const view = useMemo(() => viewBody(bytesOfBase64(capture.bodyBase64), capture.contentType), [capture]);
  switch (view.kind) {
    case 'empty':
      return <p className={styles['none']}>The request had no body.</p>;
    case 'json':
    case 'text':
      return (
        <BodyView
          label="Body"
          bodyBase64={capture.bodyBase64}
          bodyBytes={capture.bodyBytes}
          isTruncated={capture.isBodyTruncated}
          mode={view.kind === 'json' ? 'pretty' : 'raw'}
          isModeFixed
          isTall
        />
      );
    case 'form':
      return <FieldTable fields={view.fields} />;
    case 'multipart':
      return <Parts parts={view.parts} />;
    case 'markup':
      return (
        <div className={styles['code']}>
          <CodeEditor label="Body" path={`capture/${capture.id}`} language={view.language} value={view.text} isWrapped />
        </div>
      );
    case 'binary':
      return (
        <BodyView
          label="Body"
          bodyBase64={capture.bodyBase64}
          bodyBytes={capture.bodyBytes}
          isTruncated={capture.isBodyTruncated}
          mode="hex"
          isModeFixed
          isTall
        />
      );
  }
}

function FieldTable({ fields }: { readonly fields: readonly { readonly name: string; readonly value: string }[] }) {
  return (
    <div className={styles['scroll']}>
      <table className={styles['fields']}>
        <caption className="visually-hidden">Fields of the form</caption>
        <tbody>
          {fields.map((field, index) => (
            <tr key={index}>
              <th scope="row">{field.name}</th>
              <td>{field.value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Parts({ parts }: { readonly parts: readonly BodyPart[] }) {
  return (
    <div className={styles['scroll']}>
      {parts.map((part, index) => (
        <section key={index} className={styles['part']}>
          <h3>
            {part.name ?? `Part ${index + 1}`}
            <span>{[part.fileName, part.contentType, bytesText(part.bytes.length)].filter((fact) => fact !== null).join(', ')}</span>
          </h3>
          <BodyView label={part.name ?? `Part ${index + 1}`} bodyBase64={base64OfBytes(part.bytes)} bodyBytes={part.bytes.length} />
        </section>
      ))}
    </div>
  );
}
