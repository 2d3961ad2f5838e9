import { elementsOf, isRecord, member, membersOf, textIn } from './document-value.ts';
import type { Described, Finder } from './find-types.ts';
import { below, type Place, type References, type SourceFile, type Unresolved } from './references.ts';

/** A message where the document uses it. */
interface Used {
  /** The name that it has there. */
  readonly key: string;
  readonly place: Place;
  /** Names to take where its own says nothing. */
  readonly others: readonly string[];
  readonly notes: readonly string[];
}

/** Finds the messages of an AsyncAPI 2 or 3 document. Returns why it has none, or null. */
export function findInAsyncApi(file: SourceFile, references: References, finder: Finder): string | null {
  const root: Place = { file, path: [], value: file.root };
  const follow = (place: Place, what: string): Place | null => {
    const found = references.follow(place);
    if (!('why' in found)) return found;
    finder.leaveOut(what, leftReference(found));
    return null;
  };
  const version = textIn(file.root, 'asyncapi');
  const used = version.startsWith('2.') ? inChannels2(root, follow) : inChannels3(root, follow);
  const messages = below(root, 'components', 'messages');
  const inChannels = new Set(used.map(({ place }) => place.value));
  for (const [key] of membersOf(messages.value)) {
    const place = follow(below(messages, key), key);
    if (place !== null && !inChannels.has(place.value))
      used.push({ key, place, others: [], notes: ['No channel of the document uses it.'] });
  }
  for (const message of distinct(used)) finder.add(describe(message, references));
  return used.length === 0 ? 'it describes no messages, neither in its channels nor in its components' : null;
}

type Follow = (place: Place, what: string) => Place | null;

/** Of version 2, the messages of what each channel publishes and subscribes to. */
function inChannels2(root: Place, follow: Follow): Used[] {
  return membersOf(member(root.value, 'channels')).flatMap(([name]) => {
    const channel = follow(below(root, 'channels', name), name);
    if (channel === null) return [];
    return ['publish', 'subscribe'].flatMap((action) => {
      const operation = below(channel, action);
      if (!isRecord(operation.value)) return [];
      const others = [textIn(operation.value, 'operationId'), name];
      const whole = below(operation, 'message');
      const message = follow(whole, name);
      if (message === null) return [];
      const several = elementsOf(member(message.value, 'oneOf')).map((_, index) => below(message, 'oneOf', String(index)));
      return (several.length > 0 ? several : [whole]).flatMap((each) => {
        const place = follow(each, name);
        return place === null || !isRecord(place.value) ? [] : [{ key: referredName(each), place, others, notes: [] }];
      });
    });
  });
}

/** Of version 3, the messages of each channel. */
function inChannels3(root: Place, follow: Follow): Used[] {
  return membersOf(member(root.value, 'channels')).flatMap(([name]) => {
    const channel = follow(below(root, 'channels', name), name);
    if (channel === null) return [];
    return membersOf(member(channel.value, 'messages')).flatMap(([key]) => {
      const place = follow(below(channel, 'messages', key), `${name}, message ${key}`);
      return place === null || !isRecord(place.value) ? [] : [{ key, place, others: [name], notes: [] }];
    });
  });
}

/** The last name of a reference to a component; empty where the message stands in place. */
function referredName(place: Place): string {
  const reference = member(place.value, '$ref');
  return typeof reference === 'string' && reference.includes('#/') ? (reference.split('/').at(-1) ?? '') : '';
}

/** A message that several channels use is one event. */
function distinct(used: readonly Used[]): readonly Used[] {
  return [...new Map(used.toReversed().map((each) => [each.place.value, each])).values()].toReversed();
}

/** Names that say nothing about an event. */
const meaningless = /^(?:message|msg|event|payload|default|body)\d*$/i;

function describe({ key, place, others, notes: given }: Used, references: References): Described {
  const notes = [...given];
  const traits = elementsOf(member(place.value, 'traits')).flatMap((_, index) => {
    const trait = references.follow(below(place, 'traits', String(index)));
    return 'why' in trait ? [] : [trait.value];
  });
  const word = (name: string) => [place.value, ...traits].map((each) => textIn(each, name)).find((text) => text !== '') ?? '';
  const names = [word('name'), key, ...others].filter((name) => name !== '');
  const [title, summary, description] = [word('title'), word('summary'), word('description')];
  return {
    name: names.find((name) => !meaningless.test(name)) ?? names[0] ?? '',
    title: title || summary,
    description: [title === '' ? '' : summary, description].filter((part) => part !== '').join('\n\n'),
    group: groupIn(place, references),
    schema: schemaOf(place, references, notes),
    samples: elementsOf(member(place.value, 'examples')).flatMap((example) =>
      isRecord(example) && Object.hasOwn(example, 'payload') ? [{ name: textIn(example, 'name'), value: example['payload'] }] : [],
    ),
    notes,
  };
}

function groupIn(place: Place, references: References): string {
  const [first] = elementsOf(member(place.value, 'tags'));
  if (first === undefined) return '';
  const tag = references.follow(below(place, 'tags', '0'));
  return 'why' in tag ? '' : textIn(tag.value, 'name');
}

/** Where the JSON Schema of a payload stands; null for one in another language. */
function schemaOf(message: Place, references: References, notes: string[]): Place | null {
  const payload = below(message, 'payload');
  if (payload.value === undefined) return null;
  const followed = references.follow(payload);
  if ('why' in followed) {
    notes.push(`Its schema was left out: ${leftReference(followed)}.`);
    return null;
  }
  const ownFormat = textIn(followed.value, 'schemaFormat');
  const format = ownFormat || textIn(message.value, 'schemaFormat');
  if (format !== '' && !/json|asyncapi|openapi/i.test(format)) {
    notes.push(`Its schema was left out: it is written in ${format.slice(0, 100)}, and only JSON Schema can be read.`);
    return null;
  }
  return ownFormat === '' ? payload : below(followed, 'schema');
}

function leftReference({ reference, why }: Unresolved): string {
  return `of its reference ${reference.slice(0, 200)}, ${why}`;
}
