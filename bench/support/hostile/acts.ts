import { setTimeout } from 'node:timers/promises';
import type { HostileAct } from './act.ts';
import { answerActs } from './answers.ts';
import { binActs, bulkActs } from './bulk.ts';
import { catalogueActs } from './catalogue.ts';
import { captureActs } from './captures.ts';
import { caseActs } from './cases.ts';
import { crowdActs } from './crowds.ts';
import { importActs } from './imports.ts';
import { deliveryActs, messageActs } from './messages.ts';
import { profileActs } from './profiles.ts';
import { relayActs } from './relays.ts';
import { customActs, environmentActs, keyActs, previewActs, proxyActs } from './rooms.ts';
import { socketActs } from './socket.ts';
import { templateActs } from './templates.ts';
import { verifyingActs } from './verifying.ts';

/** What is done to the host, in this order. */
export function hostileActs(endpointIds: readonly string[], each: number): readonly HostileAct[] {
  return [
    {
      name: 'nothing, to compare with',
      group: 'nothing',
      act: async () => {
        await setTimeout(1000);
        return '';
      },
    },
    ...bulkActs(endpointIds, each),
    ...templateActs,
    ...messageActs,
    ...deliveryActs,
    ...caseActs,
    ...verifyingActs,
    ...socketActs,
    ...catalogueActs,
    ...profileActs,
    ...captureActs(),
    ...crowdActs(),
    ...answerActs,
    ...binActs,
    ...importActs,
    ...previewActs,
    ...customActs,
    ...keyActs,
    ...environmentActs,
    ...relayActs(each),
    // Its settings stay, so it comes last.
    ...proxyActs,
  ];
}
