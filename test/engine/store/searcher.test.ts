import { describe, expect, it, onTestFinished } from 'vitest';
import { backgroundThread } from '#engine/threads/background-url.ts';
import { captureSearch } from '#engine/capture/look.ts';
import { createBackground } from '#engine/background/background.ts';
import { createSearcher } from '#engine/store/searcher.ts';
import { writerThread } from '#engine/log/hot-writes.ts';
import { openStore } from '#engine/store/open.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';

describe('a search in bodies', () => {
  it('is made in a thread that sees what was just written, and answers the same as here', async () => {
    const { database } = openStore(createTempFolder(), { writerThread });
    const background = createBackground({ threadCode: backgroundThread });
    onTestFinished(async () => {
      await background.close();
      await database.close();
    });
    const searcher = createSearcher({ database, background });
    const query = { asked: { q: 'needle' }, fromSeq: 1, beforeSeq: 100, limit: 10, budgetMs: 1000 };
    expect(await searcher.look(captureSearch, query)).toEqual({ found: [], fromSeq: 1, inPart: [] });
    await database.write((writer) => {
      writer.runRaw(
        `INSERT INTO bins (id, name, slug, response_json, secrets_sealed, fingerprints_json, created_at_ms) VALUES ('bin_1', 'a', 'a', '{}', x'', '[]', 1)`,
        [],
      );
      writer.runRaw(
        `INSERT INTO captures (id, bin_id, method, target, http_version, headers_json, trailers_json, body_hash, body_bytes, is_body_truncated,
           remote_address, status, response_json, body_ms, received_at_ms)
         VALUES ('cap_1', 'bin_1', 'POST', '/a', '1.1', '[]', '[]', ?, 1, 0, '', 200, '{"headers":[]}', 1, 1)`,
        [writer.putBody(Buffer.from('a needle in it'))],
      );
    });
    const found = await searcher.look(captureSearch, query);
    expect(found).toEqual({ found: [{ seq: 1, foundIn: 'request body' }], fromSeq: 1, inPart: [] });
    expect(await createSearcher({ database: { ...database, shared: null }, background }).look(captureSearch, query)).toEqual(found);
  });

  it('finds a delivery through the door of the engine', async () => {
    const { client } = await startClockedEngine();
    const sent = await client.messages.send({
      type: 'a.b',
      data: { text: 'a needle in it' },
      target: { name: 'Nobody', url: 'http://127.0.0.1:9/' },
    });
    const found = await client.deliveries.list({ q: 'needle' });
    expect(found.items.map(({ messageId }) => messageId)).toEqual([sent.id]);
  });
});
