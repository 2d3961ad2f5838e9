import { code, heading, when, type Lines } from '../code-text.ts';
import type { LibraryCall, SnippetWriter } from '../language.ts';
import { keyVariable, needsUrl, otherVariablesOf, partsOf, startLine, type RequestPart, type SnippetRecipe } from '../recipe.ts';
import { verifierOf } from '../verifier.ts';
import { phpDialect } from './php-dialect.ts';
import { phpHelpers } from './php-proofs.ts';

/** Receivers for PHP 8 and later, as a plain script. */
export const php: SnippetWriter = {
  language: 'php',
  title: 'PHP',
  filename: 'receiver.php',
  write: (recipe, library) => ({ code: program(recipe, library), dependencies: library === null ? [] : [library.dependency] }),
  frameworks: (recipe) => [laravel(recipe)],
};

function program(recipe: SnippetRecipe, library: LibraryCall | null): string {
  const key = keyVariable(recipe);
  const toleranceSeconds = recipe.time?.toleranceSeconds ?? null;
  return code([
    '<?php',
    // A closing tag ends PHP even in a comment.
    heading('//', recipe, library?.remark == null ? [] : [library.remark]).map((line) => line.replaceAll('?>', '? >')),
    `// ${startLine(recipe, 'php -S 127.0.0.1:3000 receiver.php')}`,
    'declare(strict_types=1);',
    when(library !== null, '', `require __DIR__ . '/vendor/autoload.php';`, ...(library?.imports ?? [])),
    '',
    when(toleranceSeconds !== null, `const TOLERANCE_SECONDS = ${toleranceSeconds ?? 0};`, ''),
    '/** Why a request is refused, or null for a genuine one. $body holds the bytes as they were received. */',
    library === null ? [verifierOf(phpDialect, recipe), phpHelpers(recipe)] : libraryVerifier(recipe, library),
    '',
    server(recipe, key.name),
  ]);
}

function libraryVerifier(recipe: SnippetRecipe, { call, answers, helpers = [] }: LibraryCall): Lines {
  return [
    phpDialect.open(partsOf(recipe)),
    when(needsUrl(recipe), `    $url = getenv('WEBHOOK_ORIGIN') . $target;`),
    '    foreach ($secrets as $secret) {',
    '        try {',
    answers === 'boolean'
      ? [`            if (${call}) {`, '                return null;', '            }']
      : [`            ${call};`, '            return null;'],
    '        } catch (Throwable) {',
    '            // Not made with this secret, or too old; perhaps the other one fits.',
    '        }',
    '    }',
    `    return 'the signature does not match';`,
    '}',
    when(helpers.length > 0, '', helpers),
  ];
}

function callOf(recipe: SnippetRecipe, names: Readonly<Record<RequestPart, string>>, secrets: string): string {
  return `refusal_of(${[...partsOf(recipe).map((part) => names[part]), secrets].join(', ')})`;
}

function server(recipe: SnippetRecipe, key: string): Lines {
  const names = { method: `$_SERVER['REQUEST_METHOD']`, target: `$_SERVER['REQUEST_URI']`, headers: '$headers', body: '$body' };
  return [
    '// While a key is being rotated the one from before still counts.',
    `$secrets = array_values(array_filter([getenv('${key}'), getenv('${key}_PREVIOUS')]));`,
    'if ($secrets === []) {',
    '    http_response_code(500);',
    `    exit('Set ${key}.');`,
    '}',
    otherVariablesOf(recipe).map((name) => [
      `if (getenv('${name}') === false) {`,
      '    http_response_code(500);',
      `    exit('Set ${name}.');`,
      '}',
    ]),
    '// PHP puts HTTP_ before the names of all headers but these two.',
    `$variable = fn (string $name): string => preg_replace('/\\A(?!CONTENT_(?:TYPE|LENGTH)\\z)/', 'HTTP_', strtoupper(strtr($name, '-', '_')));`,
    "$headers = fn (string $name): string => $_SERVER[$variable($name)] ?? '';",
    '// The bytes as they were received; $_POST holds what was parsed from them.',
    `$body = file_get_contents('php://input');`,
    `$refusal = ${callOf(recipe, names, '$secrets')};`,
    'if ($refusal !== null) {',
    '    error_log("Refused: $refusal.");',
    '}',
    '// Handle a genuine event here; answer soon, and do long work later.',
    'http_response_code($refusal === null ? 200 : 401);',
  ];
}

function laravel(recipe: SnippetRecipe) {
  const names = {
    method: '$request->method()',
    target: '$request->getRequestUri()',
    headers: `fn ($name) => (string) $request->header($name, '')`,
    body: '$request->getContent()',
  };
  return {
    name: 'Laravel',
    dependencies: ['laravel/framework'],
    filename: 'routes/api.php',
    code: code([
      '<?php',
      '// With refusal_of in a file that composer loads, without the last lines of receiver.php; secrets in config/services.php.',
      'use Illuminate\\Http\\Request;',
      'use Illuminate\\Support\\Facades\\Route;',
      '',
      `Route::post('/webhooks', function (Request $request) {`,
      '    // getContent() gives the bytes as they were received; all() and json() parse them.',
      `    $refusal = ${callOf(recipe, names, `array_filter(config('services.webhooks.secrets'))`)};`,
      `    return response('', $refusal === null ? 200 : 401);`,
      '});',
    ]),
  };
}
