import { IconCheck, IconHelp, IconX, type Icon } from '@tabler/icons-react';
import type { ComponentType, ReactNode } from 'react';
import type { BodyComparison } from '#shared/contract/comparing.ts';
import { bytesText } from '../../base/size-format.ts';
import type { Meaning } from '../../ui/meaning.ts';

interface LineProps {
  readonly icon: Icon;
  readonly meaning: Meaning;
  readonly title: string;
  readonly children: ReactNode;
}

/** Whether the captured body is the one that was sent, with the proof, in a line of the given shape. */
export function ComparisonLine({ body, as: Line }: { readonly body: BodyComparison; readonly as: ComponentType<LineProps> }) {
  const { isSame, content, beforeBytes, afterBytes, afterSha256, firstDifference, rewrites, notes } = body;
  if (isSame)
    return (
      <Line icon={IconCheck} meaning="good" title="Same bytes as sent">
        {bytesText(beforeBytes ?? 0)}
        {afterSha256 !== null && (
          <>
            , SHA-256 <code title={afterSha256}>{afterSha256.slice(0, 16)}…</code>
          </>
        )}
      </Line>
    );
  if (firstDifference === null)
    return (
      <Line icon={IconHelp} meaning="waiting" title="Not compared whole">
        {notes[0]}
      </Line>
    );
  return (
    <Line
      icon={IconX}
      meaning="bad"
      title={content === 'same' ? 'The same content, but its bytes differ from those sent' : 'Not the bytes that were sent'}
    >
      {rewrites[0]?.sentence ?? `First difference at byte ${firstDifference.offset}.`} {bytesText(beforeBytes ?? 0)} sent,{' '}
      {bytesText(afterBytes ?? 0)} received.
    </Line>
  );
}
