import { useCallback, useMemo } from 'react';
import type { Capture } from '#shared/contract/captures.ts';
import { bytesText, numberText } from '../../base/size-format.ts';
import { BodyView } from '../../ui/body-view.tsx';
import type { DecodedBody } from '../../ui/decoded-body.ts';
import { PieceBar } from '../../ui/piece-bar.tsx';
import { usePieces } from '../../ui/use-pieces.ts';
import { formFields, multipartParts, viewBody, type BodyPart, type FormField } from './body-kind.ts';
import styles from './capture-detail.module.css';

/** The body in the best view for its media type: JSON laid out, a form as fields, multipart as parts. */
export function PrettyBody({ capture, body }: { readonly capture: Capture; readonly body: DecodedBody }) {
  const view = useMemo(() => viewBody(body, capture.contentType), [body, capture.contentType]);
  switch (view.kind) {
    case 'empty':
      return <p className={styles['none']}>The request had no body.</p>;
    case 'json':
    case 'text':
    case 'markup':
    case 'binary':
      return (
        <BodyView
          label="Body"
          body={body}
          bodyBytes={capture.bodyBytes}
          isTruncated={capture.isBodyTruncated}
          mode={({ json: 'pretty', text: 'raw', markup: 'raw', binary: 'hex' } as const)[view.kind]}
          isModeFixed
          isMarkup={view.kind === 'markup'}
          isTall
        />
      );
    case 'form':
      return <FieldTable text={view.text} />;
    case 'multipart':
      return <Parts bytes={body.bytes} boundary={view.boundary} />;
  }
}

const fieldLimits = { rows: 200, size: 32_768, sizeOf: ({ name, value }: FormField) => name.length + value.length };

function FieldTable({ text }: { readonly text: string }) {
  const source = useCallback(() => formFields(text), [text]);
  const { rows, piece, isReading, isLast, show } = usePieces(source, fieldLimits);
  return (
    <>
      <div className={styles['scroll']} key={piece} tabIndex={0} role="region" aria-label="Form">
        <table className={styles['fields']}>
          <caption className="visually-hidden">Fields of the form</caption>
          <tbody>
            {rows.map((field, index) => (
              <tr key={index}>
                <th scope="row">{field.name}</th>
                <td>
                  {field.value}
                  {field.isCut && <em>{' \u2026 continues; Raw shows all of it'}</em>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <PieceBar label="the form" place={`Page ${numberText(piece + 1)} of the fields`} {...{ piece, isReading, isLast }} onShow={show} />
    </>
  );
}

/** Each part has a view of its own with all its controls. */
const partLimits = { rows: 10, size: Number.POSITIVE_INFINITY, sizeOf: () => 1 };

function Parts({ bytes, boundary }: { readonly bytes: Uint8Array<ArrayBuffer>; readonly boundary: string }) {
  const source = useCallback(() => multipartParts(bytes, boundary), [bytes, boundary]);
  const { rows, piece, isReading, isLast, show } = usePieces<BodyPart>(source, partLimits);
  const first = piece * partLimits.rows + 1;
  return (
    <>
      <div className={styles['scroll']} key={piece} tabIndex={0} role="region" aria-label="Parts">
        {rows.map((part, index) => (
          <section key={index} className={styles['part']}>
            <h3>
              {part.name ?? `Part ${first + index}`}
              <span>{[part.fileName, part.contentType, bytesText(part.bytes.length)].filter((fact) => fact !== null).join(', ')}</span>
            </h3>
            <BodyView label={part.name ?? `Part ${first + index}`} body={part.bytes} bodyBytes={part.bytes.length} />
          </section>
        ))}
      </div>
      <PieceBar
        label="the body"
        place={`Parts ${numberText(first)} to ${numberText(first + rows.length - 1)}`}
        {...{ piece, isReading, isLast }}
        onShow={show}
      />
    </>
  );
}
