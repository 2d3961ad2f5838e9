import { getLocal } from 'mockttp';

// A process of its own that the benchmark of captures sends to. As mockttp comes: it keeps what it receives in memory.
const server = getLocal();
await server.start();
await server.forPost().thenReply(200);
process.on('message', () => process.send({ url: `http://127.0.0.1:${server.port}` }));
process.on('disconnect', () => process.exit());
process.send('ready');
