import { Button } from '@mantine/core';
import { IconCode } from '@tabler/icons-react';
import { CodeEditor } from '../../editor/code-editor.tsx';
import { useSession } from '../../stores/session.tsx';
import { templateLanguage } from '../compose/editor-pane.tsx';
import { starterTemplate } from '../compose/sample-scope.ts';
import { MarkedField } from '../../ui/field-marks.tsx';
import { FormSection, type EndpointFormProps } from './form-section.tsx';
import styles from './endpoint-form.module.css';

/** The default envelope, or a template. */
export function BodySection({ draft, onChange, errors, endpointId }: EndpointFormProps) {
  const { router } = useSession();
  const { template } = draft;
  return (
    <FormSection title="Body" note="What is sent: the default envelope, or a Liquid template of your own.">
      <MarkedField name="template" className={styles['wide']}>
        {template === null ? (
          <div className={styles['envelope']}>
            <code>{'{ "type": ..., "timestamp": ..., "data": ... }'}</code>
            <Button size="xs" variant="default" onClick={() => onChange({ ...draft, template: starterTemplate })}>
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
        {template !== null && (
          <Button size="xs" variant="default" onClick={() => onChange({ ...draft, template: null })}>
            Use the default envelope
          </Button>
        )}
      </div>
    </FormSection>
  );
}
