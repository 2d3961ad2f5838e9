import { Select } from '@mantine/core';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { PreparedRequest } from '#shared/contract/preview.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { bytesText } from '../../base/size-format.ts';
import { exactText } from '../../base/time-format.ts';
import type { Client } from '../../base/client.ts';
import { useClient, useSettings } from '../../stores/session.tsx';
import { useRead } from '../../stores/use-read.ts';
import { bytesOfBase64 } from '../../ui/body-format.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { BodyDiff } from '../verify/body-diff.tsx';
import { diffBytes } from '../verify/byte-diff.ts';
import { compareHeads, type HeaderChange } from './compare-requests.ts';
import { readChoices, readComparison, type ComparisonChoice, type ComparisonSource } from './comparison-source.ts';
import styles from './compose.module.css';
import { requestTarget } from './request-text.ts';

/** What a previewed request is compared with. */
export interface ComparisonViewProps {
  readonly request: PreparedRequest;
  /** Whose deliveries are offered; null for those of nobody. */
  readonly endpointId: string | null;
  /** What is being sent again, which it is compared with first. */
  readonly first: Pick<ComparisonChoice, 'kind' | 'id'> | null;
}

/** The previewed request beside one of the log or of a bin: line, headers, and the first byte that differs. */
export function ComparisonView({ request, endpointId, first }: ComparisonViewProps) {
  const isUtc = useSettings()?.isUtc ?? false;
  const read = useCallback((client: Client, signal: AbortSignal) => readChoices(client, endpointId, signal), [endpointId]);
  const choices = useRead(read);
  const [chosen, setChosen] = useState<string | null>(null);
  const keyOf = ({ kind, id }: Pick<ComparisonChoice, 'kind' | 'id'>) => `${kind}:${id}`;
  const key = chosen ?? (first === null ? null : keyOf(first)) ?? (choices?.[0] === undefined ? null : keyOf(choices[0]));
  if (choices === null) return <ProgressBar isActive />;
  const isListed = key === null || choices.some((choice) => keyOf(choice) === key);
  const optionsOf = (kind: ComparisonChoice['kind']) =>
    choices
      .filter((choice) => choice.kind === kind)
      .map((choice) => ({ value: keyOf(choice), label: `${choice.label}, ${exactText(choice.atMs, isUtc)}` }));
  const groups = [
    ...(isListed || key === null ? [] : [{ group: 'Sent again', items: [{ value: key, label: 'What is being sent again' }] }]),
    { group: 'Deliveries of the endpoint', items: optionsOf('delivery') },
    { group: 'Captures', items: optionsOf('capture') },
  ].filter(({ items }) => items.length > 0);
  if (key === null)
    return <p className={styles['caption']}>There is nothing to compare with yet: no delivery of this endpoint, and no capture.</p>;
  return (
    <div className={styles['scroll']}>
      <Select
        size="xs"
        label="Compare with"
        data={groups}
        value={key}
        allowDeselect={false}
        searchable
        nothingFoundMessage="None of the last ones has this."
        onChange={(value) => value !== null && setChosen(value)}
      />
      <Compared key={key} request={request} of={key} />
    </div>
  );
}

function Compared({ request, of }: { readonly request: PreparedRequest; readonly of: string }) {
  const client = useClient();
  const [source, setSource] = useState<ComparisonSource | null | 'reading'>('reading');
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    const [kind, id] = [of.startsWith('capture:') ? 'capture' : 'delivery', of.slice(of.indexOf(':') + 1)] as const;
    let isLeft = false;
    readComparison(client, { kind, id }).then(
      (found) => !isLeft && setSource(found),
      (error: unknown) => !isLeft && setProblem(toProblem(error)),
    );
    return () => {
      isLeft = true;
    };
  }, [client, of]);
  if (problem !== null) return <ErrorNotice problem={problem} />;
  if (source === 'reading') return <ProgressBar isActive />;
  if (source === null) return <p className={styles['caption']}>This delivery never made a request, so there is nothing to compare with.</p>;
  return <Differences request={request} source={source} />;
}

function Differences({ request, source }: { readonly request: PreparedRequest; readonly source: ComparisonSource }) {
  const target = requestTarget(request.url);
  const head = compareHeads({ method: request.method, target, headers: request.headers }, source);
  const diff = useMemo(
    () => (source.body === null ? null : diffBytes(bytesOfBase64(request.bodyBase64), source.body)),
    [request.bodyBase64, source.body],
  );
  return (
    <section className={styles['comparison']} aria-label="Comparison">
      <h2 className={styles['heading']}>Request line</h2>
      <p>{head.isSameLine ? 'The same.' : `Here ${request.method} ${target}, there ${source.method} ${source.target}.`}</p>
      <h2 className={styles['heading']}>Headers</h2>
      {head.headers.length === 0 ? <p>The same names and values.</p> : <HeaderChanges changes={head.headers} />}
      {head.isReordered && <p>They come in another order.</p>}
      <h2 className={styles['heading']}>Body</h2>
      {source.note !== null && <p>{source.note}</p>}
      {source.body !== null &&
        (diff === null ? (
          <p>The same {bytesText(request.bodyBytes)}, byte for byte.</p>
        ) : (
          <>
            <p>{`${bytesText(request.bodyBytes)} here, ${bytesText(source.body.length)} there.`}</p>
            <BodyDiff diff={diff} labels={{ received: 'Here', signed: 'There' }} />
          </>
        ))}
      <p className={styles['caption']}>Ids, times and signatures are new in each request, and so are parts of a body that hold them.</p>
    </section>
  );
}

function HeaderChanges({ changes }: { readonly changes: readonly HeaderChange[] }) {
  return (
    <table className={styles['changes']}>
      <thead>
        <tr>
          <th scope="col">Header</th>
          <th scope="col">Here</th>
          <th scope="col">There</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ kind, name, here, there }) => (
          <tr key={name} data-kind={kind}>
            <th scope="row">
              {name}
              <span>{kind}</span>
            </th>
            <td>{here ?? '–'}</td>
            <td>{there ?? '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
