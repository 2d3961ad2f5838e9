import { createChunk, LazyView } from '../ui/lazy-view.tsx';
import classes from './code-editor.module.css';
import type { DiffViewerProps } from './editor-types.ts';

const viewer = createChunk(async () => (await import('./monaco-diff-viewer.tsx')).MonacoDiffViewer);

/** Two texts beside each other with what differs marked; it fills its container, and comes in the chunk of the editor. */
export function DiffViewer(props: DiffViewerProps) {
  return (
    <div className={classes.frame}>
      <LazyView chunk={viewer} props={props} fallback={<pre className={classes.waiting}>{props.after}</pre>} />
    </div>
  );
}
