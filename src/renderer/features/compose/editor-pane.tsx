import { Button, Select, Switch } from '@mantine/core';
import { IconTemplate } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { CodeEditor } from '../../editor/code-editor.tsx';
import type { EditorLanguage, EditorMarker } from '../../editor/editor-types.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import {
  chosenEndpoint,
  chosenEvent,
  chosenEventType,
  dataText,
  isDataChanged,
  isTemplateChanged,
  sampleKey,
  targetBatch,
  templateText,
  type ComposeState,
} from './compose-state.ts';
import styles from './compose.module.css';
import { AttachedEditor } from './attached-editor.tsx';
import { BodyEditor } from './body-editor.tsx';
import type { EditorPaneProps } from './editor-props.ts';
import { sampleOf } from './event-samples.ts';
import { HeadersEditor } from './headers-editor.tsx';
import type { PlacedProblem } from './placed-problem.ts';
import { useActiveEnvironment } from '../../stores/session.tsx';
import { envelopeText, sampleScope, starterFor, variableScope } from './sample-scope.ts';
import { TemplateVersionsButton } from './template-versions.tsx';

type EditorTab = 'body' | 'headers' | 'data' | 'template' | 'files';

/** Markers for the problem that stands in one of the two texts. */
function markersFor(problem: PlacedProblem | null, where: 'data' | 'template'): readonly EditorMarker[] {
  if (problem === null || problem.where !== where) return [];
  return [{ ...problem.place, message: problem.message, severity: 'error' }];
}

/** The language a template is written in follows what the endpoint promises to send. */
export function templateLanguage(contentType: string): EditorLanguage {
  return /[/+]json\b/i.test(contentType) ? 'liquid-json' : 'liquid';
}

/** The event's data and the endpoint's template. */
export function EditorPane({ store, state, onSend }: EditorPaneProps) {
  const { resend, draft } = state;
  const isGiven = draft.head !== null;
  // A delivery that is sent again begins with its body where that is known, an event of one's own with its data.
  const first: EditorTab = resend !== null && draft.body !== null ? 'body' : 'data';
  const [chosen, setChosen] = useState<{ readonly of: string | null; readonly tab: EditorTab } | null>(null);
  const of = resend?.id ?? null;
  const tab = chosen !== null && chosen.of === of ? chosen.tab : first;
  const setTab = (next: EditorTab) => setChosen({ of, tab: next });
  const { problem } = state.preview;
  const isTemplateDirty = isTemplateChanged(state);
  const isDataEdited = isDataChanged(state) && resend === null;
  const dataNote = problem?.where === 'data' ? 'error' : isDataEdited ? 'edited' : undefined;
  const templateNote = problem?.where === 'template' || problem?.where === 'rendered' ? 'error' : isTemplateDirty ? 'unsaved' : undefined;
  const filesNote = problem?.where === 'files' ? 'error' : state.attached === null ? undefined : 'sent';
  return (
    <Tabs<EditorTab>
      label="What to edit"
      tabs={[
        ...(resend === null
          ? []
          : [{ name: 'body', label: isGiven ? 'Body' : 'Body as sent', note: problem?.where === 'body' ? 'error' : undefined } as const]),
        ...(isGiven
          ? [{ name: 'headers', label: 'Headers', note: problem?.where === 'headers' ? 'error' : undefined } as const]
          : [
              { name: 'data', label: 'Data', note: dataNote } as const,
              { name: 'template', label: 'Template', note: templateNote } as const,
              ...(resend === null ? [{ name: 'files', label: 'Files', note: filesNote } as const] : []),
            ]),
      ]}
      value={tab}
      onChange={setTab}
      aside={
        tab === 'data' ? (
          <DataActions store={store} state={state} isChanged={isDataEdited} />
        ) : tab === 'template' ? (
          <TemplateActions store={store} state={state} />
        ) : null
      }
    >
      {state.saveProblem !== null && (
        <div className={styles['notice']}>
          <ErrorNotice problem={state.saveProblem} rest={state.saveProblem.issues} />
        </div>
      )}
      {tab !== 'body' && !isGiven && draft.body !== null && (
        <p className={styles['remark']}>The body is sent exactly as before. A change here renders it again.</p>
      )}
      {state.attached !== null && (tab === 'data' || tab === 'template') && (
        <p className={styles['remark']}>
          The body comes from <i>Files</i>, so data and template are not sent.
        </p>
      )}
      {tab === 'files' && <AttachedEditor store={store} state={state} />}
      {tab === 'body' && <BodyEditor store={store} state={state} onSend={onSend} />}
      {tab === 'headers' && <HeadersEditor store={store} state={state} onSend={onSend} />}
      {tab === 'data' && <DataEditor store={store} state={state} onSend={onSend} />}
      {tab === 'template' && <TemplateEditor store={store} state={state} onSend={onSend} />}
      <PlaceLine problem={problem} onShow={setTab} tab={tab} />
    </Tabs>
  );
}

interface DataActionsProps extends Pick<EditorPaneProps, 'store' | 'state'> {
  readonly isChanged: boolean;
}

/** The sample to begin with, where there are several, and the way back to it. */
function DataActions({ store, state, isChanged }: DataActionsProps) {
  const event = chosenEvent(state);
  const samples = event?.samples ?? [];
  const chosen = event === null ? undefined : sampleOf(event, sampleKey(state, event.name));
  const owners = [...new Set(samples.map(({ owner }) => owner))];
  const optionsOf = (owner: string) =>
    samples.filter((sample) => sample.owner === owner).map(({ key, name }) => ({ value: key, label: name }));
  const batch = targetBatch(state);
  return (
    <div className={styles['actions']}>
      {(batch !== null || state.draft.isBatch) && (
        <Switch
          size="xs"
          label="Data is a list of events"
          title={batch === null ? 'This target takes one event in each request.' : `Up to ${batch.maxEvents} events go in one request.`}
          checked={state.draft.isBatch}
          onChange={({ currentTarget }) => store.setBatch(currentTarget.checked)}
        />
      )}
      {isChanged && (
        <Button size="compact-xs" variant="subtle" onClick={store.resetData}>
          Back to the sample
        </Button>
      )}
      {samples.length > 1 && state.resend === null && (
        <Select
          className={styles['sample'] ?? ''}
          size="xs"
          aria-label="Sample"
          data={owners.length === 1 ? optionsOf(owners[0] ?? '') : owners.map((owner) => ({ group: owner, items: optionsOf(owner) }))}
          value={chosen?.key ?? null}
          allowDeselect={false}
          comboboxProps={{ width: 260, position: 'bottom-end' }}
          onChange={(key) => key !== null && store.setSample(key)}
        />
      )}
    </div>
  );
}

function TemplateActions({ store, state }: Pick<EditorPaneProps, 'store' | 'state'>) {
  const isDirty = isTemplateChanged(state);
  const endpoint = chosenEndpoint(state);
  return (
    <div className={styles['actions']}>
      {endpoint !== null && (
        <TemplateVersionsButton
          endpoint={endpoint}
          language={templateLanguage(endpoint.contentType)}
          envelope={envelopeText(endpoint.contentType)}
          isEdited={isDirty}
          isCompact
        />
      )}
      {templateText(state) !== null && (
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => store.setTemplate(null)}>
          No template
        </Button>
      )}
      {isDirty && (
        <Button size="compact-xs" variant="subtle" onClick={store.revertTemplate}>
          Revert
        </Button>
      )}
      {isDirty && endpoint !== null && (
        <Button size="compact-xs" loading={state.isSaving} title={`Save to ${endpoint.name}`} onClick={() => void store.saveTemplate()}>
          Save to endpoint
        </Button>
      )}
    </div>
  );
}

/** Identifies the draft among the texts of the editor, so that undo never crosses into another. */
function draftName({ resend, target }: ComposeState): string {
  return resend?.id ?? target;
}

function DataEditor({ store, state, onSend }: EditorPaneProps) {
  const event = chosenEvent(state);
  // Nothing can be typed over a text that is still to come.
  if (event === null) return <ProgressBar isActive={state.loadProblem === null} />;
  const sample = event.samples.findIndex(({ key }) => key === sampleKey(state, event.name));
  return (
    <div className={styles['editor']}>
      <CodeEditor
        label="Data of the event, JSON"
        path={`data/${draftName(state)}/${event.name}${sample === -1 ? '' : `/${sample}`}.json`}
        language="json"
        value={dataText(state)}
        onChange={store.setData}
        onSubmit={onSend}
        schema={state.draft.isBatch && event.schema !== null ? { type: 'array', items: event.schema } : event.schema}
        isWrapped
      />
    </div>
  );
}

function TemplateEditor({ store, state, onSend }: EditorPaneProps) {
  const template = templateText(state);
  const endpoint = chosenEndpoint(state);
  const name = chosenEventType(state);
  const data = dataText(state);
  const environment = useActiveEnvironment();
  const scope = useMemo(
    () => ({ ...sampleScope(name, data, endpoint, Date.now()), ...variableScope(environment) }),
    [name, data, endpoint, environment],
  );
  const markers = useMemo(() => markersFor(state.preview.problem, 'template'), [state.preview.problem]);
  const contentType = endpoint?.contentType ?? state.oneOff.contentType;
  if (template === null)
    return (
      <EmptyState
        icon={IconTemplate}
        sentence="There is no template, so the body is the envelope with type, timestamp and data."
        action={
          <Button size="xs" variant="default" onClick={() => store.setTemplate(starterFor(contentType))}>
            Write a template
          </Button>
        }
        example={<code>{envelopeText(contentType)}</code>}
      />
    );
  return (
    <div className={styles['editor']}>
      <CodeEditor
        label="Template of the body, Liquid"
        markedLine={state.view.isTraced ? state.markedLine : null}
        {...(state.view.isTraced ? { onCursorLine: store.markLine } : {})}
        path={`template/${draftName(state)}`}
        language={templateLanguage(contentType)}
        value={template}
        onChange={store.setTemplate}
        onSubmit={onSend}
        markers={markers}
        scope={scope}
        isWrapped
      />
    </div>
  );
}

interface PlaceLineProps {
  readonly problem: PlacedProblem | null;
  readonly tab: EditorTab;
  readonly onShow: (tab: EditorTab) => void;
}

/** The problem in words under the editor, since not everyone can see a mark in the text. */
function PlaceLine({ problem, tab, onShow }: PlaceLineProps) {
  if (problem === null || problem.where === 'request') return null;
  const home: EditorTab = problem.where === 'rendered' ? 'template' : problem.where;
  // The files say it themselves, beside what would help.
  if (home === 'files' && tab === 'files') return null;
  const place = problem.where === 'data' ? `Line ${problem.place.line}, column ${problem.place.column}: ` : '';
  return (
    <div className={styles['place']} role="status" data-place>
      <span>
        {place}
        {problem.message}
      </span>
      {home !== tab && (
        <Button size="compact-xs" variant="subtle" onClick={() => onShow(home)}>
          Show
        </Button>
      )}
    </div>
  );
}
