#!/usr/bin/env node
// Plain old JavaScript, and nothing imported before the check: with an older Node the store's native
// module crashes the process, and newer syntax would not even parse.
const [major, minor] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  import('../dist/compile-cache.js')
    .then(({ cacheCompiledCode }) => {
      cacheCompiledCode();
      return import('../dist/main.js');
    })
    .then(
      ({ main }) => main(process.argv.slice(2)),
      (error) => fail(`cannot start: ${error.message.split('\n')[0]}`),
    );
} else {
  fail(
    `Tasked needs Node.js 22.18 or newer, and this is ${process.versions.node} (${process.execPath}). ` +
      'Install a newer one from https://nodejs.org, or let npm fetch it for one run: ' +
      'npx -p node@24 -p @tasked/stdio tasked-stdio',
  );
}

function fail(message) {
  process.stderr.write(`tasked-stdio: ${message}\n`);
  process.exitCode = 1;
}
