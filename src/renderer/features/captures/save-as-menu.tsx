import { Button, Menu } from '@mantine/core';
import { IconAnchor, IconChevronDown, IconCode, IconReplace, IconTag, IconTagPlus, IconTerminal2, IconTestPipe } from '@tabler/icons-react';
import { useState } from 'react';
import type { Capture } from '#shared/contract/captures.ts';
import type { Bin } from '#shared/contract/bins.ts';
import { useKeys, useSession } from '../../stores/session.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import type { RunSource } from '../runs/run-source.ts';
import { SaveRun } from '../runs/save-run.tsx';
import { ProposeProfile } from './propose-profile.tsx';
import { SaveAnswer } from './save-answer.tsx';
import { SaveSample } from './save-sample.tsx';
import { SaveTest } from './save-test.tsx';

interface SaveAsMenuProps {
  readonly capture: Capture;
  readonly bin: Bin;
  /** Several are picked, on which its key acts. */
  readonly arePicked: boolean;
  readonly onCopyCurl: () => void;
  /** It was copied a moment ago. */
  readonly isCopied: boolean;
}

type Dialog = 'sample' | 'answer' | 'test' | 'profile';

/** Everything that a captured request can be kept as. */
export function SaveAsMenu({ capture, bin, arePicked, onCopyCurl, isCopied }: SaveAsMenuProps) {
  const { router } = useSession();
  const [isOpen, setOpen] = useState(false);
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const [source, setSource] = useState<RunSource | null>(null);
  useKeys(arePicked ? {} : { s: () => setOpen(true) });
  const close = () => setDialog(null);
  return (
    <>
      <Menu opened={isOpen} onChange={setOpen} position="bottom-start" width={230} returnFocus>
        <Menu.Target>
          <Button
            size="compact-xs"
            variant="default"
            rightSection={<IconChevronDown size={12} aria-hidden />}
            {...(!arePicked && { title: 's' })}
          >
            {isCopied ? 'Copied' : 'Save as'}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconTag size={14} />} onClick={() => setDialog('sample')}>
            Sample of an event type
          </Menu.Item>
          <Menu.Item
            leftSection={<IconTagPlus size={14} />}
            onClick={() => router.go({ area: 'events', id: 'new', query: { capture: capture.id } })}
          >
            New event type
          </Menu.Item>
          <Menu.Item leftSection={<IconReplace size={14} />} onClick={() => setDialog('answer')}>
            Answer of a bin
          </Menu.Item>
          <Menu.Item leftSection={<IconCode size={14} />} onClick={() => setDialog('test')}>
            Test file
          </Menu.Item>
          <Menu.Item leftSection={<IconTestPipe size={14} />} onClick={() => setSource({ captureIds: [capture.id] })}>
            Test of the project
          </Menu.Item>
          <Menu.Item leftSection={<IconAnchor size={14} />} onClick={() => setDialog('profile')}>
            Profile
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<IconTerminal2 size={14} />} rightSection={<KeyHint keys="c" />} onClick={onCopyCurl}>
            {capture.isBodyTruncated ? 'Copy as curl (body is cut)' : 'Copy as curl'}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <SaveSample capture={capture} isOpen={dialog === 'sample'} onClose={close} />
      <SaveAnswer capture={capture} bin={bin} isOpen={dialog === 'answer'} onClose={close} />
      <SaveTest capture={capture} isOpen={dialog === 'test'} onClose={close} />
      <SaveRun source={source} name={bin.slug} onClose={() => setSource(null)} />
      <ProposeProfile captureId={capture.id} isOpen={dialog === 'profile'} onClose={close} />
    </>
  );
}
