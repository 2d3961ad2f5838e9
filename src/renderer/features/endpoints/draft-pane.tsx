import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { givenOf } from '#shared/contract/json.ts';
import { hasOutputs } from '#shared/contract/template-outputs.ts';
import { matchesEvent } from '#shared/event-pattern.ts';
import { useChanges, useClient } from '../../stores/session.tsx';
import { ProblemRemark, RequestTabs, WarningsRemark } from '../compose/request-pane.tsx';
import { firstView } from '../compose/preview-view.ts';
import { createDraftPreview, type TrialEvent } from './draft-preview.ts';
import { trialOf, type EndpointDraft } from './endpoint-draft.ts';
import styles from './endpoint-view.module.css';
import { TestButton, TestResult, useTestSend } from './test-send.tsx';
import { useProfile } from '../../stores/use-profile.ts';
import { useSample } from './use-sample.ts';

interface DraftPaneProps {
  readonly draft: EndpointDraft;
  readonly eventTypes: readonly string[];
}

/** The event type that a draft is tried with: the first that it listens to, or the first there is. */
function trialType(events: readonly string[], eventTypes: readonly string[]): string {
  return eventTypes.find((name) => matchesEvent(events, name)) ?? eventTypes[0] ?? 'test.event';
}

/** Beside the form of a new endpoint: the exact request that it would make, and a test of it as it stands. */
export function DraftPane({ draft, eventTypes }: DraftPaneProps) {
  const client = useClient();
  const profile = useProfile(draft.profile);
  const ofProfile = profile?.eventTypes.map(({ name }) => name) ?? [];
  const type = trialType(draft.events, [...ofProfile, ...eventTypes]);
  const ofCatalogue = useSample(type);
  const profileSample = profile?.eventTypes.find(({ name }) => name === type)?.samples[0]?.data;
  const sample = profileSample === undefined ? ofCatalogue : JSON.stringify(profileSample);
  const event: TrialEvent = { type, ...givenOf(sample) };
  const [store] = useState(() =>
    createDraftPreview(client, (callback, delayMs) => {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    }),
  );
  const preview = useStore(store);
  const [view, setView] = useState(firstView);
  const key = JSON.stringify([draft, event, view]);
  // Variables may have other values now.
  useChanges(['environments', 'settings'], () => store.show(draft, event, view));
  // The key says whether anything changed: draft and event are new objects each time.
  useEffect(() => store.show(draft, event, view), [store, key]); // oxlint-disable-line react-hooks/exhaustive-deps
  const test = useTestSend(trialOf(draft), (value) => client.endpoints.testDraft({ draft: value, eventType: type, ...givenOf(sample) }));
  const warnings = (preview.request?.warnings ?? []).filter(({ code }) => code !== 'SECRET_PLACEHOLDER');
  // A wrong field is reported at the field, and only there; that a variable is missing shows only here.
  const isOfForm = preview.problem?.where === 'request' && !preview.problem.issues.some(({ path }) => isOfVariable(path, draft));
  return (
    <div className={styles['preview']}>
      <RequestTabs
        preview={preview}
        view={view}
        onView={setView}
        renderRemarks={(onShowBody) => (
          <>
            {isOfForm ? (
              <p className={styles['previewNone']}>
                {draft.url.trim() === '' ? 'Type a URL to see the request.' : 'Correct the form to see the request.'}
              </p>
            ) : (
              <ProblemRemark preview={preview} onShowBody={onShowBody} />
            )}
            {!isOfForm && preview.problem?.where === 'template' && <p className={styles['previewNone']}>{preview.problem.message}</p>}
            {preview.problem === null && <WarningsRemark warnings={warnings} />}
          </>
        )}
      />
      <div className={styles['previewTest']}>
        <div className={styles['actions']}>
          <TestButton test={test} variant="default" />
          <span className={styles['hint']}>
            Sends <code>{type}</code> once, as the form is now. It does not create the endpoint.
          </span>
        </div>
        <TestResult test={test} />
      </div>
    </div>
  );
}

/** Whether a problem at this place is about the variables that the field takes, which its form knows nothing of. */
function isOfVariable(path: string, { url }: EndpointDraft): boolean {
  return path.startsWith('headers.') || (path === 'url' && hasOutputs(url));
}
