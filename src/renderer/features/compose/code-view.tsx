import { SegmentedControl } from '@mantine/core';
import { useMemo } from 'react';
import { requestCodeKind, type PreparedRequest, type RequestCodeKind } from '#shared/contract/preview.ts';
import { countText } from '../../base/size-format.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { cutMiddle } from '#shared/text/cut-middle.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import styles from './compose.module.css';
import { shownCode, type PreviewView } from './preview-view.ts';

/** Code that holds a large body is shown without its middle; its ends have the address and the headers. */
const shownEnds = { start: 8000, end: 24_000 };

const labels: Readonly<Record<RequestCodeKind, string>> = { curl: 'cURL', httpie: 'HTTPie', fetch: 'fetch', python: 'Python', go: 'Go' };

interface CodeViewProps {
  readonly request: PreparedRequest;
  readonly view: PreviewView;
  readonly onView: (view: PreviewView) => void;
}

/** The request as a command or as code that makes it again. */
export function CodeView({ request, view, onView }: CodeViewProps) {
  const code = shownCode(request, view.code);
  const { start, hiddenCharacters, end } = useMemo(() => cutMiddle(code?.text ?? '', shownEnds), [code?.text]);
  return (
    <div className={styles['scroll']}>
      <div className={styles['codeBar']}>
        <SegmentedControl
          size="xs"
          aria-label="Code for"
          value={view.code}
          onChange={(kind) => onView({ ...view, code: kind })}
          data={requestCodeKind.options.map((kind) => ({ value: kind, label: labels[kind] }))}
        />
        {code !== null && <CopyButton label="Copy" text={code.text} withLabel />}
      </div>
      <p className={styles['caption']}>{[`Makes the same request. ${signatureWords(request)}`, ...(code?.notes ?? [])].join(' ')}</p>
      {code === null ? (
        <ProgressBar isActive />
      ) : (
        <pre className={styles['code']} tabIndex={0} aria-label={`${labels[view.code]} code`}>
          {start}
          {hiddenCharacters > 0 && <em>{` \u2026 ${countText(hiddenCharacters, 'more character', 'more characters')} \u2026 `}</em>}
          {end}
        </pre>
      )}
    </div>
  );
}

function signatureWords({ signature, secretSource }: PreparedRequest): string {
  if (signature === null) return '';
  return secretSource === 'placeholder'
    ? 'Its signature is made with a stand-in for the secret, so no receiver accepts it.'
    : 'Its signature is accepted as long as its time is.';
}
