import { relative, sep } from 'node:path';
import { refuseImport } from './check-import.ts';

/** The part of a syntax node that the rule reads; oxlint hands over ESTree with TypeScript's nodes. */
interface Node {
  readonly source?: Node | null;
  readonly argument?: Node | null;
  readonly expression?: Node | null;
  readonly moduleReference?: Node | null;
  readonly specifiers?: readonly Node[];
  readonly arguments?: readonly Node[];
  readonly callee?: { readonly type: string; readonly name?: string };
  readonly importKind?: string;
  readonly exportKind?: string;
  readonly literal?: Node;
  readonly type: string;
  readonly value?: unknown;
}

interface Context {
  readonly filename: string;
  readonly cwd: string;
  readonly report: (problem: { readonly node: Node; readonly message: string }) => void;
}

/** Checks each import of a room's file against the table of the rooms. */
const rooms = {
  create(context: Context) {
    const from = relative(context.cwd, context.filename).split(sep).join('/');
    const check = (node: Node, source: Node | null | undefined, isTypeOnly: boolean) => {
      if (source === null || source === undefined) return;
      const message =
        typeof source.value === 'string'
          ? refuseImport({ from, specifier: source.value, isTypeOnly })
          : 'The rule of the rooms cannot be checked for a computed path: import a literal one.';
      if (message !== null) context.report({ node, message });
    };
    return {
      Program: (node: Node) => {
        // A file that imports nothing has to be in a room as well.
        const message = refuseImport({ from, specifier: './', isTypeOnly: true });
        if (message?.includes('is in no room') === true) context.report({ node, message });
      },
      ImportDeclaration: (node: Node) => check(node, node.source, isTypeImport(node)),
      ExportNamedDeclaration: (node: Node) => check(node, node.source, node.exportKind === 'type'),
      ExportAllDeclaration: (node: Node) => check(node, node.source, node.exportKind === 'type'),
      ImportExpression: (node: Node) => check(node, node.source, false),
      TSImportType: (node: Node) => check(node, importTypeSource(node), true),
      TSImportEqualsDeclaration: (node: Node) => check(node, node.moduleReference?.expression, node.importKind === 'type'),
      CallExpression: (node: Node) => {
        if (node.callee?.type === 'Identifier' && node.callee.name === 'require') check(node, node.arguments?.[0], false);
      },
    };
  },
};

/** `import type` as a whole, or each name of it marked as a type. */
function isTypeImport(node: Node): boolean {
  const names = node.specifiers ?? [];
  return node.importKind === 'type' || (names.length > 0 && names.every((name) => name.importKind === 'type'));
}

function importTypeSource(node: Node): Node | null | undefined {
  return node.source ?? node.argument?.literal ?? node.argument;
}

export default { meta: { name: 'hookyard' }, rules: { rooms } };
