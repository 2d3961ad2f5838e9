import { lazy, Suspense, useState } from 'react';
import classes from './code-editor.module.css';
import type { CodeEditorProps } from './editor-types.ts';

const LazyEditor = lazy(async () => ({ default: (await import('./monaco-code-editor.tsx')).MonacoCodeEditor }));

/**
 * A code editor, or a viewer without `onChange`, that fills its container. The editor itself comes in its own chunk;
 * until then the text stands where it will stand. While it has the focus, a line says how Tab leaves it.
 */
export function CodeEditor(props: CodeEditorProps) {
  const [isLeaving, setLeaving] = useState(false);
  return (
    <div className={classes.frame}>
      <Suspense fallback={<pre className={classes.waiting}>{props.value}</pre>}>
        <LazyEditor {...props} isLeaving={isLeaving} onLeaving={setLeaving} />
      </Suspense>
      {props.onChange !== undefined && (
        <p className={classes.hint} data-hint>
          {isLeaving ? 'Tab leaves the editor.' : 'Tab indents. Esc, then Tab leaves the editor.'}
        </p>
      )}
    </div>
  );
}
