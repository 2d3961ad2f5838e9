import { useState } from 'react';
import { createChunk, LazyView } from '../ui/lazy-view.tsx';
import classes from './code-editor.module.css';
import type { CodeEditorProps } from './editor-types.ts';

const editor = createChunk(async () => (await import('./monaco-code-editor.tsx')).MonacoCodeEditor);

/**
 * A code editor, or a viewer without `onChange`, that fills its container. The editor itself comes in its own chunk;
 * until then the text stands where it will stand. While it has the focus, a line says how Tab leaves it.
 */
export function CodeEditor(props: CodeEditorProps) {
  const [isLeaving, setLeaving] = useState(false);
  return (
    <div className={classes.frame}>
      <LazyView
        chunk={editor}
        props={{ ...props, isLeaving, onLeaving: setLeaving }}
        fallback={<pre className={classes.waiting}>{props.value}</pre>}
      />
      {props.onChange !== undefined && (
        <p className={classes.hint} data-hint>
          {isLeaving ? 'Tab leaves the editor.' : 'Tab indents. Esc, then Tab leaves the editor.'}
        </p>
      )}
    </div>
  );
}
