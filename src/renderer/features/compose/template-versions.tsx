import { Button, Modal, SegmentedControl } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useCallback, useEffect, useState } from 'react';
import type { TemplateVersion, WholeTemplateVersion } from '#shared/contract/template-versions.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { countText } from '../../base/size-format.ts';
import type { EditorLanguage } from '../../editor/editor-types.ts';
import { DiffViewer } from '../../editor/diff-viewer.tsx';
import { useChanges, useClient, useSession } from '../../stores/session.tsx';
import { useAct } from '../../stores/use-act.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import styles from './template-versions.module.css';

interface TemplateVersionsProps {
  readonly endpoint: { readonly id: string; readonly name: string };
  readonly language: EditorLanguage;
  /** What is sent without a template. */
  readonly envelope: string;
  /** Whether the template has changes that are not saved: restoring would come under them. */
  readonly isEdited: boolean;
  /** As high as the buttons of a bar of tabs. */
  readonly isCompact?: boolean;
}

/** Opens the earlier templates of an endpoint. */
export function TemplateVersionsButton(props: TemplateVersionsProps) {
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <Button
        size={props.isCompact === true ? 'compact-xs' : 'xs'}
        variant="default"
        leftSection={<IconHistory size={14} />}
        onClick={() => setOpen(true)}
      >
        Versions
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={`Versions of the template of ${props.endpoint.name}`}
        size="min(1120px, 94vw)"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Versions {...props} onClose={close} />
      </Modal>
    </>
  );
}

function Versions({ endpoint, language, envelope, isEdited, onClose }: TemplateVersionsProps & { readonly onClose: () => void }) {
  const client = useClient();
  const { undo } = useSession();
  const [items, setItems] = useState<readonly TemplateVersion[] | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  const [beside, setBeside] = useState<'current' | 'before'>('current');
  const [problem, setProblem] = useState<Problem | null>(null);
  const act = useAct();
  const read = useCallback(async () => {
    try {
      setItems((await client.endpoints.templateVersions({ id: endpoint.id })).items);
    } catch (error) {
      setProblem(toProblem(error));
    }
  }, [client, endpoint.id]);
  useEffect(() => void read(), [read]);
  useChanges(['endpoints'], (ids) => (ids === null || ids.includes(endpoint.id) ? void read() : undefined));
  if (items === null) return problem === null ? <ProgressBar isActive /> : <ErrorNotice problem={problem} />;
  const current = items[0];
  const at = Math.max(
    items.findIndex(({ number }) => number === (chosen ?? items[1]?.number)),
    0,
  );
  const version = items[at];
  if (current === undefined || version === undefined) return null;
  const other = beside === 'current' ? current : (items[at + 1] ?? null);
  const restore = async () => {
    if (!(await act.run(() => client.endpoints.restoreTemplate({ id: endpoint.id, number: version.number })))) return;
    undo.offer({
      sentence: `${endpoint.name} has the template of version ${version.number} again.`,
      undo: async () => {
        await client.endpoints.restoreTemplate({ id: endpoint.id, number: current.number });
        const sentence = `${endpoint.name} has the template from before.`;
        return { sentence, route: { area: 'endpoints', id: endpoint.id }, itemId: null };
      },
    });
    onClose();
  };
  return (
    <div className={styles['versions']}>
      <ul className={styles['list']} aria-label="Versions, newest first">
        {items.map((each) => (
          <li key={each.number}>
            <button type="button" aria-current={each.number === version.number} onClick={() => setChosen(each.number)}>
              <b>
                Version {each.number}
                {each.isCurrent && <span className={styles['mark']}>current</span>}
              </b>
              <span>
                <TimeText atMs={each.madeAtMs} /> · {sizeText(each)}
              </span>
              <span className={styles['cause']}>{causeText(each)}</span>
            </button>
          </li>
        ))}
      </ul>
      <div className={styles['compared']}>
        <div className={styles['bar']}>
          <SegmentedControl
            size="xs"
            aria-label="Compare with"
            data={[
              { value: 'current', label: 'With the current one' },
              { value: 'before', label: 'With the one before' },
            ]}
            value={beside}
            onChange={(value) => setBeside(value === 'before' ? 'before' : 'current')}
          />
          <Button size="xs" disabled={version.isCurrent || isEdited} loading={act.isBusy} onClick={() => void restore()}>
            Restore version {version.number}
          </Button>
        </div>
        {isEdited && !version.isCurrent && (
          <p className={styles['note']}>The template has unsaved changes: save or discard them before you restore a version.</p>
        )}
        <ErrorNotice problem={act.problem ?? problem} />
        <Compared
          key={`${version.number} ${other?.number ?? ''}`}
          endpointId={endpoint.id}
          numbers={beside === 'current' ? [version.number, current.number] : [other?.number ?? null, version.number]}
          language={language}
          envelope={envelope}
        />
      </div>
    </div>
  );
}

interface ComparedProps {
  readonly endpointId: string;
  /** The older and the newer one; null where there is none before. */
  readonly numbers: readonly [number | null, number];
  readonly language: EditorLanguage;
  readonly envelope: string;
}

function Compared({ endpointId, numbers: [before, after], language, envelope }: ComparedProps) {
  const client = useClient();
  const [texts, setTexts] = useState<readonly [string, string] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    let isLeft = false;
    const textOf = ({ template }: Pick<WholeTemplateVersion, 'template'>) => template ?? envelope;
    const whole = (number: number) => client.endpoints.templateVersion({ id: endpointId, number });
    Promise.all([before === null ? null : whole(before), whole(after)]).then(
      ([older, newer]) => !isLeft && setTexts([older === null ? '' : textOf(older), textOf(newer)]),
      (error: unknown) => !isLeft && setProblem(toProblem(error)),
    );
    return () => {
      isLeft = true;
    };
  }, [client, endpointId, before, after, envelope]);
  if (problem !== null) return <ErrorNotice problem={problem} />;
  if (texts === null) return <ProgressBar isActive />;
  return (
    <>
      <p className={styles['note']} role="status">
        {comparisonText(before, after, texts)}
      </p>
      <div className={styles['diff']}>
        <DiffViewer
          before={texts[0]}
          after={texts[1]}
          language={language}
          label={{ before: before === null ? 'Nothing' : `Version ${before}`, after: `Version ${after}` }}
        />
      </div>
    </>
  );
}

function comparisonText(before: number | null, after: number, [older, newer]: readonly [string, string]): string {
  if (before === null) return `Version ${after} is the oldest that is kept.`;
  if (before === after) return `Version ${after} is the current one.`;
  return older === newer ? `Versions ${before} and ${after} are the same.` : `Left version ${before}, right version ${after}.`;
}

function sizeText({ characters }: TemplateVersion): string {
  return characters === null ? 'default envelope' : countText(characters, 'character', 'characters');
}

/** What made a version. */
function causeText({ cause, restoredFrom, madeBy }: Pick<TemplateVersion, 'cause' | 'restoredFrom' | 'madeBy'>): string {
  const by = madeBy === null ? '' : ` by ${madeBy}`;
  switch (cause) {
    case 'created':
      return `Created${by}`;
    case 'edited':
      return `Changed${by}`;
    case 'restored':
      return `Version ${restoredFrom ?? ''} restored${by}`;
    case 'profile':
      return `Taken over from the profile${by}`;
    case 'kept':
      return 'As it was before versions were kept';
  }
}
