import { jsonEscape } from '#shared/text/escapes.ts';
import { code, heading, indent, when, type Lines } from '../code-text.ts';
import type { LibraryCall, SnippetWriter } from '../language.ts';
import {
  keyVariable,
  needsOrigin,
  needsUrl,
  otherVariablesOf,
  partsOf,
  readsJson,
  signs,
  startLine,
  type RequestPart,
  type SnippetRecipe,
} from '../recipe.ts';
import { verifierOf } from '../verifier.ts';
import { javaDialect } from './java-dialect.ts';
import { javaHelpers, javaImports } from './java-proofs.ts';

/** Receivers for Java 17 and later, on the HTTP server of the JDK. */
export const java: SnippetWriter = {
  language: 'java',
  title: 'Java',
  filename: 'Receiver.java',
  write: (recipe, library) => ({
    code: inAscii(program(recipe, library)),
    dependencies: dependenciesOf(recipe, library),
  }),
  frameworks: (recipe) => [spring(recipe), servlet(recipe)],
};

/** Java's library cannot read JSON, so Jackson does when it is needed. */
function dependenciesOf(recipe: SnippetRecipe, library: LibraryCall | null): readonly string[] {
  if (library !== null) return [library.dependency];
  return readsJson(recipe) ? ['com.fasterxml.jackson.core:jackson-databind'] : [];
}

/** Says where a package is needed and why. */
function remarkOf(recipe: SnippetRecipe, library: LibraryCall | null): readonly string[] {
  if (library !== null) return library.remark === null ? [] : [library.remark];
  return readsJson(recipe)
    ? ["Java's own library reads no JSON, so this takes Jackson (com.fasterxml.jackson.core:jackson-databind)."]
    : [];
}

/** javac reads a source in the machine's own character set unless told otherwise, so everything else is written as an escape. */
export function inAscii(source: string): string {
  return source.replaceAll('…', '...').replace(/[^\t\n\x20-\x7e]/g, (unit) => jsonEscape(unit));
}

function program(recipe: SnippetRecipe, library: LibraryCall | null): string {
  const key = keyVariable(recipe);
  const toleranceSeconds = recipe.time?.toleranceSeconds ?? null;
  return code([
    // A lone backslash before u would be read as an escape, even in a comment.
    heading('//', recipe, remarkOf(recipe, library)).map((line) => line.replaceAll('\\u', '\\\\u')),
    `// ${startLine(recipe, 'java Receiver.java')}`,
    imports(recipe, library),
    '',
    'public class Receiver {',
    indent('    ', [
      '// While a key is being rotated the one from before still counts.',
      `static final List<String> SECRETS = Stream.of("${key.name}", "${key.name}_PREVIOUS")`,
      '        .map(System::getenv).filter(value -> value != null && !value.isEmpty()).toList();',
      when(
        needsOrigin(recipe),
        '// What the sender calls, not what a proxy hands on: https://example.com, without a path.',
        'static final String ORIGIN = System.getenv("WEBHOOK_ORIGIN");',
      ),
      when(signs(recipe, 'webhook-id'), 'static final String WEBHOOK_ID = System.getenv("WEBHOOK_ID");'),
      when(toleranceSeconds !== null, `static final long TOLERANCE_SECONDS = ${toleranceSeconds ?? 0};`),
      '',
      '/** Why a request is refused, or null for a genuine one. {@code body} holds the bytes as they were received. */',
      library === null ? [verifierOf(javaDialect, recipe), javaHelpers(recipe)] : libraryVerifier(recipe, library),
      '',
      server(recipe),
    ]),
    '}',
  ]);
}

function imports(recipe: SnippetRecipe, library: LibraryCall | null): Lines {
  const names = new Set([
    'com.sun.net.httpserver.HttpServer',
    'java.net.InetSocketAddress',
    'java.util.List',
    'java.util.stream.Stream',
    ...(partsOf(recipe).includes('headers') ? ['java.util.function.UnaryOperator'] : []),
    ...(library === null ? javaImports(recipe) : []),
  ]);
  return [[...names].toSorted().map((name) => `import ${name};`), ...(library?.imports ?? [])];
}

function libraryVerifier(recipe: SnippetRecipe, { call, answers, helpers = [] }: LibraryCall): Lines {
  return [
    javaDialect.open(partsOf(recipe)),
    indent('    ', [
      when(needsUrl(recipe), 'var url = ORIGIN + target;'),
      'for (var secret : secrets) {',
      '    try {',
      answers === 'boolean' ? `        if (${call}) return null;` : [`        ${call};`, '        return null;'],
      '    } catch (Exception error) {',
      '        // Not made with this secret, or too old; perhaps the other one fits.',
      '    }',
      '}',
      'return "the signature does not match";',
    ]),
    '}',
    when(helpers.length > 0, '', helpers),
  ];
}

/** A call of the function, given how a server names the parts of a request. */
function callOf(recipe: SnippetRecipe, names: Readonly<Record<RequestPart, string>>, secrets: string): string {
  return `refusalOf(${[...partsOf(recipe).map((part) => names[part]), secrets].join(', ')})`;
}

function server(recipe: SnippetRecipe): Lines {
  const names = {
    method: 'exchange.getRequestMethod()',
    target: 'exchange.getRequestURI().toString()',
    headers: 'exchange.getRequestHeaders()::getFirst',
    body: 'body',
  };
  const key = keyVariable(recipe).name;
  return [
    'public static void main(String[] arguments) throws Exception {',
    indent('    ', [
      `if (SECRETS.isEmpty()) throw new IllegalStateException("Set ${key}.");`,
      otherVariablesOf(recipe).map((name) => `if (System.getenv("${name}") == null) throw new IllegalStateException("Set ${name}.");`),
      'var port = Integer.parseInt(System.getenv().getOrDefault("PORT", "3000"));',
      'var server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);',
      'server.createContext("/", exchange -> {',
      '    var status = 400;',
      '    try {',
      '        var body = exchange.getRequestBody().readAllBytes();',
      `        var refusal = ${callOf(recipe, names, 'SECRETS')};`,
      '        if (refusal != null) System.err.println("Refused: " + refusal + ".");',
      '        // Handle a genuine event here; answer soon, and do long work later.',
      '        status = refusal == null ? 200 : 401;',
      '    } catch (Exception error) {',
      '        System.err.println(error);',
      '    }',
      '    exchange.sendResponseHeaders(status, -1);',
      '    exchange.close();',
      '});',
      'server.start();',
      'System.out.println("Listening on port " + server.getAddress().getPort());',
    ]),
    '}',
  ];
}

/** The parts of a request as servlets name them. */
const servletParts: Readonly<Record<RequestPart, string>> = {
  method: 'request.getMethod()',
  target: 'request.getRequestURI() + (request.getQueryString() == null ? "" : "?" + request.getQueryString())',
  headers: 'request::getHeader',
  body: 'body',
};

function spring(recipe: SnippetRecipe) {
  return {
    name: 'Spring',
    dependencies: ['org.springframework.boot:spring-boot-starter-web'],
    filename: 'WebhookController.java',
    code: code([
      'import jakarta.servlet.http.HttpServletRequest;',
      'import org.springframework.http.ResponseEntity;',
      'import org.springframework.web.bind.annotation.PostMapping;',
      'import org.springframework.web.bind.annotation.RestController;',
      '',
      '@RestController',
      'public class WebhookController {',
      '    // No @RequestBody: even as byte[] it would be written anew from the fields, where the body is a form.',
      '    @PostMapping("/webhooks")',
      '    ResponseEntity<Void> receive(HttpServletRequest request) throws Exception {',
      '        var body = request.getInputStream().readAllBytes();',
      `        var refusal = Receiver.${callOf(recipe, servletParts, 'Receiver.SECRETS')};`,
      '        return ResponseEntity.status(refusal == null ? 200 : 401).build();',
      '    }',
      '}',
    ]),
  };
}

function servlet(recipe: SnippetRecipe) {
  return {
    name: 'Servlet',
    dependencies: ['jakarta.servlet:jakarta.servlet-api'],
    filename: 'WebhookServlet.java',
    code: code([
      'import jakarta.servlet.ServletException;',
      'import jakarta.servlet.annotation.WebServlet;',
      'import jakarta.servlet.http.HttpServlet;',
      'import jakarta.servlet.http.HttpServletRequest;',
      'import jakarta.servlet.http.HttpServletResponse;',
      'import java.io.IOException;',
      '',
      '@WebServlet("/webhooks")',
      'public class WebhookServlet extends HttpServlet {',
      '    @Override',
      '    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException {',
      '        // Before any getParameter(), which would read a form from the same bytes.',
      '        var body = request.getInputStream().readAllBytes();',
      '        try {',
      `            var refusal = Receiver.${callOf(recipe, servletParts, 'Receiver.SECRETS')};`,
      '            response.setStatus(refusal == null ? 200 : 401);',
      '        } catch (Exception error) {',
      '            throw new ServletException(error);',
      '        }',
      '    }',
      '}',
    ]),
  };
}
