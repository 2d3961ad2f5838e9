import { code, heading, indent, when, type Lines } from '../code-text.ts';
import type { LibraryCall, SnippetWriter } from '../language.ts';
import { keyVariable, needsOrigin, needsUrl, otherVariablesOf, partsOf, signs, startLine, type SnippetRecipe } from '../recipe.ts';
import { verifierOf } from '../verifier.ts';
import { csharpDialect } from './csharp-dialect.ts';
import { csharpHelpers, csharpImports } from './csharp-proofs.ts';

/** Receivers for .NET 8 and later, as a minimal application of ASP.NET Core. */
export const csharp: SnippetWriter = {
  language: 'csharp',
  title: 'C#',
  filename: 'Program.cs',
  write: (recipe, library) => ({ code: program(recipe, library), dependencies: dependenciesOf(recipe, library) }),
  frameworks: (recipe) => [controller(recipe)],
};

/** What .NET does not include: a libsodium package for Ed25519, and a package for CRC-32. */
function dependenciesOf(recipe: SnippetRecipe, library: LibraryCall | null): readonly string[] {
  if (library !== null) return [library.dependency];
  return [...(recipe.proof.kind === 'ed25519' ? ['NSec.Cryptography'] : []), ...(signs(recipe, 'crc32') ? ['System.IO.Hashing'] : [])];
}

/** Says where a package is needed and why. */
function remarkOf(recipe: SnippetRecipe, library: LibraryCall | null): readonly string[] {
  if (library !== null) return library.remark === null ? [] : [library.remark];
  const names = dependenciesOf(recipe, null);
  return names.length === 0
    ? []
    : [`.NET itself has no ${recipe.proof.kind === 'ed25519' ? 'Ed25519' : 'CRC-32'}: dotnet add package ${names.join(' ')}.`];
}

function program(recipe: SnippetRecipe, library: LibraryCall | null): string {
  const toleranceSeconds = recipe.time?.toleranceSeconds ?? null;
  return code([
    heading('//', recipe, remarkOf(recipe, library)),
    `// ${startLine(recipe, 'dotnet run')}`,
    imports(recipe, library),
    '',
    server(recipe),
    '',
    'public static class Receiver',
    '{',
    indent('    ', [
      when(toleranceSeconds !== null, `private const double ToleranceSeconds = ${toleranceSeconds ?? 0};`),
      when(
        needsOrigin(recipe),
        '// What the sender calls, not what a proxy hands on: https://example.com, without a path.',
        'private static readonly string? Origin = Environment.GetEnvironmentVariable("WEBHOOK_ORIGIN");',
      ),
      when(signs(recipe, 'webhook-id'), 'private static readonly string? WebhookId = Environment.GetEnvironmentVariable("WEBHOOK_ID");'),
      when(toleranceSeconds !== null || needsOrigin(recipe) || signs(recipe, 'webhook-id'), ''),
      '/// <summary>The key and, while it is being rotated, the one from before.</summary>',
      `public static readonly string[] Secrets = new[] { "${keyVariable(recipe).name}", "${keyVariable(recipe).name}_PREVIOUS" }`,
      '    .Select(name => Environment.GetEnvironmentVariable(name) ?? "").Where(value => value != "").ToArray();',
      '',
      '/// <summary>Why a request is refused, or null for a genuine one. The body holds the bytes as they were received.</summary>',
      library === null ? [verifierOf(csharpDialect, recipe), csharpHelpers(recipe)] : libraryVerifier(recipe, library),
    ]),
    '}',
  ]);
}

function imports(recipe: SnippetRecipe, library: LibraryCall | null): Lines {
  if (library !== null) return [...library.imports];
  return csharpImports(recipe)
    .toSorted()
    .map((name) => `using ${name};`);
}

function libraryVerifier(recipe: SnippetRecipe, { call, answers, helpers = [] }: LibraryCall): Lines {
  return [
    csharpDialect.open(partsOf(recipe)),
    indent('    ', [
      when(needsUrl(recipe), 'var url = Origin + target;'),
      'foreach (var secret in secrets)',
      '{',
      '    try',
      '    {',
      answers === 'boolean' ? `        if (${call}) return null;` : [`        ${call};`, '        return null;'],
      '    }',
      '    catch (Exception)',
      '    {',
      '        // Not made with this secret, or too old; perhaps the other one fits.',
      '    }',
      '}',
      'return "the signature does not match";',
    ]),
    '}',
    when(helpers.length > 0, '', helpers),
  ];
}

function callOf(recipe: SnippetRecipe): string {
  const names = {
    method: 'request.Method',
    // As in the request line; Path is decoded.
    target: 'request.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget',
    headers: 'name => request.Headers[name].ToString()',
    body: 'content.ToArray()',
  };
  return `Receiver.RefusalOf(${[...partsOf(recipe).map((part) => names[part]), 'Receiver.Secrets'].join(', ')})`;
}

function server(recipe: SnippetRecipe): Lines {
  return [
    'var app = WebApplication.CreateBuilder(args).Build();',
    `if (Receiver.Secrets.Length == 0) throw new InvalidOperationException("Set ${keyVariable(recipe).name}.");`,
    otherVariablesOf(recipe).map(
      (name) => `if (Environment.GetEnvironmentVariable("${name}") is null) throw new InvalidOperationException("Set ${name}.");`,
    ),
    'app.MapPost("/{**path}", async (HttpRequest request) =>',
    '{',
    '    using var content = new MemoryStream();',
    '    await request.Body.CopyToAsync(content);',
    `    var refusal = ${callOf(recipe)};`,
    '    if (refusal is not null) app.Logger.LogWarning("Refused: {Refusal}.", refusal);',
    '    // Handle a genuine event here; answer soon, and do long work later.',
    '    return Results.StatusCode(refusal is null ? 200 : 401);',
    '});',
    'app.Run($"http://127.0.0.1:{Environment.GetEnvironmentVariable("PORT") ?? "3000"}");',
  ];
}

function controller(recipe: SnippetRecipe) {
  return {
    name: 'ASP.NET Core controllers',
    dependencies: [],
    filename: 'SignedWebhookMiddleware.cs',
    code: code([
      '// In Program.cs: app.Use(SignedWebhooks.Check); before app.MapControllers();',
      'public static class SignedWebhooks',
      '{',
      '    public static async Task Check(HttpContext context, RequestDelegate next)',
      '    {',
      '        var request = context.Request;',
      '        if (!request.Path.StartsWithSegments("/webhooks")) { await next(context); return; }',
      '        // Keeps the bytes, so that they can be verified first and bound to a model after.',
      '        request.EnableBuffering();',
      '        using var content = new MemoryStream();',
      '        await request.Body.CopyToAsync(content);',
      '        request.Body.Position = 0;',
      `        if (${callOf(recipe)} is null) await next(context);`,
      '        else context.Response.StatusCode = StatusCodes.Status401Unauthorized;',
      '    }',
      '}',
    ]),
  };
}
