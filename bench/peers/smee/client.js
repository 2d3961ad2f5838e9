import SmeeClient from 'smee-client';

// The client from npm in a process of its own, without its line for each request.
process.once('message', ({ source, target }) => {
  const logger = { info: () => undefined, error: (...words) => process.stderr.write(`smee-client: ${words.join(' ')}\n`) };
  const client = new SmeeClient({ source, target, logger });
  client.start().then(() => process.send('following'));
});
process.on('disconnect', () => process.exit());
process.send('ready');
