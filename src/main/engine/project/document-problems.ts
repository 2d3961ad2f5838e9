import { isMap, isPair, isScalar, visit, type Document, type LineCounter, type YAMLError } from 'yaml';
import { endlessAliases, endlessText } from './endless-aliases.ts';
import { placeAt, placeText, type Place, type Problem } from './places.ts';

/** What is wrong with a file of a project as YAML, before it is read as one: its syntax, its keys and its aliases. */
export function documentProblems(file: string, document: Document, lines: LineCounter): readonly Problem[] {
  const problem = (offset: number, message: string): Problem => ({ place: placeAt(file, lines, offset), path: '', message });
  return [
    ...document.errors.map((error) => problem(error.pos[0], yamlProblem(error))),
    ...wrongKeys(file, document, lines),
    ...endlessAliases(document).map((each) => problem(each.offset, endlessText(each))),
  ];
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
        if (!isScalar(key) || key.value === '<<') continue;
        const place = placeAt(file, lines, key.range?.[0] ?? 0);
        const name = String(key.value);
        if (name === '__proto__') {
          problems.push({
            place,
            path: name,
            message: `__proto__ cannot be a name here: ${isInData(path) ? 'write this data as dataText' : 'choose another'}.`,
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

/** Whether what a path of nodes leads to is in the data of a sample or an event, which can be text. */
function isInData(path: readonly unknown[]): boolean {
  return path.some((each) => isPair(each) && isScalar(each.key) && each.key.value === 'data');
}
