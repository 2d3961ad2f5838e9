// Plain JavaScript that any Node can read: it runs before the TypeScript of the checkout and says what to do when that would fail.
if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(
    `Hookyard needs Node 24 or newer, and this is Node ${process.versions.node} (${process.execPath}). ` +
      'Run "npm ci" and then the npm script, such as "npm start": the scripts bring their own Node 24. ' +
      'If you did, the install script of the package "node" was not allowed to run: "npm rebuild node" runs it.\n',
  );
  process.exit(2);
}
