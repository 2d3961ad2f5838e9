import { Button, Select, Switch, TextInput } from '@mantine/core';
import { IconCode } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { bodyStyleNames } from '#shared/json/body-style.ts';
import { CodeEditor } from '../../editor/code-editor.tsx';
import { useActiveEnvironment, useSession } from '../../stores/session.tsx';
import { templateLanguage } from '../compose/editor-pane.tsx';
import { envelopeText, sampleScope, starterFor, variableScope } from '../compose/sample-scope.ts';
import { TemplateVersionsButton } from '../compose/template-versions.tsx';
import { MarkedField } from '../../ui/field-marks.tsx';
import { bodyStyleText } from './endpoint-words.ts';
import { FormSection, type EndpointFormProps } from './form-section.tsx';
import styles from './endpoint-form.module.css';

const styleChoices = [
  { value: '', label: bodyStyleText(null) },
  ...bodyStyleNames.map((style) => ({ value: style, label: bodyStyleText(style) })),
];

/** The default envelope, or a template. */
export function BodySection({ draft, onChange, errors, endpointId }: EndpointFormProps) {
  const { router, drafts } = useSession();
  const { template } = draft;
  const isEdited = useStore(drafts, (all) => endpointId !== null && all[`endpoint:${endpointId}`]?.edits['template'] !== undefined);
  const environment = useActiveEnvironment();
  const scope = useMemo(() => ({ ...sampleScope('', '', null, Date.now()), ...variableScope(environment) }), [environment]);
  return (
    <FormSection title="Body" note="What is sent: the default envelope, or a Liquid template of your own.">
      <MarkedField name="template" className={styles['wide']}>
        {template === null ? (
          <div className={styles['envelope']}>
            <code>{envelopeText(draft.contentType)}</code>
            <Button size="xs" variant="default" onClick={() => onChange({ ...draft, template: starterFor(draft.contentType) })}>
              Write a template
            </Button>
          </div>
        ) : (
          <>
            <div className={styles['template']} data-invalid={errors['template'] !== undefined || undefined}>
              <CodeEditor
                label="Template"
                path={`endpoint/${endpointId ?? 'new'}/template`}
                language={templateLanguage(draft.contentType)}
                value={template}
                onChange={(text) => onChange({ ...draft, template: text })}
                scope={scope}
                isWrapped
              />
            </div>
            {errors['template'] !== undefined && (
              <p className={styles['problem']} role="alert">
                {errors['template']}
              </p>
            )}
          </>
        )}
      </MarkedField>
      {/json/i.test(draft.contentType) && (
        <MarkedField name="bodyStyle" className={styles['wide']}>
          <Select
            label="JSON style"
            description="How the body is written before it is signed: the same values in other bytes."
            data={styleChoices}
            value={draft.bodyStyle ?? ''}
            error={errors['bodyStyle']}
            allowDeselect={false}
            onChange={(text) => onChange({ ...draft, bodyStyle: bodyStyleNames.find((style) => style === text) ?? null })}
          />
        </MarkedField>
      )}
      <MarkedField name="bodyPerAttempt" className={styles['wide']}>
        <Switch
          label="Render the body again for each attempt"
          description="So that its template can name attempt, retry and redelivery. Otherwise every attempt sends the same bytes."
          checked={draft.bodyPerAttempt}
          error={errors['bodyPerAttempt']}
          onChange={(event) => onChange({ ...draft, bodyPerAttempt: event.currentTarget.checked })}
        />
      </MarkedField>
      {(template !== null || draft.batch !== '') && (
        <MarkedField name="batch" className={styles['wide']}>
          <TextInput
            label="Events in one request"
            description="At most so many, where a batch is sent: the template then renders a JSON array of one event, and those of all are joined. Empty for one each."
            placeholder="one"
            inputMode="numeric"
            value={draft.batch}
            error={errors['batch'] ?? errors['batch.maxEvents']}
            onChange={(event) => onChange({ ...draft, batch: event.currentTarget.value })}
          />
        </MarkedField>
      )}
      <div className={`${styles['wide']} ${styles['buttons']}`}>
        {endpointId !== null && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconCode size={14} />}
            onClick={() => router.go({ area: 'compose', query: { endpoint: endpointId } })}
          >
            Edit with preview in Compose
          </Button>
        )}
        {endpointId !== null && (
          <TemplateVersionsButton
            endpoint={{ id: endpointId, name: draft.name }}
            language={templateLanguage(draft.contentType)}
            envelope={envelopeText(draft.contentType)}
            isEdited={isEdited}
          />
        )}
        {template !== null && (
          <Button size="xs" variant="default" onClick={() => onChange({ ...draft, template: null })}>
            Use the default envelope
          </Button>
        )}
      </div>
    </FormSection>
  );
}
