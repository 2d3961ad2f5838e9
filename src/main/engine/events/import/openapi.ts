import { elementsOf, isRecord, member, membersOf, textIn } from './document-value.ts';
import { examplesIn, examplesOfSchema, type Described, type Finder } from './find-types.ts';
import { below, type Place, type References, type SourceFile } from './references.ts';

const methods = new Set(['get', 'put', 'post', 'delete', 'patch', 'options', 'head', 'trace', 'query']);

/** A request that an OpenAPI document describes the other way round: the API makes it. */
interface Operation {
  readonly name: string;
  readonly place: Place;
  readonly method: string;
}

/** Finds the webhooks and callbacks of an OpenAPI 3 document. Returns why it has none, or null. */
export function findInOpenApi(file: SourceFile, references: References, finder: Finder): string | null {
  const root: Place = { file, path: [], value: file.root };
  const webhooks = member(file.root, 'webhooks');
  const operations = [
    ...operationsUnder(below(root, 'webhooks'), references, finder),
    // Some documents have both, for readers of either version.
    ...operationsUnder(below(root, 'x-webhooks'), references, finder).filter(({ name }) => member(webhooks, name) === undefined),
    ...callbacksOf(root, references, finder),
  ];
  for (const operation of operations) finder.add(describe(operation, references));
  if (operations.length > 0) return null;
  const none = 'it describes no webhooks: it has none under "webhooks" or "x-webhooks", and no "callbacks" under its paths';
  return hasPosts(root, references) ? `${none}. ${pathsAdvice}` : none;
}

/** Some systems describe what a receiver has to offer, as if it were an API of theirs. */
const pathsAdvice = 'If its paths are what a receiver offers, as in the document of LINE, rename "paths" to "webhooks" and import it again';

/** Whether a document has a path that something can be sent to. */
function hasPosts(root: Place, references: References): boolean {
  return membersOf(member(root.value, 'paths')).some(([path]) => {
    const item = references.follow(below(root, 'paths', path));
    return !('why' in item) && operationsIn(item).some((method) => method.toLowerCase() === 'post');
  });
}

/** The operations of path items by name. One with several methods is told apart by them. */
function operationsUnder(items: Place, references: References, finder: Finder): readonly Operation[] {
  return membersOf(items.value).flatMap(([name]) => {
    const item = references.follow(below(items, name));
    if ('why' in item) {
      finder.leaveOut(name, `of its reference ${item.reference.slice(0, 200)}, ${item.why}`);
      return [];
    }
    const named = operationsIn(item);
    if (named.length === 0) finder.leaveOut(name, 'it has no request under a method such as "post"');
    return named.map((method) => ({ name: named.length === 1 ? name : `${name}.${method}`, place: below(item, method), method }));
  });
}

function operationsIn(item: Place): readonly string[] {
  return membersOf(item.value).flatMap(([method, operation]) => (methods.has(method.toLowerCase()) && isRecord(operation) ? [method] : []));
}

/** The callbacks of all operations. One that several operations refer to is one event. */
function callbacksOf(root: Place, references: References, finder: Finder): readonly Operation[] {
  const found: (Operation & { readonly key: string; readonly parent: string })[] = [];
  for (const [path] of membersOf(member(root.value, 'paths'))) {
    const item = references.follow(below(root, 'paths', path));
    if ('why' in item) continue;
    for (const method of operationsIn(item)) {
      const callbacks = below(item, method, 'callbacks');
      for (const [key] of membersOf(callbacks.value)) {
        const callback = references.follow(below(callbacks, key));
        if ('why' in callback) {
          finder.leaveOut(key, `of its reference ${callback.reference.slice(0, 200)}, ${callback.why}`);
          continue;
        }
        const parent = textIn(member(item.value, method), 'operationId') || `${method}.${path.replaceAll(/[{}]/g, '').replace(/^\//, '')}`;
        for (const operation of operationsUnder(callback, references, finder)) found.push({ ...operation, key, parent });
      }
    }
  }
  const different = [...new Map(found.toReversed().map((each) => [each.place.value, each])).values()].toReversed();
  const byKey = Map.groupBy(different, ({ key }) => key);
  return different.map(({ key, parent, place, method }) => {
    const isOnly = byKey.get(key)?.length === 1;
    return { name: isOnly ? key : textIn(place.value, 'operationId') || `${parent}.${key}`, place, method };
  });
}

function describe({ name, place, method }: Operation, references: References): Described {
  const notes: string[] = [];
  const operation = place.value;
  const words = {
    name,
    title: textIn(operation, 'summary'),
    description: textIn(operation, 'description'),
    group: elementsOf(member(operation, 'tags')).find((tag): tag is string => typeof tag === 'string') ?? '',
  };
  const body = references.follow(below(place, 'requestBody'));
  if ('why' in body)
    return {
      ...words,
      schema: null,
      samples: [],
      notes: [`Its body was left out: of its reference ${body.reference.slice(0, 200)}, ${body.why}.`],
    };
  const media = mediaTypeOf(body, notes);
  if (media === null) {
    if (notes.length === 0) notes.push(`The document describes no body for this ${method.toUpperCase()}.`);
    return { ...words, schema: null, samples: [], notes };
  }
  const schema = member(media.value, 'schema') === undefined ? null : below(media, 'schema');
  const given = examplesIn(media, references, notes);
  const samples = given.length > 0 || schema === null ? given : examplesOfSchema(schema, references);
  return { ...words, description: words.description || textIn(body.value, 'description'), schema, samples, notes };
}

/** The JSON form of a body, or the first that there is. */
function mediaTypeOf(body: Place, notes: string[]): Place | null {
  const types = membersOf(member(body.value, 'content')).map(([type]) => type);
  const isJson = (type: string) => /^application\/json\b|\+json\b/i.test(type);
  const [chosen] = [...types.filter(isJson), ...types];
  if (chosen === undefined) return null;
  if (!isJson(chosen)) notes.push(`The document sends it as ${chosen.slice(0, 100)}: give the endpoint that content type.`);
  return below(body, 'content', chosen);
}
