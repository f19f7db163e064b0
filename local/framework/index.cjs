'use strict';

/**
 * The plugin's entry, in JavaScript: an old Node.js would stop at the first type annotation with a
 * SyntaxError, and here it can be told what is wrong. CommonJS, because the framework requires it.
 */
const [major = 0] = process.versions.node.split('.').map(Number);

if (major < 24) {
  console.error(
    `The local runtime needs Node.js 24 or newer, and this is ${process.version}.\n` +
      'npm scripts and npx use the Node.js that this project installs: npm start, npx sls …',
  );
  process.exit(1);
}

module.exports = require('./plugin.ts').default;
