import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pageChallengePath, pageKeyFragment, webSocketPath } from '#shared/host-bridge.ts';
import { isSameText, pageKeyOf, pageMarkOf, sessionOf, type DoorFacts, type RouteAccess } from './access.ts';
import { targetOf } from './gate.ts';
import type { PageProofs } from './page-proofs.ts';
import { sendRefusal } from './refusal-answer.ts';

/** Names of this host's cookies; the port is part of them because browsers share cookies between ports. */
export function cookieNames(port: number) {
  return { session: `hookyard-session-${port}`, page: `hookyard-page-${port}` } as const;
}

/** The window's files hold no data, so any local program may have them. */
const forPages: { readonly config: { readonly access: RouteAccess } } = { config: { access: 'page' } };

/** Serves the window's page and files. The page is for browsers that have opened the printed link; the files hold no data. */
export async function servePages(server: FastifyInstance, rendererDir: string, door: () => DoorFacts, proofs: PageProofs): Promise<void> {
  await server.register(fastifyStatic, { root: rendererDir, serve: false, index: false, suppressWarning: true, setHeaders: setCaching });
  server.get('/', forPages, (request, reply) => answerPage(request, reply, rendererDir, door()));
  server.get('/index.html', forPages, (request, reply) => answerPage(request, reply, rendererDir, door()));
  server.get(pageChallengePath, forPages, (request, reply) => answerChallenge(request, reply, proofs));
  server.get('/*', forPages, (request, reply) => {
    const { path } = targetOf(request.raw);
    // No file of the window has a name that needs an escape.
    return path.includes('%') ? reply.callNotFound() : reply.sendFile(path.slice(1));
  });
}

/** Proves to a page that this is the host that it has the key of. Its origin is the host that it named, which is one of ours. */
function answerChallenge(request: FastifyRequest, reply: FastifyReply, proofs: PageProofs): FastifyReply | Promise<FastifyReply> {
  const nonce = new URLSearchParams(targetOf(request.raw).query).get('nonce') ?? '';
  if (!/^[\w-]{22,64}$/.test(nonce))
    return sendRefusal(
      reply,
      400,
      'BAD_REQUEST',
      'Give a nonce of 22 to 64 letters, digits, - or _, such as 16 bytes of chance in base64url.',
    );
  return reply.header('cache-control', 'no-store').send(proofs.challenge(`http://${request.headers.host ?? ''}`, nonce));
}

function answerPage(request: FastifyRequest, reply: FastifyReply, rendererDir: string, door: DoorFacts): FastifyReply {
  void reply.header('cache-control', 'no-store');
  const query = new URLSearchParams(targetOf(request.raw).query);
  const given = query.get('token');
  if (given !== null) {
    if (!isSameText(given, door.token))
      return sendPage(
        reply,
        401,
        'This link is out of date',
        'Open the link of the "Ready at" line that Hookyard printed when it last started.',
      );
    query.delete('token');
    const names = cookieNames(door.port);
    const options = { httpOnly: true, sameSite: 'strict' } as const;
    // For the path that needs it only: browsers send cookies to every port of a host. A neighbour that listens there gets
    // it all the same, which is why it opens nothing without the page key.
    void reply.setCookie(names.session, sessionOf(door.token), { ...options, path: webSocketPath });
    void reply.setCookie(names.page, pageMarkOf(door.token), { ...options, path: '/' });
    return reply.redirect(`/${query.size === 0 ? '' : `?${query.toString()}`}${pageKeyFragment}${pageKeyOf(door.token)}`, 302);
  }
  const mark = request.cookies[cookieNames(door.port).page];
  if (mark === undefined || !isSameText(mark, pageMarkOf(door.token)))
    return sendPage(
      reply,
      401,
      'Open Hookyard by its link',
      'Open the link of the "Ready at" line that Hookyard printed when it started; it carries the token that this page needs.',
    );
  if (!existsSync(join(rendererDir, 'index.html')))
    return sendPage(
      reply,
      503,
      'The window is not built yet',
      'Run "npm run build" in the checkout, then reload this page. The API works already.',
    );
  return reply.sendFile('index.html');
}

function setCaching(reply: FastifyReply, path: string): void {
  // File names under assets carry a hash of their content, so another content has another name.
  const isHashed = basename(dirname(path)) === 'assets';
  if (path.endsWith('index.html')) void reply.header('cache-control', 'no-store');
  else void reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
}

/** The type of the window itself, which these pages cannot load: fonts, sizes and colours are those of `renderer/theme.css`. */
const pageStyle = `
body { font: 13px/1.45 -apple-system, BlinkMacSystemFont, 'Segoe UI Variable Text', 'Segoe UI', 'Inter', 'Cantarell', 'Ubuntu', 'Noto Sans', 'Liberation Sans', system-ui, sans-serif; max-width: 36rem; margin: 20vh auto 0; padding: 0 16px; color: light-dark(#1a1e24, #e6e8eb); background: light-dark(#ffffff, #17191d) }
h1 { font-size: 20px; font-weight: 600 }`;

/** A small page of one heading and one sentence; both are our own text. */
export function sendPage(reply: FastifyReply, status: number, title: string, sentence: string): FastifyReply {
  const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${title} - Hookyard</title>
<style>${pageStyle}</style>
<h1>${title}</h1>
<p>${sentence.replaceAll('"', '&quot;')}</p>
</html>
`;
  return reply.status(status).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(page);
}
