import { relative, sep } from 'node:path';
import { refuseImport } from './check-import.ts';
import { endsBeforeTable, ownerless, refuseTable, tableOfCall, tablesIn } from './check-table.ts';

/** The part of a syntax node that the rules read; oxlint hands over ESTree with TypeScript's nodes. */
interface Node {
  readonly source?: Node | null;
  readonly argument?: Node | null;
  readonly expression?: Node | null;
  readonly moduleReference?: Node | null;
  readonly specifiers?: readonly Node[];
  readonly arguments?: readonly Node[];
  readonly callee?: { readonly type: string; readonly name?: string; readonly property?: { readonly name?: string } };
  readonly quasis?: readonly { readonly value: { readonly cooked?: string | null } }[];
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
    const from = pathOf(context);
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

/** Holds each table that SQL or the query builder names against the list of their owners. */
const tables = {
  create(context: Context) {
    const from = pathOf(context);
    const checkSql = (node: Node, sql: string) => {
      for (const use of tablesIn(sql)) report(node, refuseTable(from, use));
      for (const table of ownerless(from, sql)) report(node, `The table ${table} has no owner: give it one in scripts/lint/tables.ts.`);
    };
    const report = (node: Node, message: string | null) => {
      if (message !== null) context.report({ node, message });
    };
    return {
      Literal: (node: Node) => {
        if (typeof node.value === 'string') checkSql(node, node.value);
      },
      TemplateLiteral: (node: Node) => {
        const parts = (node.quasis ?? []).map(({ value }) => value.cooked ?? '');
        // What is put in between is no name of a table, or is refused below.
        checkSql(node, parts.join(' ? '));
        if (parts.slice(0, -1).some(endsBeforeTable))
          report(node, 'The owner of a table cannot be checked for a computed name: write the name out.');
      },
      CallExpression: (node: Node) => {
        const use = tableOfCall(node.callee?.property?.name ?? '', node.arguments?.[0]?.value);
        if (use !== null) report(node, refuseTable(from, use));
      },
    };
  },
};

/** The file's path from the root of the checkout, with forward slashes. */
function pathOf({ cwd, filename }: Context): string {
  return relative(cwd, filename).split(sep).join('/');
}

/** `import type` as a whole, or each name of it marked as a type. */
function isTypeImport(node: Node): boolean {
  const names = node.specifiers ?? [];
  return node.importKind === 'type' || (names.length > 0 && names.every((name) => name.importKind === 'type'));
}

function importTypeSource(node: Node): Node | null | undefined {
  return node.source ?? node.argument?.literal ?? node.argument;
}

export default { meta: { name: 'hookyard' }, rules: { rooms, tables } };
