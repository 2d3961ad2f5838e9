import { TagsInput } from '@mantine/core';
import { matchesEvent } from '#shared/event-pattern.ts';
import { countText } from '../../base/size-format.ts';
import { MarkedField } from '../../ui/field-marks.tsx';
import { FormSection, type EndpointFormProps } from './form-section.tsx';
import styles from './endpoint-form.module.css';

/** What an endpoint listens to, with what of the catalogue falls under it. */
export function EventsSection({ draft, onChange, errors, eventTypes }: EndpointFormProps) {
  const matching = eventTypes.filter((name) => matchesEvent(draft.events, name));
  const prefixes = [...new Set(eventTypes.filter((name) => name.includes('.')).map((name) => `${name.slice(0, name.indexOf('.'))}.*`))];
  return (
    <FormSection title="Events" note="Names, patterns such as invoice.*, or * for all.">
      <MarkedField name="events" className={styles['wide']}>
        <TagsInput
          label="Listens to"
          placeholder={draft.events.length === 0 ? 'invoice.paid, invoice.*, *' : undefined}
          data={['*', ...prefixes, ...eventTypes]}
          value={[...draft.events]}
          error={errors['events']}
          splitChars={[',', ' ']}
          acceptValueOnBlur
          onChange={(events) => onChange({ ...draft, events })}
          description={
            draft.events.length === 0
              ? null
              : matching.length === 0
                ? 'No event type in the catalogue matches this yet.'
                : `${countText(matching.length, 'event type', 'event types')} in the catalogue: ${matching.slice(0, 6).join(', ')}${matching.length > 6 ? ' ...' : ''}`
          }
          inputWrapperOrder={['label', 'input', 'error', 'description']}
        />
      </MarkedField>
    </FormSection>
  );
}
