import { isMap, isPair, isScalar, visit, type Document, type LineCounter, type Scalar, type YAMLError } from 'yaml';
import { projectKinds } from '#shared/contract/project-file.ts';
import { projectCharacters } from '#shared/contract/project.ts';
import { aliasBeyondRoom, beyondRoomText, type Room } from './alias-room.ts';
import { endlessAliases, endlessText } from './endless-aliases.ts';
import { oddName } from './odd-name.ts';
import { oddValues, oddValueText } from './odd-values.ts';
import { placeAt, placeText, type Place, type Problem } from './places.ts';

/** What is wrong with a file of a project as YAML, before it is read as one: its syntax, its keys, its values and its aliases. */
export function documentProblems(file: string, document: Document, lines: LineCounter, room: Room): readonly Problem[] {
  const problem = (offset: number, message: string): Problem => ({ place: placeAt(file, lines, offset), path: '', message });
  return [
    ...document.errors.map((error) => problem(error.pos[0], yamlProblem(error))),
    ...wrongKeys(file, document, lines),
    ...contentProblems(document, room).map(({ offset, message }) => problem(offset, message)),
  ];
}

/** The room of a project. */
export function wholeRoom(): Room {
  return { left: projectCharacters };
}

/** What a file cannot have, whatever its text says otherwise: values that a project does not know, and aliases that never end or stand for too much. */
export function contentProblems(document: Document, room: Room): readonly { readonly offset: number; readonly message: string }[] {
  const odd = oddValues(document).map((each) => ({ offset: each.offset, message: oddValueText(each) }));
  const endless = endlessAliases(document).map((each) => ({ offset: each.offset, message: endlessText(each) }));
  if (endless.length > 0) return [...odd, ...endless];
  const beyond = aliasBeyondRoom(document, room);
  return beyond === null ? odd : [...odd, { offset: beyond.offset, message: beyondRoomText(beyond, projectCharacters) }];
}

function yamlProblem({ code, message }: YAMLError): string {
  if (code === 'MULTIPLE_DOCS') return 'A second YAML document begins here: give it a file of its own in the folder .hookyard.';
  // The parser calls itself for each level.
  if (message.includes('call stack')) return 'This is nested too deep to be read: write it flatter.';
  return `This is not valid YAML: ${message.split('\n')[0] ?? ''}`;
}

function wrongKeys(file: string, document: Document, lines: LineCounter): readonly Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Map: (_key, map, path) => {
      if (!isMap(map)) return;
      const met = new Map<string, Place>();
      for (const { key } of map.items) {
        if (!isScalar(key) || isMerging(key)) continue;
        const place = placeAt(file, lines, key.range?.[0] ?? 0);
        const name = String(key.value);
        if (name === oddName && !canBeOdd(path)) {
          problems.push({
            place,
            path: name,
            message: `${oddName} cannot be a name here: ${isInData(path) ? 'write this data as dataText' : 'choose another'}.`,
          });
          continue;
        }
        const first = met.get(name);
        if (first === undefined) met.set(name, place);
        else problems.push({ place, path: name, message: `${name} is at ${placeText(first)} already: keep one of them.` });
      }
    },
  });
  return problems;
}

/** Whether a key takes over the names of another map: in quotes it is a name like any other. */
function isMerging({ value, type }: Scalar): boolean {
  return value === '<<' && (type === undefined || type === 'PLAIN');
}

/** Whether a map, by the nodes that it stands in, can have any name: things, variables and schemas do, records of a schema such as headers leave one out. */
function canBeOdd(path: readonly unknown[]): boolean {
  const [kind = '', , field] = path.flatMap((each) => (isPair(each) && isScalar(each.key) ? [String(each.key.value)] : []));
  const depth = path.filter(isPair).length;
  if (depth === 1) return kind === 'runs' || projectKinds.some((each) => each === kind);
  if (kind === 'environments') return field === 'variables' && depth === 3;
  return kind === 'eventTypes' && field === 'schema' && depth > 3;
}

/** Whether what a path of nodes leads to is in the data of a sample or an event, which can be text. */
function isInData(path: readonly unknown[]): boolean {
  return path.some((each) => isPair(each) && isScalar(each.key) && each.key.value === 'data');
}
