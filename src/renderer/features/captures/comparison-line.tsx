import { hexText } from '#shared/text/bytes.ts';
import { IconCheck, IconX, type Icon } from '@tabler/icons-react';
import type { ComponentType, ReactNode } from 'react';
import { bytesText } from '../../base/size-format.ts';
import type { Meaning } from '../../ui/meaning.ts';
import type { ByteComparison } from './same-bytes.ts';

interface LineProps {
  readonly icon: Icon;
  readonly meaning: Meaning;
  readonly title: string;
  readonly children: ReactNode;
}

function byteText(byte: number | null): string {
  return byte === null ? 'nothing' : `0x${hexText([byte])}`;
}

/** Whether the captured body is the one that was sent, with the proof, in a line of the given shape. */
export function ComparisonLine({ comparison, as: Line }: { readonly comparison: ByteComparison; readonly as: ComponentType<LineProps> }) {
  if (comparison.kind === 'same')
    return (
      <Line icon={IconCheck} meaning="good" title="Same bytes as sent">
        {bytesText(comparison.bodyBytes)}, SHA-256 <code title={comparison.sha256Hex}>{comparison.sha256Hex.slice(0, 16)}…</code>
      </Line>
    );
  return (
    <Line icon={IconX} meaning="bad" title="Not the bytes that were sent">
      First difference at byte {comparison.offset}: sent {byteText(comparison.sentByte)}, received {byteText(comparison.receivedByte)}.{' '}
      {bytesText(comparison.sentBytes)} sent, {bytesText(comparison.receivedBytes)} received.
    </Line>
  );
}
