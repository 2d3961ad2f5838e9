/** What a header's value may have been made from. */
export interface HeaderSubject {
  readonly eventType: string;
  readonly receivedAtMs: number;
}

/** A value for a profile; null leaves the header out. `note` says what was put in its place. */
export interface HeaderGuess {
  readonly value: string | null;
  readonly note: string | null;
}

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const dayMs = 86_400_000;

/** The value of a header as a template, where it is plainly the event type, an id or a time; otherwise as it is. */
export function headerTemplateFor(name: string, value: string, { eventType, receivedAtMs }: HeaderSubject): HeaderGuess {
  const made = (template: string, what: string) => ({ value: template, note: `${name} is ${what}: ${template}.` });
  if (value === eventType) return made('{{ type }}', 'the event type');
  if (uuidForm.test(value)) return made('{{ deliveryId | uuid }}', 'taken for the id of the delivery');
  const isNear = (ms: number) => Math.abs(ms - receivedAtMs) <= dayMs;
  if (/^\d{10}$/.test(value) && isNear(Number(value) * 1000)) return made('{{ timestampUnix }}', 'a time in seconds');
  if (/^\d{13}$/.test(value) && isNear(Number(value))) return made('{{ timestampMs }}', 'a time in milliseconds');
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) && isNear(Date.parse(value))) return made('{{ timestamp }}', 'a time');
  if (value.includes('{%')) return { value: null, note: `${name} is left out: its value has {%, which a profile would read as a tag.` };
  return { value: value.replaceAll('{{', "{{ '{{' }}"), note: null };
}
