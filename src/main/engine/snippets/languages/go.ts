import { code, heading, indent, when, type Lines } from '../code-text.ts';
import type { LibraryCall, SnippetWriter } from '../language.ts';
import { keyVariable, needsOrigin, needsUrl, otherVariablesOf, partsOf, signs, startLine, type SnippetRecipe } from '../recipe.ts';
import { verifierOf } from '../verifier.ts';
import { goDialect } from './go-dialect.ts';
import { block, goHelpers, goImports } from './go-proofs.ts';

/** Receivers for Go 1.18 and later, on net/http. */
export const go: SnippetWriter = {
  language: 'go',
  title: 'Go',
  filename: 'receiver.go',
  write: (recipe, library) => ({ code: program(recipe, library), dependencies: library === null ? [] : [library.dependency] }),
  frameworks: () => [],
};

function program(recipe: SnippetRecipe, library: LibraryCall | null): string {
  const key = keyVariable(recipe);
  const toleranceSeconds = recipe.time?.toleranceSeconds ?? null;
  return code([
    heading('//', recipe, library?.remark == null ? [] : [library.remark]),
    `// ${startLine(recipe, 'go run receiver.go')}`,
    'package main',
    '',
    imports(recipe, library),
    '',
    when(
      needsOrigin(recipe),
      '// What the sender calls, not what a proxy hands on: https://example.com, without a path.',
      'var origin = os.Getenv("WEBHOOK_ORIGIN")',
      '',
    ),
    when(signs(recipe, 'webhook-id'), 'var webhookID = os.Getenv("WEBHOOK_ID")', ''),
    when(toleranceSeconds !== null, `const toleranceSeconds = ${toleranceSeconds ?? 0}`, ''),
    '// secrets holds the key and, while it is being rotated, the one from before.',
    'func secrets() []string {',
    '\tvar found []string',
    `\tfor _, name := range []string{"${key.name}", "${key.name}_PREVIOUS"} {`,
    '\t\tif value := os.Getenv(name); value != "" {',
    '\t\t\tfound = append(found, value)',
    '\t\t}',
    '\t}',
    '\treturn found',
    '}',
    '',
    '// verify says why a request is refused, or nil for a genuine one. body holds the bytes as they were received.',
    library === null ? [verifierOf(goDialect, recipe), goHelpers(recipe)] : libraryVerifier(recipe, library),
    '',
    server(recipe),
  ]);
}

function imports(recipe: SnippetRecipe, library: LibraryCall | null): Lines {
  const names = new Set(['errors', 'io', 'log', 'net', 'net/http', 'os', ...(library === null ? goImports(recipe) : [])]);
  const own = library?.imports ?? [];
  return ['import (', [...names].toSorted().map((name) => `\t"${name}"`), when(own.length > 0, '', ...own.map((line) => `\t${line}`)), ')'];
}

function libraryVerifier(recipe: SnippetRecipe, { call, answers, helpers = [] }: LibraryCall): Lines {
  return [
    goDialect.open(partsOf(recipe)),
    when(needsUrl(recipe), '\turl := origin + target'),
    '\tfor _, secret := range secrets {',
    answers === 'boolean' ? `\t\tif ${call} {` : `\t\tif err := ${call}; err == nil {`,
    '\t\t\treturn nil',
    '\t\t}',
    '\t}',
    '\treturn errors.New("the signature does not match")',
    '}',
    when(helpers.length > 0, '', helpers),
  ];
}

function server(recipe: SnippetRecipe): Lines {
  const names = { method: 'request.Method', target: 'request.RequestURI', headers: 'request.Header', body: 'body' };
  const key = keyVariable(recipe).name;
  const call = `verify(${[...partsOf(recipe).map((part) => names[part]), 'keys'].join(', ')})`;
  return [
    'func main() {',
    indent('\t', [
      'keys := secrets()',
      block('len(keys) == 0', `log.Fatal("Set ${key}.")`),
      otherVariablesOf(recipe).map((name) => block(`os.Getenv("${name}") == ""`, `log.Fatal("Set ${name}.")`)),
      'port := os.Getenv("PORT")',
      block('port == ""', 'port = "3000"'),
      'http.HandleFunc("/", func(response http.ResponseWriter, request *http.Request) {',
      indent('\t', [
        `${partsOf(recipe).includes('body') ? 'body' : '_'}, err := io.ReadAll(http.MaxBytesReader(response, request.Body, 1<<20))`,
        block('err != nil', 'http.Error(response, "the body cannot be read", http.StatusBadRequest)', 'return'),
        `if err := ${call}; err != nil {`,
        '\tlog.Printf("Refused: %v.", err)',
        '\tresponse.WriteHeader(http.StatusUnauthorized)',
        '\treturn',
        '}',
        '// Handle a genuine event here; answer soon, and do long work later.',
        'response.WriteHeader(http.StatusOK)',
      ]),
      '})',
      'listener, err := net.Listen("tcp", "127.0.0.1:"+port)',
      block('err != nil', 'log.Fatal(err)'),
      'log.Printf("Listening on port %d", listener.Addr().(*net.TCPAddr).Port)',
      'log.Fatal(http.Serve(listener, nil))',
    ]),
    '}',
  ];
}
