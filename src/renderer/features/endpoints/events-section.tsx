import { TagsInput } from '@mantine/core';
import { matchesEvent } from '#shared/event-pattern.ts';
import { countText } from '../../base/size-format.ts';
import { MarkedField } from '../../ui/field-marks.tsx';
import { FormSection, type EndpointFormProps } from './form-section.tsx';
import { useProfile } from '../../stores/use-profile.ts';
import styles from './endpoint-form.module.css';

/** What an endpoint listens to, with what of its profile and of the catalogue falls under it. */
export function EventsSection({ draft, onChange, errors, eventTypes }: EndpointFormProps) {
  const profile = useProfile(draft.profile);
  const ofProfile = profile?.eventTypes.map(({ name }) => name) ?? [];
  const known = [...new Set([...ofProfile, ...eventTypes])];
  const isHeard = (name: string) => matchesEvent(draft.events, name);
  const heard = [
    { owner: profile?.name ?? '', names: ofProfile.filter(isHeard) },
    { owner: 'the catalogue', names: eventTypes.filter(isHeard) },
  ];
  const prefixes = [...new Set(known.filter((name) => name.includes('.')).map((name) => `${name.slice(0, name.indexOf('.'))}.*`))];
  return (
    <FormSection title="Events" note="Names, patterns such as invoice.*, or * for all.">
      <MarkedField name="events" className={styles['wide']}>
        <TagsInput
          label="Listens to"
          placeholder={draft.events.length === 0 ? 'invoice.paid, invoice.*, *' : undefined}
          data={['*', ...prefixes, ...known]}
          value={[...draft.events]}
          error={errors['events']}
          splitChars={[',', ' ']}
          acceptValueOnBlur
          onChange={(events) => onChange({ ...draft, events })}
          description={draft.events.length === 0 ? null : heardText(heard, profile?.name ?? null)}
          inputWrapperOrder={['label', 'input', 'error', 'description']}
        />
      </MarkedField>
    </FormSection>
  );
}

/** Event types that an endpoint would get, and who has them. */
interface Heard {
  readonly owner: string;
  readonly names: readonly string[];
}

function heardText(heard: readonly Heard[], profile: string | null): string {
  const found = heard.filter(({ names }) => names.length > 0);
  if (found.length === 0)
    return profile === null
      ? 'No event type in the catalogue matches this yet.'
      : `Neither ${profile} nor the catalogue has an event type that matches this.`;
  return found
    .map(({ owner, names }) => {
      const more = names.length > 6 ? ` and ${names.length - 6} more` : '';
      return `${countText(names.length, 'event type', 'event types')} of ${owner}: ${names.slice(0, 6).join(', ')}${more}.`;
    })
    .join(' ');
}
