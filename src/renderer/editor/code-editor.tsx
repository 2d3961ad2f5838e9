import { lazy, Suspense } from 'react';
import classes from './code-editor.module.css';
import type { CodeEditorProps } from './editor-types.ts';

const LazyEditor = lazy(async () => ({ default: (await import('./monaco-code-editor.tsx')).MonacoCodeEditor }));

/**
 * A code editor, or a viewer without `onChange`, that fills its container. The editor itself comes in its own chunk;
 * until then the text stands where it will stand.
 */
export function CodeEditor(props: CodeEditorProps) {
  return (
    <div className={classes.frame}>
      <Suspense fallback={<pre className={classes.waiting}>{props.value}</pre>}>
        <LazyEditor {...props} />
      </Suspense>
    </div>
  );
}
