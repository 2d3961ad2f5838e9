import { contextBridge, ipcRenderer } from 'electron';
import type { connectMessage as sharedConnectMessage, HostFacts } from '#shared/host-bridge.ts';

// Said again because this room may import types only; the type makes sure that it is the same word.
const connectMessage: typeof sharedConnectMessage = 'hookyard:connect';
const versionArgument = '--hookyard-version=';

const facts: HostFacts = {
  kind: 'electron',
  platform: process.platform,
  version: process.argv.find((argument) => argument.startsWith(versionArgument))?.slice(versionArgument.length) ?? '',
};
contextBridge.exposeInMainWorld('hookyard', facts);

// The page may hand over its end of a MessageChannel, and nothing else passes; the main process decides whether to take it.
window.addEventListener('message', (event) => {
  if (event.source !== window || event.data !== connectMessage) return;
  const [port] = event.ports;
  if (port !== undefined) ipcRenderer.postMessage(connectMessage, null, [port]);
});
